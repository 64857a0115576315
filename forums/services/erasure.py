"""What becomes of posts when their author's account is erased."""

from datetime import datetime

from sqlalchemy import update

from core.actors import Actor
from core.database import db
from forums.models import Post, Thread


def erase_author(person: Actor, at: datetime) -> None:  # noqa: ARG001  (all slots get the time)
    """What she said stays in its place, so that answers can be understood, without her name.

    Her reports and what else hangs on the account go with it.
    """
    hers = update(Post).where(Post.author_id == person.id)
    db.session.execute(hers.values(author_id=None, author_name="", form_key=None))
    threads = update(Thread).where(Thread.author_id == person.id)
    db.session.execute(threads.values(author_id=None))
