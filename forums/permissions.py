"""Who may say and do what in the forums, and the sentence for who may not."""

from datetime import datetime

from flask_babel import gettext

from core.actors import Actor, acts_as
from core.refusals import Refusal
from forums.models import Post, Roundtable, Thread
from forums.tree import MOST_POSTS

MODERATORS = ("moderator", "administrator")


def may_moderate(actor: Actor | None) -> bool:
    return acts_as(actor, *MODERATORS)


def why_not_open_roundtable(actor: Actor | None) -> Refusal | None:
    if may_moderate(actor):
        return None
    return Refusal("not_moderator", 403, gettext("Only moderators open roundtables."))


def why_not_open_thread(
    actor: Actor | None, roundtable: Roundtable, at: datetime
) -> Refusal | None:
    if (refusal := _why_not_write(actor)) is not None:
        return refusal
    if at < roundtable.opens_at:
        return Refusal("not_open_yet", 409, gettext("This roundtable has not opened yet."))
    if at >= roundtable.closes_at:
        return Refusal(
            "closed",
            409,
            gettext("This roundtable has closed. Your text was not posted."),
            gettext("You can still read it. Copy your text below if you need it elsewhere."),
        )
    return None


def why_not_post_reply(
    actor: Actor | None, thread: Thread, parent: Post | None, at: datetime
) -> Refusal | None:
    if (refusal := _why_not_write(actor)) is not None:
        return refusal
    if thread.locked_at is not None:
        return Refusal(
            "locked",
            409,
            gettext("A moderator has locked this thread. Your text was not posted."),
            gettext("You can still read it. Copy your text below if you need it elsewhere."),
        )
    if thread.roundtable is not None:
        refusal = why_not_open_thread(actor, thread.roundtable, at)
        if refusal is not None:
            return refusal
    if parent is not None and (parent.thread_id != thread.id or parent.hidden_at is not None):
        return Refusal(
            "parent_gone",
            409,
            gettext("The post that you answer is no longer shown. Your text was not posted."),
            gettext("You can post it as a new comment in the thread."),
        )
    if thread.post_count >= MOST_POSTS:
        return Refusal("thread_full", 409, gettext("This thread is full. Please open a new one."))
    return None


def why_not_flag_post(actor: Actor | None, post: Post) -> Refusal | None:
    if (refusal := _why_not_write(actor)) is not None:
        return refusal
    if post.hidden_at is not None:
        return Refusal("hidden", 409, gettext("A moderator has already hidden this post."))
    if actor is not None and post.author_id == actor.id:
        return Refusal("own_post", 403, gettext("This is your own post."))
    return None


def why_not_hide_post(actor: Actor | None, post: Post) -> Refusal | None:
    if (refusal := why_not_settle_reports(actor, post)) is not None:
        return refusal
    if post.hidden_at is not None:
        return Refusal("hidden", 409, gettext("This post is already hidden. Nothing was changed."))
    return None


def why_not_show_post(actor: Actor | None, post: Post) -> Refusal | None:
    if (refusal := why_not_settle_reports(actor, post)) is not None:
        return refusal
    if post.hidden_at is None:
        return Refusal("shown", 409, gettext("This post is not hidden. Nothing was changed."))
    return None


def why_not_settle_reports(actor: Actor | None, post: Post) -> Refusal | None:
    if (refusal := why_not_moderate(actor)) is not None:
        return refusal
    if actor is not None and post.author_id == actor.id:
        return Refusal(
            "own_post", 403, gettext("You cannot moderate your own post. Ask another moderator.")
        )
    return None


def why_not_moderate(actor: Actor | None) -> Refusal | None:
    if may_moderate(actor):
        return None
    return Refusal("not_moderator", 403, gettext("Only moderators can do this."))


def _why_not_write(actor: Actor | None) -> Refusal | None:
    if actor is not None and actor.is_authenticated:
        return None
    return Refusal("sign_in", 401, gettext("Sign in to write here."))
