"""Error pages: what happened, what was kept, what to do. What was typed is shown back."""

from typing import Any

import structlog
from flask import Flask, Response, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from werkzeug.exceptions import HTTPException, SecurityError

from app.error_words import words_for
from core import access, htmx, responses
from core.database import db
from core.refs import new_ref
from core.refusals import Refusal, Refused
from core.text import clean_line, clean_text

log = structlog.get_logger("web")
RETRY_AFTER_SECONDS = 10
# What must not stand on a screen, and what nobody typed.
HIDDEN = frozenset(
    {"password", "current", "register_id", "ranking", "code", "proof", "mobile"}
    | {"csrf_token", "key", "form_key", "act", "next", "version", "website"}
)


def init_app(app: Flask) -> None:
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(CSRFError, _page_too_old)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(exc.OperationalError, _database_away)
    app.register_error_handler(exc.TimeoutError, _database_away)
    app.register_error_handler(Exception, _broken)


def _refused(error: Refused) -> Response:
    db.session.rollback()
    return _answer(error.refusal)


def _page_too_old(_error: CSRFError) -> Response:
    sentence = gettext("This page was open too long, or was not opened here. Nothing was changed.")
    next_step = gettext("Go back, reload the page and send it again. What you typed is below.")
    return _answer(Refusal("page_too_old", 400, sentence, next_step))


def _foreign_host(_error: SecurityError) -> Response:
    """For a host name that is not ours no address can be written, and so no page be shown."""
    return Response("This server does not answer to that name.\n", 400, mimetype="text/plain")


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if error.code == 500:
        return _unexpected(getattr(error, "original_exception", None) or error)
    db.session.rollback()
    sentence, next_step = words_for(error.code, new_ref())
    response = _answer(Refusal(f"http_{error.code}", error.code, sentence, next_step))
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def _unexpected(error: Exception) -> Response:
    """What nobody was there to answer, or what broke while a room was answering."""
    away = isinstance(error, exc.OperationalError | exc.TimeoutError)
    return _database_away(error) if away else _broken(error)


def _database_away(error: Exception) -> Response:
    """The database is busy for too long, full, or gone: nothing was written, and it may pass."""
    log.error("database away", endpoint=request.endpoint, error=repr(error))
    response = _answer_without_database(503, "database_away", "")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _broken(error: Exception) -> Response:
    reference = new_ref()
    log.error("request failed", reference=reference, endpoint=request.endpoint, exc_info=error)
    return _answer_without_database(500, "broken", reference)


def _answer_without_database(status: int, code: str, reference: str) -> Response:
    """The page asks nothing of what may be broken, not even who is reading it."""
    sentence, next_step = words_for(status, reference)
    try:
        db.session.rollback()
        access.forget_reader()
        return _answer(Refusal(code, status, sentence, next_step))
    except Exception:
        log.exception("error page failed")
        plain = Response(f"{sentence} {next_step}\n", status, mimetype="text/plain")
        return responses.private(plain)


def _answer(refusal: Refusal) -> Response:
    kept = [] if refusal.status == 413 else _kept()
    if htmx.asked():
        response = responses.page(
            "app/error_fragment.html", status=refusal.status, refusal=refusal, kept=kept
        )
        response.headers["HX-Retarget"] = "#notices"
        response.headers["HX-Reswap"] = "innerHTML"
    else:
        response = responses.page(
            "app/error.html", status=refusal.status, refusal=refusal, kept=kept
        )
    return responses.private(response)


def _kept() -> list[tuple[str, str]]:
    """What the reader typed, so that it can be copied; never passwords or ballots."""
    if request.method != "POST" or (request.endpoint or "").startswith("voting.ballots"):
        return []
    try:
        fields: Any = request.form.items(multi=True)
        typed = [(name, clean_text(value)) for name, value in fields if name not in HIDDEN]
        return [(clean_line(name), text) for name, text in typed if text]
    except HTTPException:
        return []
