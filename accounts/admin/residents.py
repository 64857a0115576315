"""Confirming residents: the clerk looks at a document, finds the account, enters two things.

A confirmation that was a mistake is taken back, with a reason, as long as nobody voted on it.
"""

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import get_locale, gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField

from accounts import notifications, permissions, queries
from accounts.admin.forms import MoveForm, ResidencyForm, TakeBackByNumberForm, TakeBackForm
from accounts.models import Residency, User
from accounts.person_keys import WrongRegisterId, person_key
from accounts.services import (
    PersonTaken,
    confirm_residency,
    move_residency,
    take_back_residency,
)
from core import access, clock, responses
from core.database import db
from core.paging import read_cursor
from core.refusals import Refusal, Refused, refuse_if
from districts.models import District
from districts.queries import all_districts, district_by_ref, names_by_id

bp = Blueprint("residents", __name__)


@bp.get("/staff/residents")
@access.only("clerk")
def index() -> Response:
    """Finds an account by name or address; below, whom the desk confirmed last."""
    return _desk()


@bp.get("/staff/residents/<ref>")
@access.only("clerk")
def show(ref: str) -> Response:
    """One account as the desk sees it, with what can be done."""
    return _resident_page(_account(ref))


@bp.post("/staff/residents/<ref>/residency")
@access.only("clerk")
def confirm(ref: str) -> BaseResponse:
    """Confirms the person; she may vote from this moment, in the session that she has open."""
    person, at = _account(ref), clock.now()
    refuse_if(permissions.why_not_self(current_user, person))
    form = ResidencyForm()
    offer_districts(form.district)
    if not form.validate():
        return _resident_page(person, form, status=422)
    district = _chosen(form.district)
    try:
        key = person_key(form.register_id.data)
        refusal = permissions.why_not_confirm_residency(current_user, person, key, district, at)
        if refusal is None:
            confirm_residency(person, form.register_id.data, district, by=current_user, at=at)
    except WrongRegisterId:
        form.register_id.errors = [gettext("This cannot be a number of the register. Look again.")]
        return _resident_page(person, form, status=422)
    except PersonTaken:
        refusal = permissions.person_taken()
    if refusal is not None:
        return _refused_page(person, form, refusal)
    notifications.ask_for(
        "residency_confirmed",
        person.email,
        at=at,
        locale=str(get_locale()),
        district=district.name,
    )
    db.session.commit()
    flash(
        gettext(
            "%(name)s is confirmed as a resident of %(district)s and may vote.",
            name=person.display_name,
            district=district.name,
        ),
        "good",
    )
    return responses.see_other(url_for("accounts.admin.residents.show", ref=ref))


@bp.post("/staff/residents/<ref>/residency/district")
@access.only("clerk")
def move(ref: str) -> BaseResponse:
    """Enters another district for somebody who moved."""
    person, at = _account(ref), clock.now()
    residency = queries.residency_of(person.id)
    refuse_if(permissions.why_not_move_residency(current_user, person, residency, at))
    assert residency is not None
    form = MoveForm()
    offer_districts(form.district)
    if not form.validate():
        return _resident_page(person, move_form=form, status=422)
    district = _chosen(form.district)
    move_residency(residency, district, reason=form.reason.data, by=current_user, at=at)
    db.session.commit()
    flash(
        gettext(
            "%(name)s is entered for %(district)s now.",
            name=person.display_name,
            district=district.name,
        ),
        "good",
    )
    return responses.see_other(url_for("accounts.admin.residents.show", ref=ref))


@bp.post("/staff/residents/<ref>/residency/withdrawal")
@access.only("clerk")
def take_back(ref: str) -> BaseResponse:
    """This account was confirmed as somebody else: it is nobody's on the register again."""
    person = _account(ref)
    residency = queries.residency_of(person.id)
    refuse_if(permissions.why_not_take_residency_back(current_user, residency))
    assert residency is not None
    form = TakeBackForm()
    if not form.validate():
        return _resident_page(person, back_form=form, status=422)
    try:
        _take_back(residency, form)
    except Refused as refused:
        return _refused_page(person, form, refused.refusal)
    words = gettext("%(name)s is not confirmed any more.", name=person.display_name)
    flash(words, "good")
    return responses.see_other(url_for("accounts.admin.residents.show", ref=ref))


