"""Acts of moderation. Each one stands in the public log; none removes what was written."""

from datetime import datetime

from sqlalchemy import select, update

from core import audit
from core.actors import Actor
from core.database import db
from forums.models import Flag, ModerationAct, Post, Thread


def hide_post(post: Post, *, rule: str, reason: str, by: Actor, at: datetime) -> ModerationAct:
    """Takes a post from view; a tombstone with rule and reason stays. Settles its reports."""
    post = _locked(post)
    post.hidden_at, post.hidden_rule, post.hidden_reason = at, rule, reason
    _settle(post, at)
    return _log("hide", post=post, rule=rule, reason=reason, by=by, at=at)


def show_post(post: Post, *, reason: str, by: Actor, at: datetime) -> ModerationAct:
    """Brings a hidden post back: a correction, which the log shows beside the first act."""
    post = _locked(post)
    post.hidden_at = post.hidden_rule = post.hidden_reason = None
    return _log("show", post=post, reason=reason, by=by, at=at)


def settle_reports(post: Post, *, reason: str, by: Actor, at: datetime) -> ModerationAct:
    """The moderator looked and leaves the post as it is."""
    _settle(post, at)
    return _log("keep", post=post, reason=reason, by=by, at=at)


def set_locked(
    thread: Thread, locked: bool, *, reason: str, by: Actor, at: datetime
) -> ModerationAct:
    """Ends or allows replies in a thread."""
    thread.locked_at = at if locked else None
    return _log("lock" if locked else "unlock", thread=thread, reason=reason, by=by, at=at)


def set_pinned(
    thread: Thread, pinned: bool, *, reason: str, by: Actor, at: datetime
) -> ModerationAct:
    """Puts a thread on top of its roundtable, or lets it go."""
    thread.pinned_at = at if pinned else None
    return _log("pin" if pinned else "unpin", thread=thread, reason=reason, by=by, at=at)


def _locked(post: Post) -> Post:
    return db.session.scalars(select(Post).where(Post.id == post.id).with_for_update()).one()


def _settle(post: Post, at: datetime) -> None:
    still_open = (Flag.post_id == post.id) & Flag.settled_at.is_(None)
    db.session.execute(update(Flag).where(still_open).values(settled_at=at))


def _log(
    act: str,
    *,
    by: Actor,
    at: datetime,
    reason: str,
    rule: str | None = None,
    post: Post | None = None,
    thread: Thread | None = None,
) -> ModerationAct:
    thread = thread or (db.session.get(Thread, post.thread_id) if post else None)
    entry = ModerationAct(
        act=act,
        at=at,
        rule=rule,
        reason=reason,
        place=thread.title if thread else "",
        thread_id=thread.id if thread else None,
        post_id=post.id if post else None,
        moderator_id=by.id,
    )
    db.session.add(entry)
    subject = f"post:{post.ref}" if post else f"thread:{thread.ref if thread else ''}"
    audit.record(f"{act}_by_moderator", subject, by=by, at=at, reason=reason, rule=rule)
    db.session.flush()
    return entry
