"""What is unusual in how ballots come in, for officers: while voting is open, and before the count
is certified. It tells numbers of ballots, and nothing of what is on them."""

from flask import Blueprint, Response, abort, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from budgets.models import Round
from budgets.queries import round_seen_by
from core import access, clock, responses
from core.database import db
from voting.permissions.anomalies import why_not_sign_report
from voting.queries.anomalies import has_read, readings_of, report_of
from voting.routes import anomaly_words as words
from voting.routes.anomaly_meanings import meaning
from voting.services.anomalies import sign_report

bp = Blueprint("anomalies", __name__)


@bp.get("/staff/rounds/<ref>/anomalies")
@access.only("officer")
def show(ref: str) -> Response:
    """The report, and who has read it."""
    round_ = _find(ref)
    report = report_of(round_, clock.city_zone())
    page = responses.page(
        "voting/anomalies/show.html",
        round=round_,
        report=report,
        words=words,
        meaning=meaning,
        refusal=why_not_sign_report(current_user, round_, clock.now()),
        is_read=has_read(current_user.id, round_.id, report.sha256),
        readings=readings_of(round_.id, report.sha256),
    )
    return responses.private(page)


@bp.post("/staff/rounds/<ref>/anomalies/readings")
@access.only("officer")
def sign(ref: str) -> BaseResponse:
    """ "I have read it": without it, nobody certifies."""
    round_ = _find(ref)
    sign_report(round_, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("It is noted that you have read the report as it is now."), "good")
    return responses.see_other(url_for("voting.counts.index", ref=round_.ref))


def _find(ref: str) -> Round:
    return round_seen_by(current_user, ref) or abort(404)
