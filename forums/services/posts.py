"""Posting."""

from datetime import datetime

from sqlalchemy import select

from core import audit, text
from core.actors import Actor
from core.database import db
from forums import tree
from forums.models import Flag, Post, Thread


def post_reply(
    thread: Thread,
    parent: Post | None,
    *,
    source: str,
    form_key: str | None,
    by: Actor,
    at: datetime,
) -> Post:
    """Adds a post to a thread, below `parent` if there is one.

    The same form key from the same person gives the post that is already there: a double click
    or a retry posts once. The thread's row is locked, so that numbers are taken one by one.
    """
    locked = db.session.scalars(
        select(Thread).where(Thread.id == thread.id).with_for_update()
    ).one()
    if form_key and (posted := posted_before(by, form_key)) is not None:
        return posted
    locked.post_count += 1
    path = tree.path_below(parent.path if parent else "", locked.post_count)
    post = Post(
        thread_id=locked.id,
        parent_id=parent.id if parent else None,
        author_id=by.id,
        author_name=by.display_name,
        path=path,
        depth=tree.depth_of(path),
        source=source,
        html=text.render(source),
        form_key=form_key or None,
        created_at=at,
    )
    db.session.add(post)
    locked.last_post_at = at
    db.session.flush()
    audit.record("post_reply", f"post:{post.ref}", by=by, at=at)
    return post


def flag_post(post: Post, *, rule: str, note: str, by: Actor, at: datetime) -> Flag:
    """A resident's report. Reporting the same post again changes the report, not their number."""
    flag = db.session.scalar(select(Flag).where(Flag.post_id == post.id, Flag.user_id == by.id))
    if flag is None:
        flag = Flag(post_id=post.id, user_id=by.id, rule=rule, note=note, flagged_at=at)
        db.session.add(flag)
    elif flag.settled_at is None:
        flag.rule, flag.note = rule, note
    db.session.flush()
    return flag


def posted_before(by: Actor, form_key: str) -> Post | None:
    """What this person already posted with this form, if anything."""
    return db.session.scalar(select(Post).where(Post.author_id == by.id, Post.form_key == form_key))
