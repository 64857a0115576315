"""The voter roll: who may vote, as keys of the register and districts."""

from sqlalchemy import bindparam, select

from accounts.models import Residency
from accounts.ways import Home
from core.database import db
from voting.models import RollEntry

_BEHIND_ACCOUNT = (
    select(RollEntry)
    .join(Residency, Residency.person_key == RollEntry.person_key)
    .where(Residency.user_id == bindparam("user_id"), RollEntry.left_on.is_(None))
)


def roll_entry_of(user_id: int) -> RollEntry | None:
    """The entry of the person whom a clerk found behind this account; None if nobody did."""
    return db.session.scalar(_BEHIND_ACCOUNT, {"user_id": user_id})


def roll_entry_by_key(person_key: str) -> RollEntry | None:
    """The entry of the person of the register who has this key, while she is on the roll."""
    return db.session.scalar(
        select(RollEntry).where(RollEntry.person_key == person_key, RollEntry.left_on.is_(None))
    )


def home_on_the_roll(person_key: str) -> Home | None:
    """What the roll says of this person of the register; stands in a slot of accounts."""
    entry = db.session.scalar(select(RollEntry).where(RollEntry.person_key == person_key))
    return Home(entry.district_id, entry.left_on is not None) if entry is not None else None
