"""Posting, and reporting a post."""

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, cache, clock, htmx, responses
from core.database import db
from core.limits import limiter
from core.refs import new_ref
from core.refusals import refuse_if
from forums import permissions, queries
from forums.forms import FlagForm, ReplyForm
from forums.models import Post, Thread
from forums.services import posts

bp = Blueprint("posts", __name__)


@bp.post("/threads/<ref>/posts")
@access.signed_in
@limiter.limit("30 per 10 minutes")
def comment(ref: str) -> BaseResponse:
    """Posts a comment in a thread."""
    thread = queries.thread_by_ref(ref)
    if thread is None:
        raise NotFound
    return _post(thread, None)


@bp.get("/posts/<ref>/replies/new")
@access.signed_in
def new_reply(ref: str) -> Response:
    """The form for an answer to one post, with that post above it."""
    parent = _find(ref)
    thread = queries.thread_of(parent)
    refuse_if(permissions.why_not_post_reply(current_user, thread, parent, clock.now()))
    return _reply_page(thread, parent, ReplyForm(form_key=new_ref()))


@bp.post("/posts/<ref>/replies")
@access.signed_in
@limiter.limit("30 per 10 minutes")
def reply(ref: str) -> BaseResponse:
    """Posts an answer to one post."""
    parent = _find(ref)
    return _post(queries.thread_of(parent), parent)


@bp.get("/posts/<ref>/flags/new")
@access.signed_in
def new_flag(ref: str) -> Response:
    post = _find(ref)
    refuse_if(permissions.why_not_flag_post(current_user, post))
    return responses.private(responses.page("forums/posts/flag.html", post=post, form=FlagForm()))


@bp.post("/posts/<ref>/flags")
@access.signed_in
@limiter.limit("20 per hour")
def flag(ref: str) -> BaseResponse:
    """Reports a post to the moderators."""
    post = _find(ref)
    refuse_if(permissions.why_not_flag_post(current_user, post))
    form = FlagForm()
    if not form.validate_on_submit():
        return responses.page("forums/posts/flag.html", post=post, form=form, status=422)
    posts.flag_post(post, rule=form.rule.data, note=form.note.data, by=current_user, at=clock.now())
    db.session.commit()
    flash(gettext("Thank you. A moderator will look at this post."), "good")
    return responses.see_other(url_for("forums.threads.post", ref=post.ref))


def _post(thread: Thread, parent: Post | None) -> BaseResponse:
    at = clock.now()
    refuse_if(permissions.why_not_post_reply(current_user, thread, parent, at))
    form = ReplyForm()
    if not form.validate_on_submit():
        return _reply_page(thread, parent, form, status=422)
    post = posts.post_reply(
        thread,
        parent,
        source=form.source.data,
        form_key=form.form_key.data,
        by=current_user,
        at=at,
    )
    db.session.commit()
    cache.clear()
    if htmx.asked() and parent is None:
        line = queries.line_of(post, viewer_id=current_user.id)
        fresh = ReplyForm(formdata=None, form_key=new_ref())
        return responses.page("forums/posts/posted.html", line=line, thread=thread, form=fresh)
    return responses.see_other(url_for("forums.threads.post", ref=post.ref))


def _reply_page(
    thread: Thread, parent: Post | None, form: ReplyForm, status: int = 200
) -> Response:
    line = queries.line_of(parent, viewer_id=current_user.id) if parent else None
    if htmx.asked() and parent is None:
        return responses.page("forums/posts/form.html", thread=thread, form=form, status=status)
    return responses.private(
        responses.page(
            "forums/posts/reply.html", thread=thread, parent=line, form=form, status=status
        )
    )


def _find(ref: str) -> Post:
    post = queries.post_by_ref(ref)
    if post is None:
        raise NotFound
    return post
