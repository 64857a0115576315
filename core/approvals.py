"""Two-person acts: one person asks, a second one of the same office confirms, and then it is done.

Nobody alone may do what a town could not take back. An act is carried out in the transaction that
confirms it, after every permission was asked again; and only if what it rests on is still what it
was when it was asked for. A room offers its acts in `register(app)`, as it puts functions in slots.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from flask_babel import gettext
from sqlalchemy import JSON, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from core import audit
from core.actors import Actor, acts_as
from core.database import Model, UtcDateTime, db
from core.refs import new_ref
from core.refusals import Refusal, refuse_if

WAITING, DONE, WITHDRAWN = "waiting", "done", "withdrawn"
TIME_TO_CONFIRM = timedelta(days=7)


class Approval(Model):
    """What somebody asked for, and what became of it. `subject` is `kind:ref`, as in the trail.

    `digest` is taken over what is asked and what it rests on. Who lets it lapse need do nothing.
    """

    __tablename__ = "approval"
    __table_args__ = (Index("ix_approval_state_act_subject", "state", "act", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(120))
    reason: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20), default=WAITING)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lapses_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    @property
    def ref_of_subject(self) -> str:
        return self.subject.partition(":")[2]


@dataclass(frozen=True)
class TwoPersonAct:
    """An act that needs two. `role` is the office that both hold.

    `words` says in a sentence what would be done; further lines say what that changes. `standing`
    gives what it rests on, as JSON: where that has changed, a new request is needed. `why_not` is
    the act's own permission, of whoever asks or confirms. `carry_out` does it; `page` is where it
    can be looked at.
    """

    name: str
    role: str
    words: Callable[[Approval], str]
    standing: Callable[[Approval], Any]
    why_not: Callable[[Actor | None, Approval, datetime], Refusal | None]
    carry_out: Callable[[Approval, Actor, datetime], None]
    page: Callable[[Approval], str]


def offer(app: Flask, act: TwoPersonAct) -> None:
    """Makes an act known, from a room's `register(app)`."""
    app.extensions.setdefault("two_person_acts", {})[act.name] = act


def act_of(approval: Approval) -> TwoPersonAct:
    acts: dict[str, TwoPersonAct] = current_app.extensions["two_person_acts"]
    return acts[approval.act]


def ask(
    name: str, subject: str, *, by: Actor, at: datetime, reason: str = "", **details: Any
) -> Approval:
    """Asks for an act. What is waiting already, in the same words, is not asked for twice.

    Raises Refused where this person could not do it even with a second one.
    """
    approval = Approval(
        act=name,
        subject=subject,
        reason=reason,
        details=json.loads(json.dumps(details)),
        asked_at=at,
        lapses_at=at + TIME_TO_CONFIRM,
        asked_by_id=by.id,
    )
    act = act_of(approval)
    refuse_if(_why_not_in_office(by, act) or act.why_not(by, approval, at))
    approval.digest = _digest(approval)
    for standing in waiting_for(name, subject, at):
        if standing.digest == approval.digest:
            return standing
    db.session.add(approval)
    db.session.flush()
    audit.record(f"ask_{name}", subject, by=by, at=at, reason=reason, **approval.details)
    return approval


def why_not_confirm(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    """Whether this person may confirm what another one asked for, now."""
    act = act_of(approval)
    refusal = _why_not_in_office(actor, act) or _why_not_open(approval, at)
    if refusal is not None:
        return refusal
    if actor is not None and actor.id == approval.asked_by_id:
        return Refusal(
            "same_person",
            403,
            gettext("You asked for this yourself. Nothing was done."),
            gettext("It needs a second person: ask a colleague to sign in and confirm it."),
        )
    if _digest(approval) != approval.digest:
        return Refusal(
            "changed_since",
            409,
            gettext("What was asked for has changed meanwhile. Nothing was done."),
            gettext("Withdraw this request, look at how things stand, and ask again."),
        )
    return act.why_not(actor, approval, at)


def confirm(approval: Approval, *, by: Actor, at: datetime) -> None:
    """The second person: the act is carried out in this transaction. Raises Refused."""
    refuse_if(why_not_confirm(by, approval, at))
    _end(approval, DONE, by, at)
    details = {**approval.details, "asked_by": approval.asked_by_id}
    audit.record(f"confirm_{approval.act}", approval.subject, by=by, at=at, **details)
    act_of(approval).carry_out(approval, by, at)


def why_not_withdraw(actor: Actor | None, approval: Approval, at: datetime) -> Refusal | None:
    """Anybody of the office may say that it shall not be done."""
    return _why_not_in_office(actor, act_of(approval)) or _why_not_open(approval, at)


def withdraw(approval: Approval, *, by: Actor, at: datetime) -> None:
    """It will not be done. Raises Refused where it is done already."""
    refuse_if(why_not_withdraw(by, approval, at))
    _end(approval, WITHDRAWN, by, at)
    audit.record(f"withdraw_{approval.act}", approval.subject, by=by, at=at)


def approval_by_ref(ref: str, *, for_change: bool = False) -> Approval | None:
    query = select(Approval).where(Approval.ref == ref)
    if for_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def waiting_for(name: str, subject: str, at: datetime) -> list[Approval]:
    """What waits for a second person about this, the oldest first."""
    return [each for each in _waiting(at) if each.act == name and each.subject == subject]


def waiting_for_office(actor: Actor | None, at: datetime) -> list[Approval]:
    """What waits for a second person of this actor's offices, the oldest first."""
    return [each for each in _waiting(at) if acts_as(actor, act_of(each).role)]


def _waiting(at: datetime) -> list[Approval]:
    query = select(Approval).where(Approval.state == WAITING, Approval.lapses_at > at)
    return list(db.session.scalars(query.order_by(Approval.asked_at, Approval.id)))


def _why_not_in_office(actor: Actor | None, act: TwoPersonAct) -> Refusal | None:
    if acts_as(actor, act.role):
        return None
    sentence = gettext("This needs two people of an office that you do not hold.")
    return Refusal("not_in_office", 403, sentence, gettext("Nothing was changed."))


def _why_not_open(approval: Approval, at: datetime) -> Refusal | None:
    if approval.state == WAITING and at < approval.lapses_at:
        return None
    sentences = {
        DONE: gettext("This was confirmed and done already."),
        WITHDRAWN: gettext("This request was withdrawn. Nothing was done."),
    }
    lapsed = gettext("This request waited too long for a second person. Nothing was done.")
    sentence = sentences.get(approval.state, lapsed)
    return Refusal("not_waiting", 409, sentence, gettext("Where it is still needed, ask again."))


def _end(approval: Approval, state: str, by: Actor, at: datetime) -> None:
    approval.state, approval.ended_at, approval.ended_by_id = state, at, by.id
    db.session.flush()


def _digest(approval: Approval) -> str:
    asked = {
        "act": approval.act,
        "details": approval.details,
        "standing": act_of(approval).standing(approval),
        "subject": approval.subject,
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
