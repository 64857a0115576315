"""Who is signed in: the token in the signed cookie, held against the sessions that live.

Flask-Login keeps in the cookie whose it says it is; that alone opens nothing. Receipts stay in
the cookie, where no table joins them to a person.
"""

from contextlib import suppress
from datetime import datetime

from flask import Flask, g, request, session
from flask_security import login_user, logout_user
from flask_security.utils import set_request_attr
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response

from accounts import queries
from accounts.devices import device_of
from accounts.models import AccountSession, User
from accounts.services import sessions
from accounts.sessions import hash_of
from core import clock, logs, slots
from core.database import db

TOKEN = "token"  # noqa: S105  (the name under which the cookie holds it)
# What being signed in needs. All else a session held belongs to who was there before, and goes
# with her: a receipt of hers must not wait for the next person at the desk.
KEPT = {"_user_id", "_fresh", "_id", "_permanent", "fs_cc", "fs_paa", TOKEN}


def init_app(app: Flask) -> None:
    app.login_manager.user_loader(find)  # type: ignore[attr-defined]
    app.after_request(_note_use)


def find(mark: str) -> User | None:
    """The person whose living session this is, or nobody."""
    found = queries.signed_in_with(session.get(TOKEN, ""), mark, clock.now())
    if found is None:
        return None
    person, row = found
    g.session_confirmed = row.confirmed
    g.unnoted_session = row.token_sha256 if row.seen_on < clock.now().date() else None
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return person


def arrive(person: User, *, remember: bool, confirmed: bool, at: datetime) -> None:
    """Signs in here: a session that begins anew. Whichever was in this browser before is over.

    The caller commits.
    """
    slots.call("somebody_arrives")
    sessions.end_session(session.get(TOKEN, ""))
    device = device_of(request.headers.get("User-Agent", ""))
    token = sessions.begin_session(person, device, confirmed=confirmed, at=at)
    session[TOKEN] = token
    login_user(person, remember=False, authn_via=["password"])
    _forget_the_rest()
    session.permanent = remember


def leave() -> None:
    """Signs out here. Nothing of this person stays in the browser. The caller commits."""
    sessions.end_session(session.get(TOKEN, ""))
    logout_user()
    session.pop(TOKEN, None)
    session.pop("_permanent", None)
    _forget_the_rest()


def is_confirmed() -> bool:
    """Whether a second factor was shown when this session began."""
    return bool(g.get("session_confirmed", False))


def is_this_one(row: AccountSession) -> bool:
    """Whether this is the session in which the page is read."""
    return row.token_sha256 == hash_of(session.get(TOKEN, ""))


def _forget_the_rest() -> None:
    for key in set(session) - KEPT:
        session.pop(key)


def _note_use(response: Response) -> Response:
    """Notes once a day that a session was used, in a transaction of its own.

    Only while reading: a posted act is never written beside a note of who was there, and at
    the ballot box nothing is noted at all.
    """
    token_sha256 = g.pop("unnoted_session", None)
    if token_sha256 is None or request.method != "GET":
        return response
    if logs.at_the_box(request.endpoint):
        return response
    today = clock.now().date()
    note = update(AccountSession).where(AccountSession.token_sha256 == token_sha256)
    # Where the database is too busy for it, the next page notes it.
    with suppress(OperationalError), db.engine.begin() as connection:
        connection.execute(note.values(seen_on=today))
    return response
