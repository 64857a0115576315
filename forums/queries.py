"""What may be read in the forums, and by whom. Every list is ordered and bounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext
from sqlalchemy import func, select
from sqlalchemy.orm import aliased, joinedload

from core.database import db
from core.paging import Page, keyset_page, read_cursor, write_cursor
from forums import tree
from forums.models import Flag, ModerationAct, Post, Roundtable, Thread

POSTS_ON_A_PAGE = 100
MOST_PINNED = 10


@dataclass(frozen=True)
class PostLine:
    """One post as it is shown: plain values, so that a long thread prints fast.

    `html` is empty for a hidden post unless the reader is a moderator.
    """

    ref: str
    author: str
    depth: int
    html: str
    at: datetime
    hidden_at: datetime | None
    hidden_rule: str | None
    hidden_reason: str | None
    answers: str | None
    own: bool


@dataclass(frozen=True)
class PostPage:
    """Some posts of a thread in reading order, and the cursor of what follows."""

    posts: Sequence[PostLine]
    after: str | None
    from_start: bool


@dataclass(frozen=True)
class ReportedPost:
    """A post with its open reports."""

    post: Post
    thread: Thread
    flags: Sequence[Flag]


def roundtable_by_ref(ref: str) -> Roundtable | None:
    return db.session.scalar(select(Roundtable).where(Roundtable.ref == ref))


def open_roundtables(at: datetime, most: int = 50) -> Sequence[Roundtable]:
    """Those that take posts now, the one that closes first on top."""
    query = select(Roundtable).where(Roundtable.opens_at <= at, Roundtable.closes_at > at)
    return db.session.scalars(query.order_by(Roundtable.closes_at, Roundtable.id).limit(most)).all()


def closed_roundtables(at: datetime, cursor: str | None) -> Page[Roundtable]:
    """Those that ended, the last one first."""
    key = read_cursor(cursor, int)
    return keyset_page(
        select(Roundtable).where(Roundtable.closes_at <= at),
        [Roundtable.id],
        key,
        lambda row: [row.id],
        descending=True,
        size=20,
    )


def thread_by_ref(ref: str) -> Thread | None:
    """A thread that may be read: its subject, if it has one, can be seen."""
    query = select(Thread).where(Thread.ref == ref, Thread.subject_visible.is_(True))
    return db.session.scalar(query.options(joinedload(Thread.roundtable)))


def pinned_threads(roundtable: Roundtable) -> Sequence[Thread]:
    query = select(Thread).where(
        Thread.roundtable_id == roundtable.id, Thread.pinned_at.is_not(None)
    )
    return db.session.scalars(query.order_by(Thread.pinned_at, Thread.id).limit(MOST_PINNED)).all()


def threads_of(roundtable: Roundtable, cursor: str | None) -> Page[Thread]:
    """The other threads, the newest first: a list that does not jump while it is read."""
    query = select(Thread).where(Thread.roundtable_id == roundtable.id, Thread.pinned_at.is_(None))
    key = read_cursor(cursor, int)
    return keyset_page(query, [Thread.id], key, lambda row: [row.id], descending=True, size=20)


def post_by_ref(ref: str) -> Post | None:
    """A post in a thread that may be read, hidden or not."""
    query = select(Post).join(Thread, Thread.id == Post.thread_id)
    return db.session.scalar(query.where(Post.ref == ref, Thread.subject_visible.is_(True)))


def thread_of(post: Post) -> Thread:
    query = select(Thread).where(Thread.id == post.thread_id)
    return db.session.scalars(query.options(joinedload(Thread.roundtable))).one()


def posts_of(
    thread: Thread,
    *,
    viewer_id: int | None,
    moderating: bool,
    after: str | None = None,
    around: str | None = None,
) -> PostPage:
    """One page of a thread in reading order: one query and one flat list.

    `after` is a cursor; `around` is the ref of a post whose whole branch shall be on the page.
    """
    start = _start(thread, after, around)
    parent = aliased(Post)
    query = select(Post, parent.author_name).outerjoin(parent, parent.id == Post.parent_id)
    query = query.where(Post.thread_id == thread.id, Post.path > start)
    rows = db.session.execute(query.order_by(Post.path).limit(POSTS_ON_A_PAGE + 1)).all()
    shown = rows[:POSTS_ON_A_PAGE]
    return PostPage(
        posts=[_line(post, answers, viewer_id, moderating) for post, answers in shown],
        after=write_cursor([shown[-1][0].path]) if len(rows) > len(shown) else None,
        from_start=start == "",
    )


def line_of(post: Post, *, viewer_id: int) -> PostLine:
    """One post as a resident sees it, as after posting it."""
    parent = db.session.get(Post, post.parent_id) if post.parent_id else None
    return _line(post, parent.author_name if parent else None, viewer_id, moderating=False)


def moderation_log(cursor: str | None) -> Page[ModerationAct]:
    """The public log, the newest act first."""
    return keyset_page(
        select(ModerationAct),
        [ModerationAct.at, ModerationAct.id],
        _moment_cursor(cursor),
        lambda act: [act.at.isoformat(), act.id],
        descending=True,
    )


def reported_posts(most: int = 50) -> Sequence[ReportedPost]:
    """Posts with open reports, the longest waiting first."""
    first = func.min(Flag.flagged_at).label("first")
    waiting = (
        select(Flag.post_id, first)
        .where(Flag.settled_at.is_(None))
        .group_by(Flag.post_id)
        .order_by(first, Flag.post_id)
        .limit(most)
        .subquery()
    )
    query = select(Post, Thread).join(waiting, waiting.c.post_id == Post.id)
    query = query.join(Thread, Thread.id == Post.thread_id).order_by(waiting.c.first, Post.id)
    found = db.session.execute(query).all()
    flags = _open_flags([post.id for post, _ in found])
    return [ReportedPost(post, thread, flags.get(post.id, [])) for post, thread in found]


def reports_waiting() -> int:
    """How many posts have open reports."""
    query = select(func.count(Flag.post_id.distinct())).where(Flag.settled_at.is_(None))
    return db.session.scalar(query) or 0


def _moment_cursor(cursor: str | None) -> tuple[datetime, int] | None:
    key = read_cursor(cursor, str, int)
    if key is None:
        return None
    try:
        at = datetime.fromisoformat(key[0])
    except ValueError:
        return None
    return (at, key[1]) if at.tzinfo is not None else None


def _open_flags(post_ids: Sequence[int]) -> dict[int, list[Flag]]:
    query = select(Flag).where(Flag.post_id.in_(post_ids), Flag.settled_at.is_(None))
    found: dict[int, list[Flag]] = {}
    for flag in db.session.scalars(query.order_by(Flag.id)):
        found.setdefault(flag.post_id, []).append(flag)
    return found


def _start(thread: Thread, after: str | None, around: str | None) -> str:
    """The path behind which the page begins; empty for the beginning of the thread."""
    if around is not None:
        query = select(Post.path).where(Post.ref == around, Post.thread_id == thread.id)
        path = db.session.scalar(query)
        if path is None:
            return ""
        before = select(func.count(Post.id)).where(Post.thread_id == thread.id, Post.path < path)
        if (db.session.scalar(before) or 0) < POSTS_ON_A_PAGE:
            return ""
        root = select(func.max(Post.path)).where(
            Post.thread_id == thread.id, Post.path < tree.root_of(path)
        )
        return db.session.scalar(root) or ""
    cursor = read_cursor(after, str)
    return cursor[0] if cursor else ""


def _line(post: Post, answers: str | None, viewer_id: int | None, moderating: bool) -> PostLine:
    readable = post.hidden_at is None or moderating
    return PostLine(
        ref=post.ref,
        author=post.author_name or gettext("former member"),
        depth=post.depth,
        html=post.html if readable else "",
        at=post.created_at,
        hidden_at=post.hidden_at,
        hidden_rule=post.hidden_rule,
        hidden_reason=post.hidden_reason,
        answers=answers,
        own=viewer_id is not None and post.author_id == viewer_id,
    )
