"""Roundtables: the list, one of them with its threads, and opening one."""

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from core import access, cache, clock, responses
from core.database import db
from core.limits import limiter
from core.refs import new_ref
from core.refusals import refuse_if
from forums import permissions, queries
from forums.forms import RoundtableForm, ThreadForm
from forums.models import Roundtable
from forums.rules import house_rules
from forums.services import roundtables, threads

bp = Blueprint("roundtables", __name__)


@bp.get("/roundtables")
@access.public
@cache.shared
def index() -> Response:
    """What is being talked about now, and what was."""
    at = clock.now()
    cursor = request.args.get("after")
    return responses.page(
        "forums/roundtables/index.html",
        open_now=queries.open_roundtables(at) if cursor is None else [],
        closed=queries.closed_roundtables(at, cursor),
        may_open=permissions.may_moderate(current_user),
    )


@bp.get("/roundtables/<ref>")
@access.public
@cache.shared
def show(ref: str) -> Response:
    """One question, the threads about it, the newest first."""
    roundtable = _find(ref)
    at = clock.now()
    cursor = request.args.get("after")
    return responses.page(
        "forums/roundtables/show.html",
        roundtable=roundtable,
        is_open=roundtable.opens_at <= at < roundtable.closes_at,
        pinned=queries.pinned_threads(roundtable) if cursor is None else [],
        threads=queries.threads_of(roundtable, cursor),
        rules=house_rules(),
    )


@bp.get("/staff/roundtables/new")
@access.only("moderator", "administrator")
def new() -> Response:
    return responses.private(responses.page("forums/roundtables/new.html", form=RoundtableForm()))


@bp.post("/staff/roundtables")
@access.only("moderator", "administrator")
def create() -> BaseResponse:
    """Opens a roundtable."""
    refuse_if(permissions.why_not_open_roundtable(current_user))
    form = RoundtableForm()
    closes_at = form.closes_at.moment if form.validate_on_submit() else None
    if closes_at is None:
        return responses.page("forums/roundtables/new.html", form=form, status=422)
    roundtable = roundtables.open_roundtable(
        title=form.title.data,
        question=form.question.data,
        closes_at=closes_at,
        by=current_user,
        at=clock.now(),
    )
    db.session.commit()
    cache.clear()
    return responses.see_other(url_for("forums.roundtables.show", ref=roundtable.ref))


@bp.get("/roundtables/<ref>/threads/new")
@access.signed_in
def new_thread(ref: str) -> Response:
    """The form for a new topic, or the sentence why none can be opened."""
    roundtable = _find(ref)
    refuse_if(permissions.why_not_open_thread(current_user, roundtable, clock.now()))
    return _thread_page(roundtable, ThreadForm(form_key=new_ref()))


@bp.post("/roundtables/<ref>/threads")
@access.signed_in
@limiter.limit("20 per hour")
def create_thread(ref: str) -> BaseResponse:
    """Opens a topic with its first post."""
    roundtable = _find(ref)
    at = clock.now()
    refuse_if(permissions.why_not_open_thread(current_user, roundtable, at))
    form = ThreadForm()
    if not form.validate_on_submit():
        return _thread_page(roundtable, form, status=422)
    post = threads.open_thread(
        roundtable,
        title=form.title.data,
        source=form.source.data,
        form_key=form.form_key.data,
        by=current_user,
        at=at,
    )
    thread = queries.thread_of(post)
    db.session.commit()
    cache.clear()
    return responses.see_other(url_for("forums.threads.show", ref=thread.ref))


def _thread_page(roundtable: Roundtable, form: ThreadForm, status: int = 200) -> Response:
    template = "forums/threads/new.html"
    return responses.private(
        responses.page(
            template, status=status, roundtable=roundtable, form=form, rules=house_rules()
        )
    )


def _find(ref: str) -> Roundtable:
    roundtable = queries.roundtable_by_ref(ref)
    if roundtable is None:
        raise NotFound(gettext("There is no such roundtable."))
    return roundtable
