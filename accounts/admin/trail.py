"""The audit trail as those in charge read it: who did what, the newest first."""

from flask import Blueprint, Response, request
from flask_login import current_user

from accounts import queries
from accounts.act_words import act_in_words
from core import access, audit, responses
from core.paging import read_cursor
from core.text import clean_line

bp = Blueprint("trail", __name__)


@bp.get("/staff/trail")
@access.only("officer", "administrator")
def index() -> Response:
    """A page of the trail. Only administrators read what is about single accounts."""
    act = clean_line(request.args.get("act", ""))[:60]
    subject = clean_line(request.args.get("subject", ""))[:120]
    cursor = read_cursor(request.args.get("after"), int)
    sees_persons = current_user.has_role("administrator")
    entries = audit.entries_before(cursor, act=act, subject=subject, open_only=not sees_persons)
    page = responses.page(
        "accounts/admin/trail.html",
        entries=entries,
        names=queries.names_of([entry.actor_id for entry in entries.rows]),
        acts=sorted(audit.acts_recorded(), key=act_in_words),
        act_in_words=act_in_words,
        act=act,
        subject=subject,
        sees_persons=sees_persons,
    )
    return responses.private(page)
