"""Registering: a form, a mail, and a page with a button on which the address is confirmed."""

from flask import Blueprint, Response, flash, session, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from accounts import links, notifications
from accounts.forms import AddressForm, RegistrationForm
from accounts.routes import tokens
from accounts.routes.limits import mails_per_address, tries, tries_of_neighbours
from accounts.services import people
from core import access, clock, responses
from core.database import db
from core.refusals import Refusal

bp = Blueprint("registration", __name__)


@bp.get("/register")
@access.public
def register() -> BaseResponse:
    """The form; who is signed in has no need of it."""
    if current_user.is_authenticated:
        return responses.see_other(url_for("accounts.account.show"))
    return _form_page(RegistrationForm())


@bp.post("/register")
@access.public
@tries
@tries_of_neighbours
@mails_per_address
def create() -> BaseResponse:
    """Asks for an account. The answer is the same whether the address has one already."""
    form = RegistrationForm()
    if not form.validate():
        return _form_page(form, status=422)
    if form.website.data:
        form.refused(_leave_empty())
        return _form_page(form, status=422)
    people.register(
        form.email.data,
        form.display_name.data,
        form.password.data,
        at=clock.now(),
        locale=str(get_locale()),
    )
    db.session.commit()
    return _mail_is_on_its_way(form.email.data)


@bp.get("/register/sent")
@access.public
def sent() -> Response:
    """Where to look for the mail, and what to do if it does not come."""
    form = AddressForm(data={"email": session.get("mail_to", "")})
    page = responses.page("accounts/registration/sent.html", form=form)
    return responses.private(page)


@bp.get("/confirm")
@access.public
def ask_again() -> Response:
    """For whom the mail did not reach."""
    form = AddressForm(data={"email": session.get("mail_to", "")})
    return responses.private(responses.page("accounts/registration/ask_again.html", form=form))


@bp.post("/confirm")
@access.public
@tries
@mails_per_address
def send_again() -> BaseResponse:
    """Has the mail sent once more, if there is somebody to send it to."""
    form = AddressForm()
    if not form.validate():
        page = responses.page("accounts/registration/ask_again.html", status=422, form=form)
        return responses.private(page)
    notifications.ask_for("confirm", form.email.data, at=clock.now(), locale=str(get_locale()))
    db.session.commit()
    return _mail_is_on_its_way(form.email.data)


@bp.get("/confirm/<token>")
@access.public
def confirmation(token: str) -> Response:
    """The page behind the mail's link. Looking at it changes nothing; the button does."""
    link = tokens.follow(token, links.CONFIRM)
    if link.problem is not None:
        return tokens.failed_page(link, links.CONFIRM)
    page = responses.page("accounts/registration/confirm.html", person=link.owner, token=token)
    return responses.private(page)


@bp.post("/confirm/<token>")
@access.public
@tries
def confirm(token: str) -> BaseResponse:
    """Confirms the address and leads on to signing in."""
    link = tokens.follow(token, links.CONFIRM)
    if link.owner is None or link.problem is not None:
        return tokens.failed_page(link, links.CONFIRM)
    people.confirm_address(link.owner, at=clock.now())
    db.session.commit()
    session.pop("mail_to", None)
    flash(gettext("Your e-mail address is confirmed. Sign in to go on."), "good")
    return responses.see_other(url_for("security.login"))


def _form_page(form: RegistrationForm, status: int = 200) -> Response:
    return responses.private(
        responses.page("accounts/registration/register.html", status=status, form=form)
    )


def _mail_is_on_its_way(address: str) -> BaseResponse:
    session["mail_to"] = address
    return responses.see_other(url_for("accounts.registration.sent"))


def _leave_empty() -> Refusal:
    return Refusal(
        "machine",
        422,
        gettext("A field that people do not see was filled in, perhaps by your browser."),
        gettext("Switch off its automatic filling for this page and send it again."),
    )
