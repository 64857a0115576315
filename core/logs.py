"""Logs: one structured line per event. Voting is logged without person, address or exact time."""

import logging
import sys
from collections.abc import MutableMapping
from time import perf_counter
from typing import Any

import structlog
from flask import Flask, Response, g, request

from config import Settings

log = structlog.get_logger("web")
BALLOT_BOX = ("voting.ballots", "voting.checks", "voting.receipts", "voting.entrance")


def init_app(app: Flask, settings: Settings) -> None:
    renderer: Any = structlog.dev.ConsoleRenderer(colors=False)
    if settings.log_format == "json":
        renderer = structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            blur_voting,
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    app.before_request(_start)
    app.after_request(_finish)


def blur_voting(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Any:
    """Keeps the minute of what is done at the ballot box, not the moment."""
    if at_the_box(event.get("endpoint")):
        event["timestamp"] = f"{str(event.get('timestamp', ''))[:16]}Z"
    return event


def _start() -> None:
    g.started = perf_counter()


def _finish(response: Response) -> Response:
    """One line per request that changed something or failed; never what was sent, nor by whom."""
    noteworthy = request.method not in {"GET", "HEAD"} or response.status_code >= 500
    if noteworthy and request.endpoint != "static":
        voting = at_the_box(request.endpoint)
        log.info(
            "request",
            endpoint=request.endpoint,
            method=request.method,
            status=response.status_code,
            path=None if voting else _path(),
            ms=None if voting else round((perf_counter() - g.get("started", 0.0)) * 1000),
        )
    return response


def at_the_box(endpoint: str | None) -> bool:
    """Whether a route is one where ballots are marked and cast, of which no trace is kept."""
    return (endpoint or "").startswith(BALLOT_BOX)


def _path() -> str:
    """The address; of one that holds a link's token, which opens an account, only its pattern."""
    if "token" in (request.view_args or {}):
        return str(request.url_rule)
    return request.path
