"""A thread as one reader may see it and write in it. Upper rooms show it under their subjects."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.actors import Actor
from core.refusals import Refusal
from forums.models import Thread
from forums.permissions import may_moderate, why_not_post_reply
from forums.queries import PostLine, posts_of


@dataclass(frozen=True)
class ThreadView:
    """One page of posts, whether this reader may add to them, and whether she moderates."""

    thread: Thread
    posts: Sequence[PostLine]
    after: str | None
    from_start: bool
    why_not_reply: Refusal | None
    moderating: bool


def thread_view(
    thread: Thread,
    viewer: Actor | None,
    at: datetime,
    after: str | None = None,
    around: str | None = None,
) -> ThreadView:
    """See forums.queries.posts_of for `after` and `around`."""
    moderating = may_moderate(viewer)
    viewer_id = viewer.id if viewer is not None and viewer.is_authenticated else None
    page = posts_of(thread, viewer_id=viewer_id, moderating=moderating, after=after, around=around)
    return ThreadView(
        thread=thread,
        posts=page.posts,
        after=page.after,
        from_start=page.from_start,
        why_not_reply=why_not_post_reply(viewer, thread, None, at),
        moderating=moderating,
    )
