"""Printing letters: a batch gets its codes as it is printed, and nobody can print it twice unseen.

Codes are made for the paper and kept nowhere. Whoever lost the file prints anew, with a reason,
and what was printed before is void.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from budgets.models import Round
from core import audit, refs
from core.actors import Actor
from core.database import db
from voting.models import Letter, LetterAddress, LetterBatch
from voting.queries.letters import Addressee, addressees, addressees_of
from voting.services.letters import GivenCode, give_codes

MOST_LETTERS = 500


def print_batch(
    round_: Round, *, by: Actor, at: datetime
) -> tuple[LetterBatch, list[Addressee], list[GivenCode]]:
    """Codes for the next people who wait for a letter, at most 500; the lists belong together."""
    _one_at_a_time(round_)
    return _printed(round_, addressees(round_, MOST_LETTERS), "", by, at)


def print_again(
    batch: LetterBatch, reason: str, *, by: Actor, at: datetime
) -> tuple[LetterBatch, list[Addressee], list[GivenCode]]:
    """New codes for the people of a batch; the letters that were printed before are void."""
    round_ = db.session.get_one(Round, batch.round_id)
    _one_at_a_time(round_)
    return _printed(round_, addressees_of(batch), reason, by, at, before=batch.ref)


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


def _printed(
    round_: Round,
    people: Sequence[Addressee],
    reason: str,
    by: Actor,
    at: datetime,
    *,
    before: str = "",
) -> tuple[LetterBatch, list[Addressee], list[GivenCode]]:
    batch = LetterBatch(
        ref=refs.new_ref()[:6],
        round_id=round_.id,
        size=len(people),
        made_on=at.date(),
        made_by_id=by.id,
        reprint_reason=reason,
    )
    db.session.add(batch)
    db.session.flush()
    given = give_codes([each.entry for each in people], round_, batch, at=at)
    audit.record(
        "print_letters",
        f"batch:{batch.ref}",
        by=by,
        at=at,
        reason=reason,
        round=round_.ref,
        letters=len(people),
        before=before,
    )
    return batch, list(people), given
