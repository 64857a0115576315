"""What becomes of proposals when their author's account is erased."""

from datetime import datetime

from sqlalchemy import select, update

from core.actors import Actor
from core.database import db
from proposals.models import Proposal


def erase_author(person: Actor, at: datetime) -> None:  # noqa: ARG001  (all slots get the time)
    """Drafts go, since nobody but her has seen them; what was published stays without her name."""
    hers = Proposal.author_id == person.id
    for draft in db.session.scalars(select(Proposal).where(hers, Proposal.published_at.is_(None))):
        db.session.delete(draft)
    db.session.flush()
    db.session.execute(update(Proposal).where(hers).values(author_id=None, form_key=None))
