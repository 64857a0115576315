"""Batches of papers: opening one, keying it twice, settling, approving.

Each act asks for permission again with the batch held, so that of two at once the second sees what
the first did. What is keyed stands in no line of the audit trail; who settled which paper and why
does.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete

from core import audit, clock
from core.actors import Actor
from core.database import db
from core.refusals import refuse_if
from voting.models import Contest, KeyedPaper, PaperBatch, PaperKeyer, PaperSettlement
from voting.paper_keys import Reading
from voting.permissions.paper_batches import (
    why_not_add_paper,
    why_not_approve,
    why_not_change_batch,
    why_not_key,
    why_not_open_box,
    why_not_settle,
    why_not_take_approval_back,
)
from voting.queries.paper_batches import keyed_by, side_of, state_of


@dataclass(frozen=True)
class BatchNumbers:
    """Where a batch comes from, and what the place counted."""

    place: str
    issued: int
    unused: int
    returned: int


def open_batch(
    contest: Contest, numbers: BatchNumbers, *, by: Actor | None, at: datetime
) -> PaperBatch:
    """A batch of a contest's papers, to be keyed. Raises Refused."""
    refuse_if(why_not_open_box(by, contest.round, at) or why_not_add_paper(contest))
    batch = PaperBatch(contest_id=contest.id, contest=contest, **vars(numbers))
    db.session.add(batch)
    db.session.flush()
    audit.record("open_paper_batch", _subject(batch), by=by, at=at, **vars(numbers))
    return batch


def change_numbers(
    batch: PaperBatch, numbers: BatchNumbers, *, by: Actor | None, at: datetime
) -> None:
    """Puts right what the place counted. Raises Refused."""
    refuse_if(why_not_change_batch(by, batch, at))
    before = {name: getattr(batch, name) for name in vars(numbers)}
    for name, value in vars(numbers).items():
        setattr(batch, name, value)
    db.session.flush()
    audit.record(
        "change_paper_batch", _subject(batch), by=by, at=at, before=before, after=vars(numbers)
    )


def key_paper(
    batch: PaperBatch,
    number: int,
    reading: Reading,
    *,
    by: Actor | None,
    at: datetime,
    insert: bool = False,
) -> None:
    """Stores what one of the two read on a paper: anew, instead of before, or in between.

    The first who keys a batch is its first keyer, the next person its second. Raises Refused.
    """
    refuse_if(why_not_key(by, batch, at))
    side = _side(batch, by)
    papers = list(keyed_by(batch, side).values())
    place = min(max(number, 1), len(papers) + 1) - 1
    if insert:
        papers.insert(place, reading)
    else:
        papers[place : place + 1] = [reading]
    _store(batch, side, papers, first=place)


def drop_paper(batch: PaperBatch, number: int, *, by: Actor | None, at: datetime) -> None:
    """Takes out what was keyed once too often; those behind it move up. Raises Refused."""
    refuse_if(why_not_key(by, batch, at))
    side = _side(batch, by)
    papers = list(keyed_by(batch, side).values())
    if 1 <= number <= len(papers):
        del papers[number - 1]
        _store(batch, side, papers, first=number - 1)


def finish_keying(batch: PaperBatch, *, by: Actor | None, at: datetime) -> None:
    """This keyer is through the stack. Raises Refused."""
    refuse_if(why_not_key(by, batch, at))
    side = _side(batch, by)
    for keyer in batch.keyers:
        if keyer.side == side:
            keyer.is_finished = True
    db.session.flush()


def go_on_keying(batch: PaperBatch, *, by: Actor | None, at: datetime) -> None:
    """A keyer puts something right after all; what was settled is settled anew."""
    refuse_if(why_not_change_batch(by, batch, at))
    for keyer in batch.keyers:
        if by is not None and keyer.user_id == by.id:
            keyer.is_finished = False
            db.session.execute(delete(PaperSettlement).where(PaperSettlement.batch_id == batch.id))
            audit.record("go_on_keying", _subject(batch), by=by, at=at)
    db.session.flush()


def settle_paper(
    batch: PaperBatch, number: int, reading: Reading, *, why: str, by: Actor | None, at: datetime
) -> None:
    """One of the two writes down what a paper says after all; it holds once the other agrees."""
    refuse_if(why_not_settle(by, state_of(batch), at))
    assert by is not None, "Somebody who may settle is somebody."
    settled = db.session.get(PaperSettlement, (batch.id, number))
    if settled is None:
        settled = PaperSettlement(batch_id=batch.id, number=number)
        db.session.add(settled)
    settled.ranking, settled.spoiled_reason = reading.ranking, reading.spoiled
    settled.why, settled.settled_by_id, settled.agreed_by_id = why, by.id, None
    db.session.flush()
    audit.record("settle_paper", _subject(batch), by=by, at=at, reason=why, paper=number)


def agree_to_settlement(batch: PaperBatch, number: int, *, by: Actor | None, at: datetime) -> bool:
    """The other of the two agrees; False where there is nothing that she could agree to."""
    refuse_if(why_not_settle(by, state_of(batch), at))
    settled = db.session.get(PaperSettlement, (batch.id, number))
    if settled is None or by is None or settled.settled_by_id == by.id:
        return False
    settled.agreed_by_id = by.id
    db.session.flush()
    audit.record("agree_to_settlement", _subject(batch), by=by, at=at, paper=number)
    return True


def approve_batch(batch: PaperBatch, *, by: Actor | None, at: datetime) -> None:
    """An officer who keyed neither finds that every paper is accounted for. Raises Refused."""
    state = state_of(batch)
    refuse_if(why_not_approve(by, state, at))
    sums = state.sums
    batch.counted, batch.spoiled = sums.counted, sums.spoiled
    batch.approved_on = clock.city_day(at)
    batch.approved_by_id = by.id if by is not None else None
    db.session.flush()
    audit.record(
        "approve_paper_batch",
        _subject(batch),
        by=by,
        at=at,
        settled=len(state.differences),
        **vars(sums),
    )


def take_approval_back(batch: PaperBatch, *, reason: str, by: Actor | None, at: datetime) -> None:
    """A mistake was found after all: the batch can be changed again. Raises Refused."""
    refuse_if(why_not_take_approval_back(by, batch, at))
    batch.counted = batch.spoiled = batch.approved_on = batch.approved_by_id = None
    db.session.flush()
    audit.record("take_approval_back", _subject(batch), by=by, at=at, reason=reason)


def _side(batch: PaperBatch, by: Actor | None) -> int:
    """The side of this keyer, who becomes one if she is not."""
    assert by is not None, "Somebody who may key is somebody."
    side = side_of(batch, by)
    if side is None:
        side = 2 if any(each.side == 1 for each in batch.keyers) else 1
        batch.keyers.append(PaperKeyer(side=side, user_id=by.id))
        db.session.flush()
    return side


def _store(batch: PaperBatch, side: int, papers: list[Reading], *, first: int) -> None:
    """Writes the stack of one side anew from this place on."""
    behind = (
        (KeyedPaper.batch_id == batch.id) & (KeyedPaper.side == side) & (KeyedPaper.number > first)
    )
    db.session.execute(delete(KeyedPaper).where(behind))
    db.session.expire_all()
    db.session.add_all(
        KeyedPaper(
            batch_id=batch.id,
            side=side,
            number=number,
            ranking=reading.ranking,
            spoiled_reason=reading.spoiled,
        )
        for number, reading in enumerate(papers[first:], first + 1)
    )
    db.session.flush()


def _subject(batch: PaperBatch) -> str:
    return f"paper_batch:{batch.ref}"
