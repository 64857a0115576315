"""The voter roll: entering a person, and moving her to another district."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models import Residency
from core.actors import Actor
from core.database import db
from voting.models import RollEntry


def enter_on_roll(
    person_key: str, district_id: int, *, at: datetime, channel: str = "account"
) -> RollEntry:
    """Puts a person on the roll of a district, or moves her there. Doing it twice changes nothing.

    `entered_at` is when she came to this district's roll: whoever came after a contest closed is
    not among those who could vote in it. Nothing is audited here: the act is the clerk's, who
    confirms a residency, and the audit trail has it.
    """
    entry = _locked_entry(person_key)
    if entry is None:
        entry = RollEntry(
            person_key=person_key, district_id=district_id, entered_at=at, channel=channel
        )
        try:
            with db.session.begin_nested():
                db.session.add(entry)
            return entry
        except IntegrityError:
            # Another process entered the same person a moment ago: she is moved there instead.
            entry = _locked_entry(person_key)
            if entry is None:
                raise
    if entry.district_id != district_id or entry.left_on is not None:
        entry.district_id, entry.entered_at, entry.left_on = district_id, at, None
        db.session.flush()
    return entry


def follow_residency(*, residency: Residency, by: Actor | None, at: datetime) -> None:  # noqa: ARG001
    """What a clerk confirmed of a residency holds for the roll; stands in a slot of accounts."""
    enter_on_roll(residency.person_key, residency.district_id, at=at)


def _locked_entry(person_key: str) -> RollEntry | None:
    return db.session.scalar(
        select(RollEntry)
        .where(RollEntry.person_key == person_key)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
