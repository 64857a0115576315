"""Checking the trail from its first entry to its last, and naming the first that is wrong."""

from collections.abc import Iterable, Sequence
from contextlib import closing

from sqlalchemy import select

from core.audit import chain
from core.audit.emptying import ERASURE
from core.audit.entries import AuditEntry, sha256_of
from core.audit.heads import Head
from core.database import db

BATCH = 1_000


def broken_entry(heads: Sequence[Head] = ()) -> str | None:
    """A sentence that names the first broken entry, or None where all entries hold.

    `heads` are such as were kept before: without them an end that was cut off, or a whole chain
    that was written anew, cannot be told from a true one.
    """
    loose = select(AuditEntry.id).where(AuditEntry.number.is_(None)).order_by(AuditEntry.id)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.number.is_not(None)).order_by(AuditEntry.number),
        execution_options={"yield_per": BATCH},
    )
    with closing(entries):
        wrong = _walk(entries, heads)
    return wrong or _loose(db.session.scalar(loose.limit(1)))


def _walk(entries: Iterable[AuditEntry], heads: Sequence[Head]) -> str | None:
    number, previous = 0, chain.START
    at_number = {head.number: head for head in heads}
    emptied: dict[str, set[int]] = {"persons": set(), "matters": set()}
    for entry in entries:
        number += 1
        wrong = _wrong(entry, number, previous) or _not_as_noted(entry, at_number.get(number))
        if wrong is not None:
            return wrong
        previous = entry.sha256
        _note_emptied(entry, emptied)
    cut = min((head for head in heads if head.number > number), key=_by_number, default=None)
    if cut is not None:
        return (
            f"Entry {number + 1} is missing: the trail ends at entry {number}, but on {cut.day} "
            f"it had {cut.number}."
        )
    unnamed = min(emptied["persons"] | emptied["matters"], default=None)
    return None if unnamed is None else f"Entry {unnamed} is empty, and no erasure names it."


def _wrong(entry: AuditEntry, number: int, previous: str) -> str | None:
    if entry.number != number:
        return f"Entry {number} is missing."
    if entry.previous_sha256 != previous:
        return f"Entry {number} does not follow from the one before: it was put there or moved."
    if entry.sha256 != sha256_of(entry) or entry.about != chain.about(entry.subject):
        return f"Entry {number} was changed."
    if entry.person_salt and entry.person_sha256 != chain.person_sha256(
        entry.person_salt, entry.actor_id, entry.subject
    ):
        return f"Entry {number} was changed: its person is not the one that was written."
    if entry.matter_salt and entry.matter_sha256 != chain.matter_sha256(
        entry.matter_salt, entry.reason, entry.details
    ):
        return f"Entry {number} was changed: its reason or details are not those that were written."
    return _half_empty(entry)


def _half_empty(entry: AuditEntry) -> str | None:
    """What has lost its salt has lost its content too; else somebody filled it anew."""
    refilled = (not entry.matter_salt and (entry.reason or entry.details)) or (
        not entry.person_salt
        and (entry.actor_id is not None or (":" in entry.subject and entry.about != entry.subject))
    )
    if refilled or (entry.act == ERASURE and not entry.matter_salt):
        return f"Entry {entry.number} was changed after it was emptied."
    return None


def _not_as_noted(entry: AuditEntry, head: Head | None) -> str | None:
    if head is None or head.sha256 == entry.sha256:
        return None
    return (
        f"Entry {entry.number} or one before it was changed: it is not the head noted on "
        f"{head.day}."
    )


def _note_emptied(entry: AuditEntry, emptied: dict[str, set[int]]) -> None:
    """Remembers what was found empty until a later erasure names it."""
    assert entry.number is not None
    if not entry.person_salt:
        emptied["persons"].add(entry.number)
    if not entry.matter_salt:
        emptied["matters"].add(entry.number)
    if entry.act == ERASURE:
        for part, numbers in emptied.items():
            numbers.difference_update(entry.details.get(part, ()))


def _loose(entry_id: int | None) -> str | None:
    if entry_id is None:
        return None
    return f"The entry with the id {entry_id} stands in no chain: it was put there by other means."


def _by_number(head: Head) -> int:
    return head.number
