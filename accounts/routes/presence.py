"""Who is signed in: the token in the signed cookie, held against the sessions that live.

Flask-Login keeps in the cookie whose it says it is; that alone opens nothing. Receipts stay in
the cookie, where no table joins them to a person.
"""

import time
from contextlib import suppress
from datetime import datetime, timedelta

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask_babel import gettext
from flask_security import login_user, logout_user
from flask_security.utils import set_request_attr
from sqlalchemy import update
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from accounts import queries
from accounts.devices import device_of
from accounts.forms import is_local_path
from accounts.models import AccountSession, User
from accounts.services import sessions
from accounts.sessions import hash_of
from core import clock, logs, slots
from core.database import db

TOKEN = "token"  # noqa: S105  (the name under which the cookie holds it)
FRESH = 3600  # seconds since the password was typed
HALFWAY = "halfway"
TIME_FOR_THE_REST = timedelta(minutes=10)
# What being signed in needs. All else a session held belongs to who was there before, and goes
# with her: a receipt of hers must not wait for the next person at the desk.
KEPT = {"_user_id", "_fresh", "_id", "_permanent", "fs_cc", "fs_paa", TOKEN}


def init_app(app: Flask) -> None:
    app.login_manager.user_loader(find)  # type: ignore[attr-defined]
    app.after_request(_note_use)


def find(mark: str) -> User | None:
    """The person whose living session this is, or nobody."""
    token, at = session.get(TOKEN, ""), clock.now()
    found = queries.signed_in_with(token, mark, at)
    if found is None:
        return None
    person = found.person
    g.session_confirmed = found.confirmed
    person.roles_asleep = frozenset(() if found.confirmed else roles_needing())
    g.unnoted_session = hash_of(token) if found.seen_on < at.date() else None
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", session.get("fs_paa", 0))
    return person


def arrive(person: User, *, remember: bool, confirmed: bool, at: datetime) -> None:
    """Signs in here: a session that begins anew. Whichever was in this browser before is over.

    The caller commits.
    """
    slots.call("somebody_arrives")
    sessions.end_session(session.get(TOKEN, ""))
    token = sessions.begin_session(person, this_device(), confirmed=confirmed, at=at)
    session[TOKEN] = token
    login_user(person, remember=False, authn_via=["password"])
    _forget_the_rest()
    session.permanent = remember


def come_halfway(person: User, *, remember: bool, at: datetime) -> None:
    """Her password was right. Until she shows her second factor she is nobody."""
    sessions.end_session(session.pop(TOKEN, ""))
    _forget_the_rest()
    until = int((at + TIME_FOR_THE_REST).timestamp())
    session[HALFWAY] = [person.fs_uniquifier, until, remember]


def halfway(at: datetime) -> tuple[User, bool] | None:
    """Who has shown her password here and nothing more yet; and whether to remember her."""
    mark, until, remember = session.get(HALFWAY) or ("", 0, False)
    person = queries.account_marked(mark) if at.timestamp() < until else None
    return (person, remember) if person is not None else None


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


def ask_again_if_long_ago(back: str) -> BaseResponse | None:
    """Leads to the password, where it was not typed within the hour; then to the address `back`."""
    if time.time() - session.get("fs_paa", 0) < FRESH:
        return None
    return redirect(url_for("security.verify", next=back), code=303)


def roles_needing() -> list[str]:
    """The roles that sleep until a second factor was shown."""
    roles: list[str] = current_app.config["SETTINGS"].second_factor_roles
    return roles


def is_this_one(row: AccountSession) -> bool:
    """Whether this is the session in which the page is read."""
    return row.token_sha256 == hash_of(session.get(TOKEN, ""))


def wanted_page() -> str:
    """Where the person was going when we asked her to sign in; never to another site."""
    wanted = request.form.get("next") or request.args.get("next")
    return wanted if wanted and is_local_path(wanted) else url_for("app.index")


def device_words(device: str) -> str:
    """What the device of a session or a passkey is called."""
    browser, _, system = device.partition("/")
    if not browser or not system:
        return browser or system or gettext("A device that does not say what it is")
    return gettext("%(browser)s on %(system)s", browser=browser, system=system)


def this_device() -> str:
    return device_of(request.headers.get("User-Agent", ""))


def _forget_the_rest() -> None:
    for key in set(session) - KEPT:
        session.pop(key)


def _note_use(response: BaseResponse) -> BaseResponse:
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
