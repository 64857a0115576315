"""My account: who I am here, what I may do, and what is kept about me."""

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from accounts import permissions, queries
from accounts.forms import ErasureForm, NameForm
from accounts.passwords import normalise_password
from accounts.routes import presence
from accounts.routes.limits import tries
from accounts.services import people
from accounts.services.erasure import erase_account
from core import access, cache, clock, responses, slots
from core.database import db
from core.refusals import refuse_if
from districts.queries import names_by_id

bp = Blueprint("account", __name__)


@bp.get("/account")
@access.signed_in
def show() -> Response:
    """All that a person needs to know of her account, read afresh."""
    at = clock.now()
    person = queries.account(current_user.id)
    residency = queries.residency_of(person.id)
    sections = [
        {
            "title": each["title"],
            "html": Markup(render_template(each["template"], **each["context"])),  # noqa: S704
        }
        for part in slots.call("account_sections", person, at)
        for each in part
    ]
    page = responses.page(
        "accounts/account.html",
        person=person,
        residency=residency,
        district=names_by_id().get(residency.district_id) if residency else None,
        sections=sections,
    )
    return responses.private(page)


@bp.get("/account/name")
@access.signed_in
def edit_name() -> Response:
    return _name_page(NameForm(data={"display_name": current_user.display_name}))


@bp.post("/account/name")
@access.signed_in
@tries
def change_name() -> BaseResponse:
    """Another name, for what is written from now on."""
    form = NameForm()
    if not form.validate():
        return _name_page(form, status=422)
    person = queries.account(current_user.id)
    people.change_name(person, form.display_name.data, by=person, at=clock.now())
    db.session.commit()
    flash(gettext("From now on you are “%(name)s” here.", name=person.display_name), "good")
    return responses.see_other(url_for("accounts.account.show"))


@bp.get("/account/erasure")
@access.signed_in
def confirm_erasure() -> Response:
    """Says what goes and what stays, and asks for the password."""
    return _erasure_page(ErasureForm())


@bp.post("/account/erasure")
@access.signed_in
@tries
def erase() -> BaseResponse:
    """Erases one's own account, at once and for good."""
    form, person = ErasureForm(), queries.account(current_user.id)
    refuse_if(permissions.why_not_erase_account(person, person))
    if not form.validate():
        return _erasure_page(form, status=422)
    if not person.verify_and_update_password(normalise_password(form.password.data)):
        form.password.errors = [gettext("This is not your password.")]
        return _erasure_page(form, status=422)
    presence.leave()
    erase_account(person, by=None, at=clock.now())
    db.session.commit()
    cache.clear()
    flash(gettext("Your account is erased. Thank you for having taken part."), "good")
    return responses.see_other(url_for("app.index"))


def _erasure_page(form: ErasureForm, status: int = 200) -> Response:
    refusal = permissions.why_not_erase_account(current_user, current_user)
    page = responses.page("accounts/erasure.html", status=status, form=form, refusal=refusal)
    return responses.private(page)


def _name_page(form: NameForm, status: int = 200) -> Response:
    return responses.private(responses.page("accounts/name.html", status=status, form=form))
