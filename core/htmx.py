"""htmx, behind one small module: nothing else imports the library that reads its headers.

The library overwrites the request class and refuses some swap styles; both are mended here.
"""

from typing import Any

from flask import Flask, Response, make_response, request
from htmx_flask import Htmx
from htmx_flask.requests import HtmxAwareRequest

_htmx = Htmx()


class AppRequest(HtmxAwareRequest):
    """A request that knows htmx, with limits on what a form may hold."""

    max_form_parts = 1_000


def init_app(app: Flask) -> None:
    _htmx.init_app(app)
    app.request_class = AppRequest
    app.after_request(_vary)


def asked() -> bool:
    """Whether the request came from htmx for a fragment of the page."""
    state: Any = getattr(request, "htmx", None)
    return bool(state) and not state.history_restore_request and not state.boosted


def redirect_to(url: str, status: int = 204) -> Response:
    """Tells htmx to leave the page for another."""
    response = make_response("", status)
    response.headers["HX-Redirect"] = url
    return response


def _vary(response: Response) -> Response:
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    return response
