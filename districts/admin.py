"""The list of districts: added to, renamed, never shortened. A district keeps its address."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, clock, responses
from core.database import db
from core.refusals import refuse_if
from districts import permissions
from districts.forms import DistrictForm
from districts.models import District
from districts.queries import all_districts, district_by_ref
from districts.services import NameTaken, add_district, change_district

bp = Blueprint("admin", __name__)


@bp.get("/staff/districts")
@access.only("officer", "administrator")
def index() -> Response:
    """All districts, and a form for one more."""
    return _list_page(DistrictForm())


@bp.post("/staff/districts")
@access.only("officer", "administrator")
def create() -> BaseResponse:
    """Adds a district at the end of the list."""
    refuse_if(permissions.why_not_change_districts(current_user))
    form = DistrictForm()
    if not form.validate():
        return _list_page(form, status=422)
    try:
        add_district(
            form.name.data, population=form.population.data, by=current_user, at=clock.now()
        )
    except NameTaken:
        form.refused(permissions.name_taken())
        return _list_page(form, status=409)
    db.session.commit()
    flash(gettext("%(name)s is added.", name=form.name.data), "good")
    return responses.see_other(url_for("districts.admin.index"))


@bp.get("/staff/districts/<ref>")
@access.only("officer", "administrator")
def edit(ref: str) -> Response:
    """The form for one district."""
    district = _district(ref)
    return _edit_page(district, DistrictForm(obj=district))


@bp.post("/staff/districts/<ref>")
@access.only("officer", "administrator")
def change(ref: str) -> BaseResponse:
    """Corrects name and number of inhabitants."""
    refuse_if(permissions.why_not_change_districts(current_user))
    district = _district(ref)
    form = DistrictForm()
    if not form.validate():
        return _edit_page(district, form, status=422)
    try:
        change_district(
            district, form.name.data, form.population.data, by=current_user, at=clock.now()
        )
    except NameTaken:
        db.session.rollback()
        form.refused(permissions.name_taken())
        return _edit_page(_district(ref), form, status=409)
    db.session.commit()
    flash(gettext("%(name)s is changed.", name=form.name.data), "good")
    return responses.see_other(url_for("districts.admin.index"))


def _list_page(form: DistrictForm, status: int = 200) -> Response:
    page = responses.page(
        "districts/admin/index.html", status=status, form=form, districts=all_districts()
    )
    return responses.private(page)


def _edit_page(district: District, form: DistrictForm, status: int = 200) -> Response:
    page = responses.page("districts/admin/edit.html", status=status, form=form, district=district)
    return responses.private(page)


def _district(ref: str) -> District:
    district = district_by_ref(ref)
    if district is None:
        raise NotFound
    return district
