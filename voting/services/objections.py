"""An objection about a voter was upheld: two officers take her ballot out, and everybody reads why.

It is found by its tag, as long as the round hears objections. Its content is destroyed, its seal
stays in the log, and the entry that everybody reads names nobody.
"""

from datetime import datetime

from flask import url_for
from flask_babel import gettext
from sqlalchemy import delete

from core import audit
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.database import db
from core.refusals import Refusal
from voting.models import ClearedBallot, Contest, WithdrawnLeaf
from voting.permissions.objections import why_not_withdraw_ballot
from voting.queries.ballots import ballot_under
from voting.services.contests import contest_of, subject_of

WITHDRAW_BALLOT = "withdraw_ballot"


def objection_act() -> TwoPersonAct:
    """The act, for the room's front door."""
    return TwoPersonAct(
        WITHDRAW_BALLOT, "officer", _words, _standing, _why_not, _withdraw, _page
    )  # fmt: skip


def _words(approval: Approval) -> str:
    title = contest_of(approval).title
    return gettext(
        "Take one ballot out of the box of “%(contest)s” after an objection.", contest=title
    )


def _standing(approval: Approval) -> str:
    """Nothing but what the permission asks: the voter could no longer change her ballot anyway."""
    return contest_of(approval).ref


def _why_not(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    return why_not_withdraw_ballot(actor, contest_of(approval), approval.details["tag"], at)


def _withdraw(approval: Approval, by: Actor, at: datetime) -> None:
    contest = db.session.get_one(
        Contest, contest_of(approval).id, with_for_update=True, populate_existing=True
    )
    ballot = ballot_under(contest.id, approval.details["tag"])
    assert ballot is not None, "why_not_withdraw_ballot lets only ballots in the box pass."
    if ballot.commitment is not None:
        db.session.add(WithdrawnLeaf(contest_id=contest.id, commitment=ballot.commitment))
    for box in (ClearedBallot, type(ballot)):
        theirs = (box.contest_id == contest.id) & (box.tag == ballot.tag)
        db.session.execute(delete(box).where(theirs))
    db.session.flush()
    audit.record(
        WITHDRAW_BALLOT, subject_of(contest), by=by, at=at, reason=approval.reason,
        is_public=True, title=contest.title,
    )  # fmt: skip


def _page(approval: Approval) -> str:
    return url_for("voting.objections.new", ref=contest_of(approval).round.ref)
