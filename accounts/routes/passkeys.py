"""Passkeys in the account: the browser is asked for a key, and sends its public half."""

from flask import Blueprint, Response, current_app, flash, make_response, request, session, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from accounts import notifications, permissions, queries
from accounts.passkeys import Place
from accounts.routes import presence
from accounts.routes.limits import tries
from accounts.second_factors import wrong_passkey
from accounts.services import passkeys
from core import access, clock, responses
from core.database import db
from core.refusals import refuse, refuse_if

bp = Blueprint("passkeys", __name__)


@bp.post("/account/second-factor/passkeys/options")
@access.signed_in
@tries
def ask() -> BaseResponse:
    """What the browser needs to make a key; nobody gets it who has not typed her password."""
    if presence.ask_again_if_long_ago("") is not None:
        return json_answer("{}", status=409)
    person = queries.account(current_user.id)
    options = passkeys.ask_for_new(person, place(), at=clock.now())
    db.session.commit()
    return json_answer(options)


@bp.post("/account/second-factor/passkeys")
@access.signed_in
@tries
def add() -> BaseResponse:
    """Adds the key that the browser made."""
    stale = presence.ask_again_if_long_ago(url_for("accounts.second_factors.show"))
    if stale is not None:
        return stale
    person, at = queries.account(current_user.id), clock.now()
    is_first, remember = not queries.has_second_factor(person.id), session.permanent
    answer, device = request.form.get("credential", ""), presence.this_device()
    if not passkeys.add(person, answer, place(), device, at=at):
        db.session.commit()
        refuse(wrong_passkey())
    presence.arrive(person, remember=remember, confirmed=True, at=at)
    tell(person.email)
    db.session.commit()
    flash(gettext("Your passkey is set up. From now on you are asked for it."), "good")
    following = "recovery_codes" if is_first else "show"
    wanted = request.form.get("next", "")
    return responses.see_other(url_for(f"accounts.second_factors.{following}", next=wanted or None))


@bp.post("/account/second-factor/passkeys/<ref>/removal")
@access.signed_in
@tries
def remove(ref: str) -> BaseResponse:
    """Takes a passkey away."""
    stale = presence.ask_again_if_long_ago(url_for("accounts.second_factors.show"))
    if stale is not None:
        return stale
    person = queries.account(current_user.id)
    row = queries.passkey_by_ref(person.id, ref)
    if row is None:
        raise NotFound
    refuse_if(permissions.why_not_remove_factor(person, needed=presence.roles_needing()))
    passkeys.remove(person, row, at=clock.now())
    tell(person.email)
    db.session.commit()
    flash(gettext("The passkey is taken away."), "good")
    return responses.see_other(url_for("accounts.second_factors.show"))


def place() -> Place:
    """The house as this browser sees it; only names that we answer to come this far."""
    return Place(request.host_url.rstrip("/"), current_app.config["SETTINGS"].site_name)


def json_answer(text: str, status: int = 200) -> Response:
    answer = make_response(text, status)
    answer.mimetype = "application/json"
    return responses.private(answer)


def tell(address: str) -> None:
    """Writes to the owner that something about her second factor changed."""
    locale = str(get_locale())
    notifications.ask_for("second_factor_changed", address, at=clock.now(), locale=locale)
