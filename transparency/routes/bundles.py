"""All that a ballot log is checked by, in one archive, once the results are published."""

from flask import Blueprint, Response, abort
from flask_login import current_user

from core import access, audit, clock, responses
from core.database import db
from core.limits import limiter, place
from transparency.models import PublishedRound
from transparency.queries import DamagedPublication, fetch_file, publication_of
from transparency.refusals import damaged
from transparency.services.audit_copies import ballots_of_few
from voting.amounts import NotCountable
from voting.counting import CountingError
from voting.exports.log_bundle import archive, log_files
from voting.models import Contest
from voting.queries.ballots import contest_with_paper
from voting.queries.shown import shows_rankings

bp = Blueprint("bundles", __name__, url_prefix="/ballot-log")


@bp.get("/<contest_ref>/bundle.zip")
@access.public
@limiter.limit("20 per minute", key_func=place)
def show(contest_ref: str) -> Response:
    """The bundle that everybody may have: with the openings where the voters were told so."""
    return _answer(*_published(contest_ref))


@bp.post("/<contest_ref>/openings")
@access.only("auditor")
@limiter.limit("20 per hour")
def audit_copy(contest_ref: str) -> Response:
    """An auditor's own copy, with the openings; of few ballots with the ballots, too.

    That she took it stands in the audit trail.
    """
    contest, publication = _published(contest_ref)
    answer = _answer(contest, publication, for_auditor=True)
    subject = f"contest:{contest.ref}"
    audit.record("take_openings", subject, by=current_user, at=clock.now())
    db.session.commit()
    return answer


def _published(contest_ref: str) -> tuple[Contest, PublishedRound]:
    contest = contest_with_paper(contest_ref) or abort(404)
    return contest, publication_of(contest.round_id) or abort(404)


def _answer(
    contest: Contest, publication: PublishedRound, *, for_auditor: bool = False
) -> Response:
    files = log_files(contest, for_auditor=for_auditor)
    if files is None:
        abort(404)
    try:
        files |= _ballots(contest, publication, for_auditor=for_auditor)
    except (DamagedPublication, CountingError, NotCountable, IndexError):
        damaged()
    response = Response(archive(files), mimetype="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{contest.ref}.zip"'
    return responses.private(response) if for_auditor else response


def _ballots(
    contest: Contest, publication: PublishedRound, *, for_auditor: bool
) -> dict[str, bytes]:
    """The anonymous ballots by the name of their file, where whoever asks may have them."""
    if not shows_rankings(contest):
        return dict([ballots_of_few(contest)]) if for_auditor else {}
    found = {kind: fetch_file(publication, f"{contest.ref}.{kind}") for kind in ("pb", "blt")}
    return {f"ballots.{kind}": file.content for kind, file in found.items() if file}
