"""Checking instead of casting, for whoever wants to test the machine.

The opening stands in an answer that no cache keeps and in a file; never in an address or a table.
"""

import json
from typing import Any

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import UnsupportedMediaType

from core import access, clock, responses
from core.database import db
from core.limits import limiter
from core.refusals import Refused
from voting import commitments
from voting.models import Contest
from voting.permissions import why_not_cast_ballot
from voting.queries.at_the_box import AnyVoter
from voting.queries.ballots import contest_with_paper
from voting.routes import ballot_failures as failures
from voting.routes import ballot_pages as pages
from voting.routes import voters
from voting.routes.form_keys import new_form_key, read_form_key
from voting.services.checks import Opening, open_instead_of_casting

bp = Blueprint("checks", __name__, url_prefix="/ballots")
failures.handle(bp)
FORMS = {"", "application/x-www-form-urlencoded", "multipart/form-data"}
OFTEN = "20 per minute; 200 per day"


@bp.post("/<contest_ref>/checks")
@access.voter
@limiter.limit(OFTEN)
def create(contest_ref: str) -> Response:
    """Opens what would have been cast, spoils it, and offers the same ranking sealed afresh."""
    contest, entry = _contest(contest_ref), voters.entry_of_request()
    opened = _open(contest, entry)
    if not isinstance(opened, Opening) or entry is None:
        return _answer(opened)
    paper = pages.lay_out(contest)
    return responses.private(
        responses.page(
            "voting/ballots/opening.html",
            contest=paper,
            contest_urls=paper.urls,
            ranked=paper.ranked(opened.document["ranking"]),
            code_groups=commitments.receipt_groups(opened.code),
            opening=opened.document,
            spoiled_key=request.form["key"],
            key=new_form_key(contest, entry),
        )
    )


@bp.post("/<contest_ref>/checks/file")
@access.voter
@limiter.limit(OFTEN)
def file(contest_ref: str) -> Response:
    """The opening as a file, to be checked on another machine."""
    contest = _contest(contest_ref)
    opened = _open(contest, voters.entry_of_request())
    if not isinstance(opened, Opening):
        return _answer(opened)
    content = json.dumps(opened.document, ensure_ascii=False, indent=1)
    response = Response(content, mimetype="application/json")
    name = f"opening-{contest.ref}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return responses.private(response)


def _open(contest: Contest, entry: AnyVoter | None) -> Opening | Response:
    """The opening, on record as spoiled before anybody sees it; or why there is none."""
    at = clock.now()
    form_key = read_form_key(contest, entry)
    if entry is None or form_key is None:
        refusal = why_not_cast_ballot(entry, contest, at) or failures.foreign_key()
        return failures.keep(refusal, retry="review")
    try:
        opened = open_instead_of_casting(
            contest, entry, request.form.getlist("ranking"), form_key, at=at
        )
        db.session.commit()
    except Refused as refused:
        return failures.keep(refused.refusal, retry="review")
    return opened


def _answer(response: Any) -> Response:
    assert isinstance(response, Response), "Only a refusal comes without an opening."
    return response


def _contest(ref: str) -> Contest:
    if request.mimetype not in FORMS:
        raise UnsupportedMediaType
    return contest_with_paper(ref) or abort(404)
