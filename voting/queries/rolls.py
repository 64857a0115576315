"""The voter roll: who may vote, as keys of the register and districts."""

from sqlalchemy import bindparam, select

from accounts.models import Residency
from core.database import db
from voting.models import RollEntry

_BEHIND_ACCOUNT = (
    select(RollEntry)
    .join(Residency, Residency.person_key == RollEntry.person_key)
    .where(Residency.user_id == bindparam("user_id"))
)


def roll_entry_of(user_id: int) -> RollEntry | None:
    """The entry of the person whom a clerk found behind this account; None if nobody did."""
    return db.session.scalar(_BEHIND_ACCOUNT, {"user_id": user_id})
