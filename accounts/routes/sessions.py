"""Signing in, out, and in once more: the library's views, held to the rules of the house.

`security.login`, `security.logout` and `security.verify` are the library's names for them.
"""

from typing import Any

from flask import Blueprint, flash, make_response, request, session, url_for
from flask_babel import gettext
from flask_login import current_user
from flask_security import logout_user, views
from werkzeug.wrappers import Response as BaseResponse

from accounts import queries
from accounts.forms import is_local_path
from accounts.routes.limits import tries, tries_per_address
from accounts.services import people
from core import access, responses
from core.database import db

bp = Blueprint("sessions", __name__)

# What signing in and staying signed in need. All else a session held belongs to who was there
# before, and goes with her: a receipt of hers must not wait for the next person at the desk.
KEPT = {"_user_id", "_fresh", "_id", "_remember", "_remember_seconds", "fs_cc", "fs_paa"}


@access.public
@tries
@tries_per_address
def sign_in() -> BaseResponse:
    """The sign-in page, and signing in: with a session that begins anew."""
    before = current_user.is_authenticated
    response: BaseResponse = make_response(views.login())
    if request.method == "POST" and not before and current_user.is_authenticated:
        _renew_session()
        response = responses.see_other(_wanted_page())
    return _private(response)


@access.signed_in
def sign_out() -> BaseResponse:
    """Signs out here; nothing of this person stays in the browser."""
    logout_user()
    _renew_session()
    flash(gettext("You are signed out."), "good")
    return responses.see_other(url_for("app.index"))


@access.signed_in
@tries
def ask_again() -> BaseResponse:
    """Asks for the password before something that matters."""
    response: BaseResponse = make_response(views.verify())
    if request.method == "POST" and response.status_code == 302:
        response = responses.see_other(_wanted_page())
    return _private(response)


@bp.post("/account/sessions/ending")
@access.signed_in
def end_all() -> BaseResponse:
    """Signs out everywhere, this device too."""
    people.end_sessions(queries.account(current_user.id))
    db.session.commit()
    logout_user()
    _renew_session()
    flash(gettext("You are signed out on all devices."), "good")
    return responses.see_other(url_for("security.login"))


def render(template: str, **context: Any) -> BaseResponse:
    """How the library shows its pages: a form with mistakes is answered with 422."""
    forms = [each for each in context.values() if hasattr(each, "all_errors")]
    wrong = request.method == "POST" and any(form.all_errors or form.refusal for form in forms)
    return responses.page(template, status=422 if wrong else 200, **context)


def _wanted_page() -> str:
    """Where the person was going when we asked her to sign in; never to another site."""
    wanted = request.form.get("next") or request.args.get("next")
    return wanted if wanted and is_local_path(wanted) else url_for("app.index")


def _renew_session() -> None:
    for key in set(session) - KEPT:
        session.pop(key)


def _private(response: BaseResponse) -> BaseResponse:
    response.headers["Cache-Control"] = "no-store"
    return response
