"""Signing in, out, and in once more, and the list of where one is signed in.

`security.login`, `security.logout` and `security.verify` are the library's names for them.
"""

from typing import Any

from flask import Blueprint, Response, current_app, flash, make_response, redirect, request, url_for
from flask_babel import gettext
from flask_login import current_user
from flask_security import views
from werkzeug.wrappers import Response as BaseResponse

from accounts import queries
from accounts.forms import SignInForm
from accounts.models import User
from accounts.routes import presence
from accounts.routes.limits import tries, tries_per_address
from accounts.services import people
from accounts.services import sessions as services
from core import access, clock, responses, slots
from core.database import db, only_reading

bp = Blueprint("sessions", __name__)


@access.public
@tries
@tries_per_address
def sign_in() -> BaseResponse:
    """The sign-in page, and signing in: with a session that begins anew."""
    if current_user.is_authenticated:
        return redirect(presence.wanted_page())
    form = SignInForm()
    if request.method != "POST":
        return _sign_in_page(form)
    person, at = _whose_password(form), clock.now()
    if person is None:
        return _sign_in_page(form, status=422)
    if queries.has_second_factor(person.id):
        presence.come_halfway(person, remember=form.remember.data, at=at)
        db.session.commit()
        return responses.see_other(
            url_for("accounts.second_step.show", next=presence.wanted_page())
        )
    presence.arrive(person, remember=form.remember.data, confirmed=False, at=at)
    db.session.commit()
    return responses.private(responses.see_other(presence.wanted_page()))


@access.signed_in
def sign_out() -> BaseResponse:
    """Signs out here; nothing of this person stays in the browser, and no copy of it is good."""
    presence.leave()
    db.session.commit()
    flash(gettext("You are signed out."), "good")
    return responses.see_other(url_for("app.index"))


@access.signed_in
@tries
def ask_again() -> BaseResponse:
    """Asks for the password before something that matters."""
    response: BaseResponse = make_response(views.verify())
    if request.method == "POST" and response.status_code == 302:
        response = responses.see_other(presence.wanted_page())
    return responses.private(response)


@bp.get("/account/sessions")
@access.signed_in
def index() -> Response:
    """Where this person is signed in."""
    lines = [
        {"row": row, "here": presence.is_this_one(row), "device": presence.device_words(row.device)}
        for row in queries.sessions_of(current_user.id, clock.now())
    ]
    page = responses.page("accounts/sessions.html", lines=lines)
    return responses.private(page)


@bp.post("/account/sessions/<ref>/ending")
@access.signed_in
def end_one(ref: str) -> BaseResponse:
    """Signs one device out. What is over already stays so."""
    services.end_one(queries.account(current_user.id), ref)
    db.session.commit()
    flash(gettext("That device is signed out."), "good")
    return responses.see_other(url_for("accounts.sessions.index"))


@bp.post("/account/sessions/ending")
@access.signed_in
def end_all() -> BaseResponse:
    """Signs out everywhere, this device too."""
    people.end_sessions(queries.account(current_user.id))
    presence.leave()
    db.session.commit()
    flash(gettext("You are signed out on all devices."), "good")
    return responses.see_other(url_for("security.login"))


def render(template: str, **context: Any) -> BaseResponse:
    """How the library shows its page: a form with mistakes is answered with 422."""
    forms = [each for each in context.values() if hasattr(each, "all_errors")]
    wrong = request.method == "POST" and any(form.all_errors or form.refusal for form in forms)
    return responses.page(template, status=422 if wrong else 200, **context)


def _whose_password(form: SignInForm) -> User | None:
    """Who signs in with this address and password, or nobody.

    Working a password out takes as long as a dozen ballots, so that nobody who wants to write waits
    for it. What was found holds as long as the account has the same mark: it gets another one with
    another password.
    """
    with only_reading():
        person = form.user if form.validate() else None
        if person is None:
            return None
        mark, hashed = person.fs_uniquifier, person.password
        db.session.expire(person)
        db.session.commit()
    person = queries.account_marked(mark)
    if person is not None:
        person.password = hashed  # worked out anew, where it was kept in an older way
    return person


def _sign_in_page(form: SignInForm, status: int = 200) -> Response:
    """In a demonstration, with those who can be tried out."""
    offered: list[dict[str, str]] = []
    if current_app.config["SETTINGS"].demo:
        offered = [line for part in slots.call("demo_sign_ins") for line in part]
    page = responses.page("accounts/sign_in.html", status=status, form=form, demo_sign_ins=offered)
    return responses.private(page)
