"""Moderation: the reports that wait, the acts, and the public log."""

from collections.abc import Callable

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, cache, clock, responses
from core.database import db
from core.refusals import refuse_if
from forums import notifications, permissions, queries
from forums.forms import HideForm, ReasonForm
from forums.models import ModerationAct, Post, Thread
from forums.services import moderation

bp = Blueprint("moderation", __name__)
MODERATORS = permissions.MODERATORS


@bp.get("/moderation")
@access.public
@cache.shared
def log() -> Response:
    """The public log: every act, its rule and its reason; no name of author or moderator."""
    return responses.page(
        "forums/moderation/log.html",
        acts=queries.moderation_log(request.args.get("after")),
    )


@bp.get("/staff/reports")
@access.only(*MODERATORS)
def reports() -> Response:
    """Reported posts, the longest waiting on top."""
    reported = queries.reported_posts()
    return responses.private(responses.page("forums/moderation/reports.html", reported=reported))


@bp.get("/staff/posts/<ref>/hiding")
@access.only(*MODERATORS)
def new_hiding(ref: str) -> Response:
    post = _post(ref)
    refuse_if(permissions.why_not_hide_post(current_user, post))
    return _page("forums/moderation/hide.html", HideForm(), post=post)


@bp.post("/staff/posts/<ref>/hiding")
@access.only(*MODERATORS)
def hide(ref: str) -> BaseResponse:
    """Hides a post: its tombstone stays, the author gets rule and reason, the log shows it."""
    post = _post(ref)
    refuse_if(permissions.why_not_hide_post(current_user, post))
    form = HideForm()
    if not form.validate_on_submit():
        return _page("forums/moderation/hide.html", form, post=post, status=422)
    at = clock.now()
    rule, reason = form.rule.data, form.reason.data
    moderation.hide_post(post, rule=rule, reason=reason, by=current_user, at=at)
    thread = queries.thread_of(post)
    notifications.tell_author_hidden(post, thread, rule=rule, reason=reason, at=at)
    return _done(gettext("The post is hidden. Its author was told why."), _place(post))


@bp.get("/staff/posts/<ref>/showing")
@access.only(*MODERATORS)
def new_showing(ref: str) -> Response:
    post = _post(ref)
    refuse_if(permissions.why_not_show_post(current_user, post))
    return _page("forums/moderation/show.html", ReasonForm(), post=post)


@bp.post("/staff/posts/<ref>/showing")
@access.only(*MODERATORS)
def show(ref: str) -> BaseResponse:
    """Brings a hidden post back."""
    post = _post(ref)
    refuse_if(permissions.why_not_show_post(current_user, post))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page("forums/moderation/show.html", form, post=post, status=422)
    moderation.show_post(post, reason=form.reason.data, by=current_user, at=clock.now())
    return _done(gettext("The post is shown again."), _place(post))


@bp.get("/staff/posts/<ref>/keeping")
@access.only(*MODERATORS)
def new_keeping(ref: str) -> Response:
    post = _post(ref)
    refuse_if(permissions.why_not_settle_reports(current_user, post))
    return _page("forums/moderation/keep.html", ReasonForm(), post=post)


@bp.post("/staff/posts/<ref>/keeping")
@access.only(*MODERATORS)
def keep(ref: str) -> BaseResponse:
    """Settles the reports of a post that stays as it is."""
    post = _post(ref)
    refuse_if(permissions.why_not_settle_reports(current_user, post))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page("forums/moderation/keep.html", form, post=post, status=422)
    moderation.settle_reports(post, reason=form.reason.data, by=current_user, at=clock.now())
    return _done(gettext("The reports are settled."), url_for("forums.moderation.reports"))


@bp.get("/staff/threads/<ref>/<any(locking,unlocking,pinning,unpinning):act>")
@access.only(*MODERATORS)
def new_thread_act(ref: str, act: str) -> Response:
    return _page("forums/moderation/thread.html", ReasonForm(), thread=_thread(ref), act=act)


@bp.post("/staff/threads/<ref>/<any(locking,unlocking,pinning,unpinning):act>")
@access.only(*MODERATORS)
def thread_act(ref: str, act: str) -> BaseResponse:
    """Locks, unlocks, pins or unpins a thread, with a reason."""
    thread = _thread(ref)
    refuse_if(permissions.why_not_moderate(current_user))
    form = ReasonForm()
    if not form.validate_on_submit():
        return _page("forums/moderation/thread.html", form, thread=thread, act=act, status=422)
    change: Callable[..., ModerationAct] = (
        moderation.set_locked if act.endswith("locking") else moderation.set_pinned
    )
    positive = not act.startswith("un")
    change(thread, positive, reason=form.reason.data, by=current_user, at=clock.now())
    return _done(gettext("Done. The act stands in the moderation log."), _thread_place(thread))


def _done(sentence: str, url: str) -> BaseResponse:
    db.session.commit()
    cache.clear()
    flash(sentence, "good")
    return responses.see_other(url)


def _page(
    template: str, form: ReasonForm | HideForm, *, status: int = 200, **context: object
) -> Response:
    return responses.private(responses.page(template, form=form, status=status, **context))


def _place(post: Post) -> str:
    return url_for("forums.threads.post", ref=post.ref)


def _thread_place(thread: Thread) -> str:
    return thread.subject_path or url_for("forums.threads.show", ref=thread.ref)


def _post(ref: str) -> Post:
    post = queries.post_by_ref(ref)
    if post is None:
        raise NotFound
    return post


def _thread(ref: str) -> Thread:
    thread = queries.thread_by_ref(ref)
    if thread is None:
        raise NotFound
    return thread
