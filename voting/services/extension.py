"""Extending the voting: by two officers, before closing, to a later end, for all to read."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext
from sqlalchemy import select

from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.queries import round_by_ref
from budgets.services import move_end_of_voting
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.database import db
from core.i18n import moment
from core.refusals import Refusal
from voting.models import Contest
from voting.permissions.extensions import why_not_extend_voting

EXTEND_VOTING = "extend_voting"


def extension_act() -> TwoPersonAct:
    """The act, for the room's front door."""
    return TwoPersonAct(EXTEND_VOTING, "officer", _words, _end_now, _why_not, _extend, _page)


def _words(approval: Approval) -> str:
    return gettext(
        "Extend the voting of “%(round)s” until %(end)s.",
        round=_round(approval).name,
        end=moment(_until(approval)),
    )


def _end_now(approval: Approval) -> str:
    voting = _round(approval).span_of(PhaseKind.VOTING)
    return voting.ends_at.isoformat() if voting else ""


def _why_not(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    return why_not_extend_voting(actor, _round(approval), _until(approval), at)


def _extend(approval: Approval, by: Actor, at: datetime) -> None:
    """Ballots under way are waited for, and judged by the later end from then on."""
    round_ = _round(approval)
    contests = select(Contest.id).where(Contest.round_id == round_.id).order_by(Contest.id)
    db.session.scalars(contests.with_for_update()).all()
    move_end_of_voting(round_, _until(approval), reason=approval.reason, by=by, at=at)


def _until(approval: Approval) -> datetime:
    return datetime.fromisoformat(approval.details["until"])


def _round(approval: Approval) -> Round:
    found = round_by_ref(approval.ref_of_subject)
    assert found is not None, "A round that is being voted in is never removed."
    return found


def _page(approval: Approval) -> str:
    return url_for("voting.counts.index", ref=approval.ref_of_subject)
