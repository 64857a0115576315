"""The second step of signing in, for accounts that have a second factor: code, passkey, or paper.

Between the steps the signed cookie says whose password was right; that alone opens no page.
"""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import get_locale, ngettext
from werkzeug.wrappers import Response as BaseResponse

from accounts import notifications, queries
from accounts.forms import CodeForm, RecoveryForm
from accounts.models import SecondFactor, User
from accounts.routes import presence
from accounts.routes.limits import tries
from accounts.routes.passkeys import json_answer, place
from accounts.second_factors import locked, wrong_code, wrong_passkey
from accounts.services import passkeys
from accounts.services import second_factors as services
from accounts.services.second_factors import Shown
from core import access, clock, responses, slots
from core.database import db

bp = Blueprint("second_step", __name__)


@bp.get("/login/second-step")
@access.public
def show() -> BaseResponse:
    """Asks for the code, or for the passkey."""
    half = presence.halfway(clock.now())
    return _code_page(half[0], CodeForm()) if half else _begin_again()


@bp.post("/login/second-step")
@access.public
@tries
def take_code() -> BaseResponse:
    """Signs in with the code of an app."""
    at = clock.now()
    half = presence.halfway(at)
    if half is None:
        return _begin_again()
    person, remember = half
    form = CodeForm()
    if not form.validate():
        return _code_page(person, form, status=422)
    shown = services.show_code(person, form.code.data, at=at, locale=_locale())
    if shown is Shown.RIGHT:
        return _arrive(person, remember)
    return _not_taken(person, form, shown, _code_page)


@bp.get("/login/recovery")
@access.public
def recovery() -> BaseResponse:
    """Asks for one of the codes on paper."""
    half = presence.halfway(clock.now())
    return _recovery_page(half[0], RecoveryForm()) if half else _begin_again()


@bp.post("/login/recovery")
@access.public
@tries
def take_recovery_code() -> BaseResponse:
    """Signs in with a code on paper, and leads to where a new factor is set up."""
    at = clock.now()
    half = presence.halfway(at)
    if half is None:
        return _begin_again()
    person, remember = half
    form = RecoveryForm()
    if not form.validate():
        return _recovery_page(person, form, status=422)
    shown = services.show_recovery_code(person, form.recovery_code.data, at=at, locale=_locale())
    if shown is not Shown.RIGHT:
        return _not_taken(person, form, shown, _recovery_page)
    notifications.ask_for("recovery_code_used", person.email, at=at, locale=_locale())
    answer = _arrive(person, remember, then=url_for("accounts.second_factors.show"))
    left = queries.recovery_codes_left(person.id)
    words = ngettext(
        "That code is used up. You have %(num)s left.",
        "That code is used up. You have %(num)s left.",
        left,
    )
    flash(words, "good")
    return answer


@bp.post("/login/passkey/options")
@access.public
@tries
def ask_passkey() -> BaseResponse:
    """What the browser shall sign; a new one each time."""
    at = clock.now()
    half = presence.halfway(at)
    if half is None:
        return json_answer("{}", status=409)
    options = passkeys.ask_to_sign(half[0], place(), at=at)
    db.session.commit()
    return json_answer(options)


@bp.post("/login/passkey")
@access.public
@tries
def take_passkey() -> BaseResponse:
    """Signs in with what a passkey signed."""
    at = clock.now()
    half = presence.halfway(at)
    if half is None:
        return _begin_again()
    person, remember = half
    if passkeys.show(person, request.form.get("credential", ""), place(), at=at):
        return _arrive(person, remember)
    db.session.commit()
    form = CodeForm(formdata=None)
    form.refused(wrong_passkey())
    return _code_page(person, form, status=422)


def _arrive(person: User, remember: bool, then: str = "") -> BaseResponse:
    wanted = then or presence.wanted_page()
    presence.arrive(person, remember=remember, confirmed=True, at=clock.now())
    db.session.commit()
    return responses.private(responses.see_other(wanted))


def _not_taken(person: User, form: Any, shown: Shown, page: Any) -> BaseResponse:
    """Says how many tries are left, or until when there are none; that was counted."""
    factor = services.factor_row(person)
    left = services.TRIES - factor.failures
    until = factor.locked_until
    db.session.commit()
    form.refused(locked(until) if shown is Shown.LOCKED else wrong_code(left))
    response: BaseResponse = page(person, form, status=form.refusal.status)
    if until is not None and shown is Shown.LOCKED:
        response.headers["Retry-After"] = str(max(1, int((until - clock.now()).total_seconds())))
    return response


def _begin_again() -> BaseResponse:
    return responses.see_other(url_for("security.login", next=presence.wanted_page()))


def _code_page(person: User, form: CodeForm, status: int = 200) -> Response:
    factor = queries.second_factor_of(person.id)
    page = responses.page(
        "accounts/second_step/code.html",
        status=status,
        form=form,
        has_app=factor is not None and factor.app_secret is not None,
        has_passkey=bool(queries.passkeys_of(person.id)),
        next=presence.wanted_page(),
        demo_code=_demo_code(person, factor),
    )
    return responses.private(page)


def _recovery_page(_person: User, form: RecoveryForm, status: int = 200) -> Response:
    page = responses.page(
        "accounts/second_step/recovery.html",
        status=status,
        form=form,
        next=presence.wanted_page(),
    )
    return responses.private(page)


def _demo_code(person: User, factor: SecondFactor | None) -> str:
    """In a demonstration, the code that an invented member of staff would read off her app."""
    after = factor.last_counter if factor else 0
    found = slots.call("demo_code", person.email, after, clock.now())
    return next((code for code in found if code), "")


def _locale() -> str:
    return str(get_locale())
