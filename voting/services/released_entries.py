"""What it means for the roll that a confirmed residency is taken back.

The person whom the account was not is as free as before: she can be confirmed elsewhere, and votes
with a code. What opened the wrong account opens it no second time.
"""

from datetime import datetime

from sqlalchemy import delete, exists, or_, select

from accounts.models import Residency
from accounts.ways import LETTER, MOBILE, PROOF
from core.actors import Actor
from core.database import db
from core.refusals import refuse_if
from voting.models import Contest, Letter, LetterAddress, RegisterProof, RollEntry
from voting.permissions.residencies import why_not_release_entry
from voting.services import box
from voting.services.letters import void_letter

MISUSED = "used by somebody else"


def release_entry(*, residency: Residency, by: Actor, at: datetime) -> None:
    """The entry of the roll has no account any more; stands in a slot of accounts.

    Raises Refused once a ballot was cast or kept.
    """
    query = select(RollEntry).where(RollEntry.person_key == residency.person_key)
    entry = db.session.scalar(query)
    if entry is None:
        return
    contests = _contests_with_ballots()
    for contest in contests:
        box.hold_settings(contest)
    for contest in {each.round_id: each for each in contests}.values():
        box.lock_voter(contest, entry)
    refuse_if(why_not_release_entry(entry, contests))
    _close_way(entry, residency.way, by, at)
    if entry.channel == "account" and not _is_on_register(entry):
        entry.left_on = at.date()


def _contests_with_ballots() -> list[Contest]:
    """Those in whose boxes a ballot may lie under a tag, in the order in which all lock them."""
    query = select(Contest).where(Contest.sealed_at.is_(None), Contest.link_key_sha256.is_not(None))
    return list(db.session.scalars(query.order_by(Contest.id)))


def _close_way(entry: RollEntry, way: str, by: Actor, at: datetime) -> None:
    if way == LETTER:
        living = select(Letter).where(Letter.roll_entry_id == entry.id, Letter.voided_on.is_(None))
        for letter in db.session.scalars(living).all():
            void_letter(letter, MISUSED, by=by, at=at)
    if way in {PROOF, MOBILE}:
        db.session.execute(delete(RegisterProof).where(RegisterProof.roll_entry_id == entry.id))


def _is_on_register(entry: RollEntry) -> bool:
    """Whether the register has her, too; else nobody but the clerk said that she lives here."""
    has_letter = exists().where(Letter.roll_entry_id == entry.id, Letter.batch_id.is_not(None))
    has_address = exists().where(LetterAddress.roll_entry_id == entry.id)
    return bool(db.session.scalar(select(or_(has_letter, has_address))))
