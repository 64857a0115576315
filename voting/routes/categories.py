"""The fifth step of the set-up: the themes under which proposals are sorted."""

from flask import Blueprint, Response
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from core import access, cache
from core.database import db
from voting.forms.rounds import CategoriesForm
from voting.queries.setup import Step
from voting.routes import set_up_pages as pages
from voting.services import setup

bp = Blueprint("categories", __name__)


@bp.get("/staff/rounds/<ref>/categories")
@access.only("officer")
def edit(ref: str) -> Response:
    round_ = pages.find(ref)
    form = CategoriesForm(formdata=None)
    form.names.data = "\n".join(category.name for category in round_.categories)
    return pages.step_page(Step.CATEGORIES, round_, form=form)


@bp.post("/staff/rounds/<ref>/categories")
@access.only("officer")
def save(ref: str) -> BaseResponse:
    round_, at = pages.find_for_change(ref)
    form = CategoriesForm()
    if not form.validate_on_submit():
        return pages.step_page(Step.CATEGORIES, round_, status=422, form=form)
    try:
        setup.set_categories(round_, form.list_of_names, by=current_user, at=at)
    except setup.CategoryInUse as error:
        form.names.errors = [
            gettext(
                "Proposals stand under these themes, so they have to stay: %(names)s.",
                names=", ".join(error.names),
            )
        ]
        return pages.step_page(Step.CATEGORIES, round_, status=422, form=form)
    db.session.commit()
    cache.clear()
    return pages.go_on(Step.CATEGORIES, round_)
