"""The public log of a contest's ballots: a page for people, and the same as data for programs.

Nothing here tells what is on a ballot or who cast it. A receipt stands in none of these addresses.
"""

import json
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from budgets.phases import PhaseKind
from core import access, responses, slots
from core.actors import acts_as
from core.limits import limiter, place
from core.refusals import Refusal, refuse
from voting.models import Contest, TreeHead
from voting.queries.ballots import contest_with_paper
from voting.queries.log import (
    closing_record_of,
    heads_of,
    leaves_of,
    newest_head,
    signed,
    tree_of,
)
from voting.queries.manifests import manifests_of

bp = Blueprint("ballot_logs", __name__, url_prefix="/ballot-log")
AT_ONCE = 1_000
OFTEN = "120 per minute"
# Longer than any log of ours; the database takes no number beyond.
LONGEST = 10**12


@bp.get("/<contest_ref>")
@access.public
def show(contest_ref: str) -> Response:
    """What the log is, its newest head, how to keep it and how to check."""
    contest = _contest(contest_ref)
    manifests, head = manifests_of(contest.id), newest_head(contest.id)
    voting = contest.round.span_of(PhaseKind.VOTING)
    settings, record = current_app.config["SETTINGS"], closing_record_of(contest.id)
    path = url_for("voting.ballot_logs.newest", contest_ref=contest.ref)
    published = any(slots.call("results_of_round", contest.round_id))
    return responses.page(
        "voting/ballot_logs/show.html",
        contest=contest,
        head=head,
        said=json.loads(head.document) if head else None,
        signed_at=_moment(head) if head else None,
        promised=json.loads(manifests[-1].document) if manifests else None,
        manifest=manifests[-1] if manifests else None,
        closing=record,
        record=json.loads(record.document) if record else None,
        closes_at=voting.ends_at if voting else None,
        least=settings.log_batch_least,
        published=published,
        for_auditor=published and acts_as(current_user, "auditor"),
        head_address=f"{settings.public_url}{path}",
    )


@bp.get("/<contest_ref>/manifests.json")
@access.public
@limiter.limit(OFTEN, key_func=place)
def manifests(contest_ref: str) -> Response:
    """What the contest's voters were promised, by number."""
    return _json([signed(each) for each in manifests_of(_contest(contest_ref).id)])


@bp.get("/<contest_ref>/head.json")
@access.public
@limiter.limit(OFTEN, key_func=place)
def newest(contest_ref: str) -> Response:
    """The newest head and its signature."""
    return _json(signed(_head(_contest(contest_ref))))


@bp.get("/<contest_ref>/heads.json")
@access.public
@limiter.limit(OFTEN, key_func=place)
def heads(contest_ref: str) -> Response:
    """All heads, the shortest first."""
    return _json([signed(each) for each in heads_of(_contest(contest_ref).id)])


@bp.get("/<contest_ref>/leaves.json")
@access.public
@limiter.limit(OFTEN, key_func=place)
def leaves(contest_ref: str) -> Response:
    """Commitments in the order of the log, at most a thousand at a time."""
    contest = _contest(contest_ref)
    first = _number("from", 0)
    head = newest_head(contest.id)
    found = leaves_of(contest.id, first, AT_ONCE)
    listed = [commitment.hex() for commitment in found]
    return _json({"from": first, "leaves": listed, "size": head.size if head else 0})


@bp.get("/<contest_ref>/consistency.json")
@access.public
@limiter.limit(OFTEN, key_func=place)
def consistency(contest_ref: str) -> Response:
    """The proof that the log of one size grew into that of another."""
    contest = _contest(contest_ref)
    head = _head(contest)
    first, size = _number("from", 1), _number("to", head.size)
    if not 0 < first <= size <= head.size:
        refuse(_no_such_log(head.size))
    proof = [each.hex() for each in tree_of(contest.id, size).consistency(first)]
    return _json({"from": first, "to": size, "proof": proof})


@bp.get("/<contest_ref>/closing.json")
@access.public
@limiter.limit(OFTEN, key_func=place)
def closing(contest_ref: str) -> Response:
    """After closing: what came of the log."""
    record = closing_record_of(_contest(contest_ref).id)
    if record is None:
        refuse(_not_closed())
    return _json(signed(record))


def _contest(ref: str) -> Contest:
    """The contest of an announced round whose ballots are cast here, and so have a log."""
    contest = contest_with_paper(ref) or abort(404)
    if contest.sealed_at is not None and closing_record_of(contest.id) is None:
        abort(404)
    return contest


def _head(contest: Contest) -> TreeHead:
    head = newest_head(contest.id)
    if head is None:
        refuse(_no_head())
    return head


def _moment(head: TreeHead) -> datetime:
    return datetime.fromisoformat(json.loads(head.document)["signed_at"])


def _number(name: str, default: int) -> int:
    """A whole number that stands in the address."""
    text = request.args.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or int(text[:20]) > LONGEST or len(text) > 20:
        refuse(
            Refusal(
                "no_number",
                400,
                gettext("“%(name)s” in this address must be a whole number.", name=name),
                gettext("The page of the ballot log lists the addresses and what they take."),
            )
        )
    return int(text)


def _no_such_log(size: int) -> Refusal:
    return Refusal(
        "no_such_log",
        400,
        gettext("“from” must be 1 or more, and “to” not below it nor above %(size)s.", size=size),
        gettext("That is how long the log is now."),
    )


def _no_head() -> Refusal:
    return Refusal(
        "no_head_yet",
        404,
        gettext("No head of this log is signed yet, since too few ballots were cast."),
        gettext("Ask again later: the address stays the same."),
    )


def _not_closed() -> Refusal:
    return Refusal(
        "not_closed",
        404,
        gettext("This log is not closed yet."),
        gettext("Ask again once the ballots are sealed: the address stays the same."),
    )


def _json(content: Any) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text, mimetype="application/json")
