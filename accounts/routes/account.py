"""My account: who I am here, what I may do, and what is kept about me."""

from flask import Blueprint, Response, flash, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from accounts import queries
from accounts.forms import NameForm
from accounts.routes.limits import tries
from accounts.services import people
from core import access, clock, responses, slots
from core.database import db
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


def _name_page(form: NameForm, status: int = 200) -> Response:
    return responses.private(responses.page("accounts/name.html", status=status, form=form))
