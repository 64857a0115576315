"""The second step of the set-up: districts, and the money of each."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets.models import Round
from core import access, cache, responses
from core.database import db
from districts.services import NameTaken, add_district
from voting.forms.rounds import DistrictForm, PotsForm, pots_form
from voting.queries.setup import Place, Step, places_of
from voting.routes import set_up_pages as pages
from voting.services import setup

bp = Blueprint("pots", __name__)


@bp.get("/staff/rounds/<ref>/pots")
@access.only("officer")
def edit(ref: str) -> Response:
    """An amount for the whole city and for each district."""
    round_ = pages.find(ref)
    places = places_of(round_)
    form = _form(places, round_)
    for place in places:
        form[place.key].show(place.pot.amount_minor if place.pot else None)
    return _page(round_, places, form, DistrictForm(formdata=None))


@bp.post("/staff/rounds/<ref>/pots")
@access.only("officer")
def save(ref: str) -> BaseResponse:
    round_, at = pages.find_for_change(ref)
    places = places_of(round_)
    form = _form(places, round_)
    if not form.validate_on_submit():
        return _page(round_, places, form, DistrictForm(formdata=None), status=422)
    amounts = [(place, form[place.key].minor) for place in places]
    setup.set_pots(round_, amounts, by=current_user, at=at)
    db.session.commit()
    cache.clear()
    return pages.go_on(Step.POTS, round_)


@bp.post("/staff/rounds/<ref>/districts")
@access.only("officer")
def add(ref: str) -> BaseResponse:
    """A district that the city has and we did not know; then back to the amounts."""
    round_, at = pages.find_for_change(ref)
    form = DistrictForm()
    if form.validate_on_submit():
        try:
            district = add_district(
                form.district_name.data or "",
                population=form.population.data,
                by=current_user,
                at=at,
            )
        except NameTaken:
            form.district_name.errors = [gettext("There is a district of this name already.")]
        else:
            db.session.commit()
            cache.clear()
            flash(gettext("%(name)s is a district now.", name=district.name), "good")
            return responses.see_other(url_for("voting.pots.edit", ref=round_.ref))
    places = places_of(round_)
    amounts = _form(places, round_)
    for place in places:
        amounts[place.key].show(place.pot.amount_minor if place.pot else None)
    return _page(round_, places, amounts, form, status=422)


def _form(places: list[Place], round_: Round) -> PotsForm:
    return pots_form([(place.key, place.pot.name if place.pot else place.name) for place in places],
                     round_)  # fmt: skip


def _page(
    round_: Round,
    places: list[Place],
    form: PotsForm,
    district_form: DistrictForm,
    status: int = 200,
) -> Response:
    return pages.step_page(
        Step.POTS, round_, status=status, places=places, form=form, district_form=district_form
    )