@bp.post("/staff/residents/withdrawals")
@access.only("clerk")
def take_back_by_number() -> BaseResponse:
    """Somebody shows her document, and another account stands in her name: whose is not told."""
    form = TakeBackByNumberForm()
    if not form.validate():
        return _desk(form, status=422)
    try:
        residency = queries.residency_with(person_key(form.register_id.data))
        refuse_if(permissions.why_not_take_residency_back(current_user, residency))
        assert residency is not None
        _take_back(residency, form)
    except WrongRegisterId:
        form.register_id.errors = [gettext("This cannot be a number of the register. Look again.")]
        return _desk(form, status=422)
    except Refused as refused:
        db.session.rollback()
        form.refused(refused.refusal)
        return _desk(form, status=refused.refusal.status)
    words = gettext("The confirmation is taken back. You can confirm the person at your desk now.")
    flash(words, "good")
    return responses.see_other(url_for("accounts.admin.residents.index"))


def _take_back(residency: Residency, form: TakeBackForm) -> None:
    """With a mail to whoever holds the account. Raises Refused."""
    at, address = clock.now(), residency.user.email
    take_back_residency(residency, reason=form.why.data or "", by=current_user, at=at)
    notifications.ask_for("residency_taken_back", address, at=at, locale=str(get_locale()))
    db.session.commit()


def offer_districts(field: SelectField) -> None:
    field.choices = [("", gettext("Choose a district"))]
    field.choices += [(district.ref, district.name) for district in all_districts()]


def _desk(by_number: TakeBackByNumberForm | None = None, *, status: int = 200) -> Response:
    typed = request.args.get("q", "").strip()[:200]
    after = request.args.get("after")
    found = recent = None
    if typed:
        found = queries.accounts_found(typed, read_cursor(after, str, int))
    else:
        recent = queries.confirmed_lately(read_cursor(after, int))
    page = responses.page(
        "accounts/admin/residents.html",
        status=status,
        typed=typed,
        found=found,
        recent=recent,
        homes=queries.homes_of(found.rows) if found else {},
        districts=names_by_id(),
        by_number=by_number or TakeBackByNumberForm(formdata=None),
    )
    return responses.private(page)


def _resident_page(
    person: User,
    form: ResidencyForm | None = None,
    move_form: MoveForm | None = None,
    back_form: TakeBackForm | None = None,
    *,
    status: int = 200,
) -> Response:
    sent = back_form or move_form or form
    form, move_form = form or ResidencyForm(), move_form or MoveForm()
    offer_districts(form.district)
    offer_districts(move_form.district)
    residency = queries.residency_of(person.id)
    page = responses.page(
        "accounts/admin/resident.html",
        status=status,
        person=person,
        residency=residency,
        district=names_by_id().get(residency.district_id) if residency else None,
        own=permissions.why_not_self(current_user, person),
        form=form,
        move_form=move_form,
        back_form=back_form or TakeBackForm(),
        shown_form=sent or form,
    )
    return responses.private(page)


def _refused_page(person: User, form: ResidencyForm | TakeBackForm, refusal: Refusal) -> Response:
    db.session.rollback()
    form.refused(refusal)
    if isinstance(form, TakeBackForm):
        return _resident_page(person, back_form=form, status=refusal.status)
    return _resident_page(person, form, status=refusal.status)


def _account(ref: str) -> User:
    person = queries.account_by_ref(ref)
    if person is None:
        raise NotFound
    return person


def _chosen(field: SelectField) -> District:
    district = district_by_ref(field.data)
    assert district is not None, "The field offers only districts that there are."
    return district
