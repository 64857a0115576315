"""Printing letters: a batch gets its codes as it is printed, and nobody can print it twice unseen.

Codes are made for the paper and kept nowhere. The pages are set first, which takes a while, and
then noted in one short transaction that makes their codes valid, so that nobody who votes meanwhile
waits for a printer. Whoever lost the file prints anew, with a reason, and what was printed before
is void.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select

from budgets.models import Round
from core import audit
from core.actors import Actor
from core.database import db
from voting.letter_codes import LetterCode
from voting.models import Letter, LetterAddress, LetterBatch, RollEntry
from voting.services.letters import give_codes

MOST_LETTERS = 500


class PrintedMeanwhile(RuntimeError):
    """Somebody else printed letters for some of these people while these were set."""


def note_batch(
    batch_ref: str,
    round_: Round,
    people: Sequence[int],
    codes: Sequence[LetterCode],
    *,
    again: LetterBatch | None = None,
    reason: str = "",
    by: Actor,
    at: datetime,
) -> LetterBatch:
    """Makes the codes valid that were printed for these entries of the roll, in this order.

    `again`: the batch that is printed once more for a reason; its letters are void. Else nobody
    of them may have a letter. Raises PrintedMeanwhile where that changed while pages were set.
    """
    _one_at_a_time(round_)
    if _living(round_, people, again) != (len(people) if again else 0):
        raise PrintedMeanwhile(batch_ref)
    batch = LetterBatch(
        ref=batch_ref,
        round_id=round_.id,
        size=len(people),
        made_on=at.date(),
        made_by_id=by.id,
        reprint_reason=reason,
    )
    db.session.add(batch)
    db.session.flush()
    entries = {each.id: each for each in _entries(people)}
    give_codes([entries[person] for person in people], round_, batch, codes, at=at)
    audit.record(
        "print_letters",
        f"batch:{batch.ref}",
        by=by,
        at=at,
        reason=reason,
        round=round_.ref,
        letters=len(people),
        before=again.ref if again else "",
    )
    return batch


def confirm_posted(batch: LetterBatch, *, by: Actor, at: datetime) -> int:
    """The letters of this batch are in the post: the addresses they were printed with are gone.

    Answers with how many. Who needs another letter after that gets her code at the desk.
    """
    batch.posted_on = at.date()
    posted = select(Letter.roll_entry_id).where(
        Letter.batch_id == batch.id, Letter.voided_on.is_(None)
    )
    addresses = db.session.execute(
        delete(LetterAddress)
        .where(LetterAddress.roll_entry_id.in_(posted))
        .execution_options(synchronize_session=False)
    )
    gone = int(getattr(addresses, "rowcount", 0))
    audit.record("post_letters", f"batch:{batch.ref}", by=by, at=at, addresses_destroyed=gone)
    db.session.flush()
    return gone


def _one_at_a_time(round_: Round) -> None:
    """Two clerks who print at once get different people."""
    db.session.execute(select(Round.id).where(Round.id == round_.id).with_for_update())


def _living(round_: Round, people: Sequence[int], of_batch: LetterBatch | None) -> int:
    """How many of these people have a living letter; with a batch, one of that batch."""
    query = (
        select(func.count())
        .select_from(Letter)
        .where(
            Letter.roll_entry_id.in_(people),
            Letter.round_id == round_.id,
            Letter.voided_on.is_(None),
        )
    )
    if of_batch is not None:
        query = query.where(Letter.batch_id == of_batch.id)
    return db.session.scalar(query) or 0


def _entries(people: Sequence[int]) -> Sequence[RollEntry]:
    wanted = select(RollEntry).where(RollEntry.id.in_(people), RollEntry.left_on.is_(None))
    found = db.session.scalars(wanted).all()
    if len(found) != len(people):
        raise PrintedMeanwhile
    return found
