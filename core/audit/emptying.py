"""Taking a person out of the trail: what was hers is destroyed, the chain still holds."""

from datetime import datetime

from sqlalchemy import select

from core.actors import Actor
from core.audit.entries import AuditEntry, record
from core.database import db

ERASURE = "erase_account"


def empty_of(
    actor_id: int, subject: str, *, by: Actor | None, at: datetime, reason: str = ""
) -> AuditEntry:
    """Destroys who acted in all entries by this person, and all that is hers in those about her.

    The entry that says so lists the numbers of the emptied ones; no other entry may be found empty.
    What she did in office keeps its reason and its details: they are the town's. Entries of the
    transaction under way are not reached, so this comes after a commit or before any other act.
    """
    theirs = select(AuditEntry).where(AuditEntry.number.is_not(None)).order_by(AuditEntry.number)
    about_her = db.session.scalars(theirs.where(AuditEntry.subject == subject)).all()
    by_her = db.session.scalars(theirs.where(AuditEntry.actor_id == actor_id)).all()
    for entry in about_her:
        entry.matter_salt, entry.reason, entry.details = "", "", {}
    persons = {entry.number: entry for entry in (*about_her, *by_her)}
    for entry in persons.values():
        entry.person_salt, entry.actor_id = "", None
        if entry.about != entry.subject:
            entry.subject = entry.about
    db.session.flush()
    return record(
        ERASURE,
        "account:",
        by=by,
        at=at,
        reason=reason,
        persons=sorted(number for number in persons if number is not None),
        matters=[entry.number for entry in about_her],
    )
