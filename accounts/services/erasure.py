"""Erasing an account: the person goes, what she gave the town stays without her name.

What stays and why: published proposals and posts, under “former member”; her entry of the voter
roll, which holds a key and no name, so that nobody votes twice; the sealed ballots, which nothing
leads to. Rooms do their part in the slot `erase_account`, before the row goes.
"""

from datetime import datetime

from sqlalchemy import delete

from accounts.models import User
from core import audit, jobs, mail, search, slots
from core.actors import Actor
from core.approvals import Approval
from core.database import db


def erase_account(person: User, *, by: Actor | None, at: datetime, reason: str = "") -> None:
    """Removes the person everywhere. `by` is None where she asked for it herself.

    The caller commits. Doing it for somebody who holds a role is refused before.
    """
    db.session.flush()
    subject, address = f"account:{person.ref}", person.email
    slots.call("erase_account", person=person, at=at)
    search.forget("account", person.id)
    jobs.forget(address)
    jobs.forget(person.ref)
    mail.forget(address)
    db.session.execute(delete(Approval).where(Approval.subject == subject))
    audit.empty_of(person.id, subject, by=by, at=at, reason=reason)
    # The database itself takes along what hangs on the account, or lets go of it.
    db.session.execute(delete(User).where(User.id == person.id))
    db.session.expire_all()
