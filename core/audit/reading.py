"""Reading the trail: what everybody may read of a subject, and all of it for those in charge."""

from collections.abc import Sequence

from sqlalchemy import select

from core.audit.entries import AuditEntry
from core.database import db
from core.paging import Page, keyset_page


def public_entries(subjects: Sequence[str]) -> list[AuditEntry]:
    """What everybody may read about these subjects, in the order in which it was done."""
    query = select(AuditEntry).where(AuditEntry.is_public, AuditEntry.subject.in_(subjects))
    return list(db.session.scalars(query.order_by(AuditEntry.number)))


def acts_recorded() -> list[str]:
    """Every kind of act that stands in the trail."""
    return list(db.session.scalars(select(AuditEntry.act).distinct().order_by(AuditEntry.act)))


def entries_before(
    cursor: tuple[int] | None, *, act: str = "", subject: str = "", open_only: bool = False
) -> Page[AuditEntry]:
    """A page of the trail, the newest entry first, of one kind of act or about one subject.

    With `open_only` nobody finds out by the subject which entries are about a person.
    """
    query = select(AuditEntry).where(AuditEntry.number.is_not(None))
    if act:
        query = query.where(AuditEntry.act == act)
    if subject:
        named = AuditEntry.about if open_only else AuditEntry.subject
        query = query.where(named == subject)
    return keyset_page(
        query, (AuditEntry.number,), cursor, lambda entry: (entry.number or 0,), descending=True
    )
