"""Opening threads: at a roundtable, or for a subject of an upper room."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from core import audit
from core.actors import Actor
from core.database import db
from forums.models import Post, Roundtable, Thread
from forums.services.posts import post_reply, posted_before


def open_thread(
    roundtable: Roundtable,
    *,
    title: str,
    source: str,
    form_key: str | None,
    by: Actor,
    at: datetime,
) -> Post:
    """Opens a topic with its first post. The same form key gives the same post again."""
    if form_key and (posted := posted_before(by, form_key)) is not None:
        return posted
    thread = Thread(
        roundtable_id=roundtable.id, title=title, author_id=by.id, created_at=at, last_post_at=at
    )
    db.session.add(thread)
    db.session.flush()
    audit.record("open_thread", f"thread:{thread.ref}", by=by, at=at)
    return post_reply(thread, None, source=source, form_key=form_key, by=by, at=at)


def open_subject_thread(
    kind: str, ref: str, title: str, path: str, visible: bool, *, at: datetime
) -> Thread:
    """The thread under a subject of an upper room; made when it is first asked for."""
    thread = subject_thread(kind, ref)
    if thread is not None:
        thread.title, thread.subject_path, thread.subject_visible = title, path, visible
        return thread
    thread = Thread(
        subject_kind=kind,
        subject_ref=ref,
        subject_path=path,
        subject_visible=visible,
        title=title,
        created_at=at,
        last_post_at=at,
    )
    db.session.add(thread)
    db.session.flush()
    return thread


def open_subject_threads(
    kind: str, subjects: Sequence[tuple[str, str, str]], *, at: datetime
) -> None:
    """The threads under many new subjects at once: each with its ref, title and path."""
    db.session.add_all(
        Thread(
            subject_kind=kind,
            subject_ref=ref,
            subject_path=path,
            title=title,
            created_at=at,
            last_post_at=at,
        )
        for ref, title, path in subjects
    )
    db.session.flush()


def set_subject_visible(kind: str, ref: str, visible: bool) -> None:
    """Tells whether the subject may be seen; its discussion follows."""
    if (thread := subject_thread(kind, ref)) is not None:
        thread.subject_visible = visible


def subject_thread(kind: str, ref: str) -> Thread | None:
    return db.session.scalar(
        select(Thread).where(Thread.subject_kind == kind, Thread.subject_ref == ref)
    )
