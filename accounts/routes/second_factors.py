"""The second factor in the account: what there is, an app, and codes on paper."""

from flask import Blueprint, Response, flash, request, session, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts import code_app, permissions, queries
from accounts.forms import CodeForm
from accounts.routes import presence
from accounts.routes.limits import tries
from accounts.routes.passkeys import tell
from accounts.services import second_factors as services
from core import access, clock, responses
from core.database import db
from core.refusals import refuse_if

bp = Blueprint("second_factors", __name__)
NEW_SECRET = "new_app"  # noqa: S105  (the name under which the cookie holds it, encrypted)


@bp.get("/account/second-factor")
@access.signed_in
def show() -> Response:
    """What this account shows beside its password, and what can be set up."""
    person = queries.account(current_user.id)
    factor = queries.second_factor_of(person.id)
    page = responses.page(
        "accounts/second_factors/show.html",
        app_since=factor.app_since if factor else None,
        passkeys=[
            {"row": row, "device": presence.device_words(row.device)}
            for row in queries.passkeys_of(person.id)
        ],
        codes_left=queries.recovery_codes_left(person.id),
        asleep=any(map(person.holds_role, person.roles_asleep)),
        next=_wanted(),
    )
    return responses.private(page)


@bp.get("/account/second-factor/app")
@access.signed_in
def new_app() -> BaseResponse:
    """Shows a new secret, which waits in the browser, encrypted, until its first code is typed."""
    here = url_for("accounts.second_factors.new_app", next=_wanted() or None)
    return presence.ask_again_if_long_ago(here) or _app_page(CodeForm())


@bp.post("/account/second-factor/app")
@access.signed_in
@tries
def set_up_app() -> BaseResponse:
    """Takes the app into use with its first code."""
    here = url_for("accounts.second_factors.new_app", next=_wanted() or None)
    stale = presence.ask_again_if_long_ago(here)
    if stale is not None:
        return stale
    form = CodeForm()
    if not form.validate():
        return _app_page(form, status=422)
    person, at, remember = queries.account(current_user.id), clock.now(), session.permanent
    is_first = not queries.has_second_factor(person.id)
    if not services.set_up_app(person, _waiting_secret(), form.code.data, at=at):
        db.session.rollback()
        form.code.errors = [gettext("This is not the code that the app shows now. Type it again.")]
        return _app_page(form, status=422)
    presence.arrive(person, remember=remember, confirmed=True, at=at)
    tell(person.email)
    db.session.commit()
    flash(gettext("Your app is set up. From now on you are asked for its code."), "good")
    following = "recovery_codes" if is_first else "show"
    return responses.see_other(
        url_for(f"accounts.second_factors.{following}", next=_wanted() or None)
    )


@bp.post("/account/second-factor/app/removal")
@access.signed_in
@tries
def remove_app() -> BaseResponse:
    """Takes the app out of use."""
    stale = presence.ask_again_if_long_ago(url_for("accounts.second_factors.show"))
    if stale is not None:
        return stale
    person = queries.account(current_user.id)
    refuse_if(permissions.why_not_remove_factor(person, needed=presence.roles_needing()))
    services.remove_app(person, at=clock.now())
    tell(person.email)
    db.session.commit()
    flash(gettext("The app is taken away."), "good")
    return responses.see_other(url_for("accounts.second_factors.show"))


@bp.get("/account/second-factor/recovery-codes")
@access.signed_in
def recovery_codes() -> Response:
    """Says what recovery codes are, with the button that makes them."""
    return _codes_page([])


@bp.post("/account/second-factor/recovery-codes")
@access.signed_in
@tries
def make_recovery_codes() -> BaseResponse:
    """Makes ten new codes and shows them, this once."""
    here = url_for("accounts.second_factors.recovery_codes", next=_wanted() or None)
    stale = presence.ask_again_if_long_ago(here)
    if stale is not None:
        return stale
    person = queries.account(current_user.id)
    refuse_if(permissions.why_not_make_recovery_codes(person))
    codes = services.new_recovery_codes(person, at=clock.now())
    db.session.commit()
    return _codes_page(codes)


def _app_page(form: CodeForm, status: int = 200) -> Response:
    page = responses.page(
        "accounts/second_factors/app.html",
        status=status,
        form=form,
        setup=code_app.setup_of(_waiting_secret(), current_user.email),
        next=_wanted(),
    )
    return responses.private(page)


def _codes_page(codes: list[str]) -> Response:
    page = responses.page(
        "accounts/second_factors/recovery_codes.html",
        codes=codes,
        codes_left=queries.recovery_codes_left(current_user.id),
        has_factor=queries.has_second_factor(current_user.id),
        next=_wanted(),
    )
    return responses.private(page)


def _waiting_secret() -> str:
    """The secret that is being set up; a cookie can be read by its owner, so it is encrypted."""
    if NEW_SECRET not in session:
        session[NEW_SECRET] = code_app.new_secret()
    return str(session[NEW_SECRET])


def _wanted() -> str:
    """Where she was going when her roles turned out to be asleep; empty where nowhere."""
    return presence.wanted_page() if request.values.get("next") else ""
