"""When a ballot could not be cast: the reason in words, and the ranking shown again.

Whoever ranked on a telephone in a tram shall not do it twice because a session ended or a disk was
busy. What was sent comes back on the page itself; it stands in no address, cookie, log or table.
"""

from urllib.parse import urlsplit

import structlog
from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy import exc
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import NotFound, Unauthorized

from core import access, htmx, responses
from core.database import db, only_reading
from core.refusals import Refusal
from voting.link_keys import LinkKeyMissing
from voting.log_keys import LogKeyMissing
from voting.queries.ballots import contest_with_paper
from voting.routes import ballot_pages as pages
from voting.routes import standing_pages, voters
from voting.services.box import NotDurable

log = structlog.get_logger("voting")
CAST = "voting.ballots.cast"


class OutcomeUnknown(RuntimeError):
    """The connection broke while a ballot was being committed: it is in the box, or it is not."""


def handle(bp: Blueprint) -> None:
    """Answers, for the routes of the ballot, what the roof would answer without the ranking."""
    bp.register_error_handler(Unauthorized, _signed_out)
    bp.register_error_handler(CSRFError, _page_too_old)
    for error in (LinkKeyMissing, LogKeyMissing, NotDurable, OperationalError):
        bp.register_error_handler(error, _out_of_reach)
    bp.register_error_handler(OutcomeUnknown, _unsure)


def commit() -> None:
    """Commits a ballot, cast or kept. Raises OutcomeUnknown where nobody can tell whether it was:
    a database that dies may have stored it and not come to say so."""
    try:
        db.session.commit()
    except OperationalError as error:
        if error.connection_invalidated:
            raise OutcomeUnknown from error
        raise


def keep(refusal: Refusal, *, retry: str = "", sign_in: bool = False) -> Response:
    """The refusal, with the ranking that was sent. `retry`: what the button below does, if any.

    Nothing is written, so that the page appears even while the database takes no writes. A page
    that keeps what is marked while it is open gets the reason alone: it shows the ranking.
    """
    db.session.rollback()
    if htmx.asked():
        return standing_pages.show_refusal(refusal)
    with only_reading():
        contest = contest_with_paper((request.view_args or {}).get("contest_ref", ""))
        if contest is None:
            # An error page in the making cannot raise: nobody would be left to answer.
            return current_app.make_response(current_app.handle_http_exception(NotFound()))
        refs = request.form.getlist("ranking") if _sent_from_here() else []
        return pages.show_kept(
            pages.lay_out(contest),
            refs,
            refusal,
            key=request.form.get("key", ""),
            retry=retry,
            sign_in=sign_in,
        )


def foreign_key() -> Refusal:
    """A form whose idempotency key was not made for this person and contest."""
    return Refusal(
        "foreign_form_key",
        400,
        gettext("This page was not made for you, or is too old. No ballot was cast."),
        gettext("Look at your ranking and cast it again from here."),
    )


def _signed_out(_error: Exception) -> Response:
    sentence = gettext("You are not signed in any more. No ballot was cast.")
    next_step = gettext("Your ranking stands on this page. Sign in, then go on with it.")
    return keep(Refusal("signed_out", 401, sentence, next_step), retry="review", sign_in=True)


def _page_too_old(error: CSRFError) -> Response:
    if voters.holder() is None:
        return _signed_out(error)  # With the session, its token went too.
    sentence = gettext(
        "This page was open too long, or was not opened here."
        " Nothing was changed, and no ballot was cast."
    )
    next_step = gettext("Look at your ranking and go on with it.")
    return keep(Refusal("page_too_old", 400, sentence, next_step), retry="review")


def _out_of_reach(error: Exception) -> Response:
    log.error("ballot box out of reach", reason=type(error).__name__)
    sentence = gettext("The ballot box cannot be reached right now. Your ballot was not counted.")
    next_step = gettext("Your ranking stands on this page. Please try again in a minute.")
    return _again_later(Refusal("out_of_reach", 503, sentence, next_step))


def _unsure(error: Exception) -> Response:
    log.error("nobody knows whether a ballot was stored", reason=repr(error.__cause__))
    sentence = gettext(
        "The connection to the ballot box broke while your ballot was being stored."
        " It may be in the box, or not."
    )
    next_step = gettext(
        "Your ranking stands on this page. Please try again in a minute: it is counted once."
    )
    return _again_later(Refusal("outcome_unknown", 503, sentence, next_step))


def _again_later(refusal: Refusal) -> Response:
    retry = "cast" if request.endpoint == CAST else "review"
    try:
        response = keep(refusal, retry=retry)
    except (OperationalError, exc.TimeoutError):
        if request.method != "POST":
            raise
        response = _keep_unread(refusal, retry)
    response.headers["Retry-After"] = "30"
    return response


def _keep_unread(refusal: Refusal, retry: str) -> Response:
    """The same where not even the names of the projects can be read: the ranking is in the form."""
    access.forget_reader()
    contest_ref = (request.view_args or {})["contest_ref"]
    return responses.private(
        responses.page(
            "voting/ballots/held.html",
            status=refusal.status,
            refs=request.form.getlist("ranking") if _sent_from_here() else [],
            key=request.form.get("key", ""),
            refusal=refusal,
            retry_url=url_for(f"voting.ballots.{retry}", contest_ref=contest_ref),
            retry_casts=retry == "cast",
        )
    )


def _sent_from_here() -> bool:
    """Whether a page of ours sent the form: a ranking made elsewhere is not shown as one's own."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host
