"""The officers' screen of a publication: what will be public, and the second officer's button."""

import structlog
from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse

from budgets.models import Round
from budgets.queries import round_seen_by
from core import access, cache, clock, responses
from core.database import db
from core.refusals import Refusal, refuse, refuse_if
from transparency.permissions import why_not_publish
from transparency.queries import publication_of
from transparency.queries.officers import certificates
from transparency.services import PublicationStopped, publish_results

bp = Blueprint("publications", __name__)
log = structlog.get_logger("transparency")


@bp.get("/staff/rounds/<ref>/publication")
@access.only("officer")
def show(ref: str) -> Response:
    """Each contest with who certified it, and what publishing does."""
    round_ = _find(ref)
    page = responses.page(
        "transparency/publications/show.html",
        round=round_,
        publication=publication_of(round_.id),
        certificates=certificates(round_.id),
        refusal=why_not_publish(current_user, round_, clock.now()),
        form=FlaskForm(),
    )
    return responses.private(page)


@bp.post("/staff/rounds/<ref>/publication")
@access.only("officer")
def publish(ref: str) -> BaseResponse:
    """Publishes all results of the round, or says what stopped it."""
    at = clock.now()
    round_ = _find(ref, for_change=True)
    refuse_if(why_not_publish(current_user, round_, at))
    try:
        publish_results(round_, by=current_user, at=at)
    except PublicationStopped as stop:
        db.session.rollback()
        log.exception("publication stopped", round=ref, code=stop.code)
        refuse(_refusal(stop, ref))
    db.session.commit()
    cache.clear()
    flash(gettext("The results are public."), "good")
    return responses.see_other(url_for("transparency.rounds.show", ref=ref))


def _find(ref: str, *, for_change: bool = False) -> Round:
    found = round_seen_by(current_user, ref, for_change=for_change)
    if found is None:
        abort(404)
    return found


def _refusal(stop: PublicationStopped, ref: str) -> Refusal:
    contest = stop.contest
    sentences = {
        "altered": gettext(
            "Nothing was published. In the contest “%(contest)s” the sealed ballots, the options "
            "or the count are not those that were certified.",
            contest=contest,
        ),
        "roll": gettext(
            "Nothing was published. In the contest “%(contest)s” the number of ballots is not the "
            "number of marks on the roll.",
            contest=contest,
        ),
        "counts_differ": gettext(
            "Nothing was published. In the contest “%(contest)s” the second count gives another "
            "result than the certified one.",
            contest=contest,
        ),
    }
    otherwise = gettext(
        "Nothing was published. The contest “%(contest)s” could not be counted a second time.",
        contest=contest,
    )
    return Refusal(
        stop.code,
        409,
        sentences.get(stop.code, otherwise),
        gettext("Keep everything as it is and call in those who run this server: %(detail)s.",
                detail=stop.detail),
        url_for("transparency.publications.show", ref=ref),
    )  # fmt: skip
