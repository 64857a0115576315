"""Writing the rows of the ballot box, in the transaction that `box` opened for a voter."""

from typing import TypedDict

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from core.database import db
from voting import sealing
from voting.models import Ballot, ClearedBallot
from voting.queries.stored_ballots import StoredBallot, stored_ballot

_BALLOT = db.metadata.tables[Ballot.__tablename__]
_CLEARED = db.metadata.tables[ClearedBallot.__tablename__]
_STORE = {
    "sqlite": sqlite.insert(_BALLOT).on_conflict_do_nothing().returning(_BALLOT.c.id),
    "postgresql": postgresql.insert(_BALLOT).on_conflict_do_nothing().returning(_BALLOT.c.id),
}
_OVERWRITE = update(_BALLOT).where(_BALLOT.c.id == bindparam("stored_id"))
_REMOVE = delete(_BALLOT).where(_BALLOT.c.id == bindparam("stored_id"))
_NOTE = insert(_CLEARED)
_FORGET = delete(_CLEARED).where(
    _CLEARED.c.contest_id == bindparam("of_contest"), _CLEARED.c.tag == bindparam("of_tag")
)


class Content(TypedDict):
    """All of a ballot that its voter may change, written as a whole."""

    ranking: bytes
    is_cast: bool
    salt: bytes | None
    commitment: bytes | None
    manifest_number: int | None
    kept_change: int | None


def store_or_find(contest_id: int, tag: str, content: Content) -> StoredBallot | None:
    """Stores a first ballot: None; or answers with the one that another process stored just now.

    The look before and the constraint each suffice to keep one ballot a person.
    """
    ballot = {"id": sealing.new_ballot_id(), "contest_id": contest_id, "tag": tag, **content}
    stored = db.session.execute(_STORE[db.session.get_bind().dialect.name], ballot)
    if stored.first() is not None:
        return None
    earlier = stored_ballot(contest_id, tag)
    assert earlier is not None, "Only a ballot under the same tag keeps this one out."
    return earlier


def overwrite(earlier: StoredBallot, content: Content) -> None:
    """What this person has there now takes the place of what she had."""
    db.session.execute(_OVERWRITE, {"stored_id": earlier.id, **content})


def remove(earlier: StoredBallot) -> None:
    """She took back what was kept."""
    db.session.execute(_REMOVE, {"stored_id": earlier.id})


def note_clearing(contest_id: int, tag: str, change: int | None) -> None:
    """Notes by which change the paper under this tag was cleared, or, with None, that it is not."""
    db.session.execute(_FORGET, {"of_contest": contest_id, "of_tag": tag})
    if change is not None:
        db.session.execute(_NOTE, {"contest_id": contest_id, "tag": tag, "change": change})
