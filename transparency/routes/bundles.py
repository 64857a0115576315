"""All that a ballot log is checked by, in one archive, once the results are published."""

from flask import Blueprint, Response, abort
from flask_babel import gettext
from flask_login import current_user

from core import access, audit, clock, responses
from core.database import db
from core.limits import limiter, place
from core.refusals import Refusal, refuse
from transparency.models import PublishedRound
from transparency.queries import DamagedPublication, fetch_file, publication_of
from transparency.refusals import damaged
from voting.exports.log_bundle import archive, log_files, shows_rankings
from voting.models import Contest
from voting.queries.ballots import contest_with_paper

bp = Blueprint("bundles", __name__, url_prefix="/ballot-log")


@bp.get("/<contest_ref>/bundle.zip")
@access.public
@limiter.limit("20 per minute", key_func=place)
def show(contest_ref: str) -> Response:
    """The bundle that everybody may have: with the openings where the voters were told so."""
    contest, publication = _published(contest_ref)
    return _answer(contest, publication, openings=contest.openings == "public")


@bp.post("/<contest_ref>/openings")
@access.only("auditor")
@limiter.limit("20 per hour")
def audit_copy(contest_ref: str) -> Response:
    """An auditor's own copy, with the openings. That she took it stands in the audit trail."""
    contest, publication = _published(contest_ref)
    if not shows_rankings(contest):
        refuse(_too_small())
    answer = _answer(contest, publication, openings=True)
    subject = f"contest:{contest.ref}"
    audit.record("take_openings", subject, by=current_user, at=clock.now())
    db.session.commit()
    return answer


def _published(contest_ref: str) -> tuple[Contest, PublishedRound]:
    contest = contest_with_paper(contest_ref) or abort(404)
    return contest, publication_of(contest.round_id) or abort(404)


def _answer(contest: Contest, publication: PublishedRound, *, openings: bool) -> Response:
    files = log_files(contest, openings=openings)
    if files is None:
        abort(404)
    try:
        for kind in ("pb", "blt"):
            ballots = fetch_file(publication, f"{contest.ref}.{kind}")
            if ballots is not None and shows_rankings(contest):
                files[f"ballots.{kind}"] = ballots.content
    except DamagedPublication:
        damaged()
    response = Response(archive(files), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{contest.ref}.zip"'
    return responses.private(response) if openings else response


def _too_small() -> Refusal:
    return Refusal(
        "too_few_ballots",
        409,
        gettext("So few ballots were cast in this contest that its openings are given to nobody."),
        gettext("The log itself can be checked without them."),
    )
