"""Threads: reading one, and the lasting addresses of posts."""

from flask import Blueprint, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from core import access, cache, clock, responses
from forums import queries
from forums.forms import reply_form_for
from forums.rules import house_rules
from forums.services.discussions import thread_view

bp = Blueprint("threads", __name__)


@bp.get("/threads/<ref>")
@access.public
@cache.shared
def show(ref: str) -> Response:
    """A thread in reading order; the thread under a subject is shown on the subject's page."""
    thread = queries.thread_by_ref(ref)
    if thread is None:
        raise NotFound
    if thread.subject_path:
        return redirect(thread.subject_path)
    view = thread_view(
        thread,
        current_user,
        clock.now(),
        after=request.args.get("after"),
        around=request.args.get("post"),
    )
    return responses.page(
        "forums/threads/show.html",
        view=view,
        form=reply_form_for(current_user),
        rules=house_rules(),
    )


@bp.get("/posts/<ref>")
@access.public
def post(ref: str) -> Response:
    """The lasting address of a post: leads to where it stands among what it answers."""
    found = queries.post_by_ref(ref)
    if found is None:
        raise NotFound
    thread = queries.thread_of(found)
    base = thread.subject_path or url_for("forums.threads.show", ref=thread.ref)
    return redirect(f"{base}?post={found.ref}#post-{found.ref}")
