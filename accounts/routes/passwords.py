"""New passwords: by a link in a mail for who forgot hers, by the old one for who did not."""

from flask import Blueprint, Response, flash, session, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts import links, notifications, queries
from accounts.forms import AddressForm, ChangePasswordForm, NewPasswordForm
from accounts.passwords import normalise_password
from accounts.routes import presence, tokens
from accounts.routes.limits import mails_per_address, tries
from accounts.services import people
from core import access, clock, responses
from core.database import db

bp = Blueprint("passwords", __name__)


@bp.get("/reset")
@access.public
def forgot() -> Response:
    """The form; it knows the address that was typed before."""
    known = current_user.email if current_user.is_authenticated else session.get("mail_to", "")
    return _forgot_page(AddressForm(data={"email": known}))


@bp.post("/reset")
@access.public
@tries
@mails_per_address
def send_link() -> BaseResponse:
    """Has a link sent, if there is somebody to send it to. The answer does not say."""
    form = AddressForm()
    if not form.validate():
        return _forgot_page(form, status=422)
    notifications.ask_for("reset_password", form.email.data, at=clock.now(), locale=_locale())
    db.session.commit()
    session["mail_to"] = form.email.data
    return responses.see_other(url_for("accounts.passwords.sent"))


@bp.get("/reset/sent")
@access.public
def sent() -> Response:
    """Where to look for the mail."""
    form = AddressForm(data={"email": session.get("mail_to", "")})
    return responses.private(responses.page("accounts/passwords/sent.html", form=form))


@bp.get("/reset/<token>")
@access.public
def reset(token: str) -> Response:
    """The page behind the mail's link: a form for the new password."""
    link = tokens.follow(token, links.RESET)
    if link.problem is not None:
        return tokens.failed_page(link, links.RESET)
    return _reset_page(token, NewPasswordForm())


@bp.post("/reset/<token>")
@access.public
@tries
def choose(token: str) -> BaseResponse:
    """Sets the new password. The link proves the address, so that is confirmed too."""
    link = tokens.follow(token, links.RESET)
    owner = link.owner
    if owner is None or link.problem is not None:
        return tokens.failed_page(link, links.RESET)
    form = NewPasswordForm()
    form.password.about = (owner.display_name, owner.email)
    if not form.validate():
        return _reset_page(token, form, status=422)
    at = clock.now()
    people.confirm_address(owner, at=at)
    people.set_password(owner, form.password.data, by=owner, at=at)
    notifications.ask_for("password_changed", owner.email, at=at, locale=_locale())
    db.session.commit()
    flash(gettext("Your new password is set. Sign in with it."), "good")
    return responses.see_other(url_for("security.login"))


@bp.get("/account/password")
@access.signed_in
def edit() -> Response:
    return _change_page(ChangePasswordForm())


@bp.post("/account/password")
@access.signed_in
@tries
def change() -> BaseResponse:
    """Sets the new password, and ends all sessions but this one."""
    form = ChangePasswordForm()
    form.password.about = (current_user.display_name, current_user.email)
    if not form.validate():
        return _change_page(form, status=422)
    if not current_user.verify_and_update_password(normalise_password(form.current.data)):
        form.current.errors = [gettext("This is not your password so far.")]
        return _change_page(form, status=422)
    person, at = queries.account(current_user.id), clock.now()
    remember, confirmed = session.permanent, presence.is_confirmed()
    people.set_password(person, form.password.data, by=person, at=at)
    presence.arrive(person, remember=remember, confirmed=confirmed, at=at)
    notifications.ask_for("password_changed", person.email, at=at, locale=_locale())
    db.session.commit()
    flash(gettext("Your password is changed. Other devices are signed out."), "good")
    return responses.see_other(url_for("accounts.account.show"))


def _forgot_page(form: AddressForm, status: int = 200) -> Response:
    page = responses.page("accounts/passwords/forgot.html", status=status, form=form)
    return responses.private(page)


def _reset_page(token: str, form: NewPasswordForm, status: int = 200) -> Response:
    page = responses.page("accounts/passwords/reset.html", status=status, form=form, token=token)
    return responses.private(page)


def _change_page(form: ChangePasswordForm, status: int = 200) -> Response:
    page = responses.page("accounts/passwords/change.html", status=status, form=form)
    return responses.private(page)


def _locale() -> str:
    return str(get_locale())
