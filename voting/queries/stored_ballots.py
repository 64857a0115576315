"""What lies in the ballot box under a voter's tag, read as plain rows in the writing transaction.

Every cast and every change of a paper asks this: an object that stands for a row costs several
times what the database itself takes.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from core.database import db
from voting.models import Ballot, ClearedBallot

_BALLOT = db.metadata.tables[Ballot.__tablename__].c
_CLEARED = db.metadata.tables[ClearedBallot.__tablename__].c
_LOOK = (
    select(_BALLOT.id, _BALLOT.ranking, _BALLOT.is_cast, _BALLOT.commitment, _BALLOT.kept_change)
    .where(_BALLOT.contest_id == bindparam("contest_id"), _BALLOT.tag == bindparam("tag"))
    .with_for_update()
)
_CHANGE = select(_CLEARED.change).where(
    _CLEARED.contest_id == bindparam("contest_id"), _CLEARED.tag == bindparam("tag")
)


class StoredBallot(NamedTuple):
    """A ballot that was cast or kept, as it was read."""

    id: str
    ranking: bytes
    is_cast: bool
    commitment: bytes | None
    kept_change: int | None


def stored_ballot(contest_id: int, tag: str) -> StoredBallot | None:
    """The ballot under this tag, held until the transaction ends."""
    row = db.session.execute(_LOOK, {"contest_id": contest_id, "tag": tag}).first()
    return StoredBallot(*row) if row is not None else None


def change_of_clearing(contest_id: int, tag: str) -> int | None:
    """The number of the change by which the paper under this tag was cleared, if that is noted."""
    row = db.session.execute(_CHANGE, {"contest_id": contest_id, "tag": tag}).first()
    return row[0] if row is not None else None
