"""Whose ballot a request may touch: that of the account which is signed in, or of a letter.

All routes of ballots and receipts ask here, so that there is one answer. Only the session decides;
nothing that a form or an address says about a person counts.
"""

from datetime import datetime, timedelta

from flask import g, session
from flask_login import current_user
from flask_security import logout_user

from accounts.services.sessions import end_session
from core import clock
from voting.models import RollEntry
from voting.queries.at_the_box import VoterAtTheBox, voter_behind_account, voter_behind_letter
from voting.services.letter_sessions import (
    begin_letter_session,
    end_letter_session,
    token_hash,
)

HOURS_IN_ONE_BROWSER = 4


def entry_of_request() -> VoterAtTheBox | None:
    """The voter's entry on the roll; None where nobody found her there."""
    if current_user.is_authenticated:
        return voter_behind_account(current_user.id)
    return _entry_by_letter()


def holder() -> str | None:
    """Whose session this is, told from the cookie alone: a receipt in it is bound to this.

    Reads no table: after a ballot was committed, another transaction would hold others up.
    """
    account = session.get("_user_id")
    if account is not None:
        return str(account)
    token = _token(clock.now())
    return f"letter:{token_hash(token)}" if token else None


def votes_by_letter() -> bool:
    """Whether a letter's code opened this session, and nobody is signed in."""
    return not current_user.is_authenticated and _entry_by_letter() is not None


def begin(entry: RollEntry, *, at: datetime, batch: str = "") -> None:
    """Makes this session hers; whoever was here before, by account or letter, is signed out.

    `batch`: the large batch in which her letter was printed, for the signals of casting.
    """
    end()
    if current_user.is_authenticated:
        end_session(session.get("token", ""))
        logout_user()
    _forget_all()
    until = at + timedelta(hours=HOURS_IN_ONE_BROWSER)
    session["letter"] = [begin_letter_session(entry, at=at), int(until.timestamp())]
    if batch:
        session["letter_batch"] = batch
    g.pop("letter_entry", None)


def forget() -> None:
    """Nobody votes in this request as far as pages go, and no table is asked: see `core.access`."""
    token = _token(clock.now())
    if token is not None:
        g.letter_entry = (token_hash(token), None)


def end() -> None:
    """She is done: nothing of her stays in the browser, and the token opens nothing any more."""
    kept = session.get("letter")
    if kept:
        end_letter_session(kept[0])
        _forget_all()
    g.pop("letter_entry", None)


def _forget_all() -> None:
    """Empties the session, but for the order to drop the cookie that would sign in again."""
    for key in set(session) - {"_remember"}:
        session.pop(key)


def _entry_by_letter() -> VoterAtTheBox | None:
    """Looked up once a request; the gate asks before the route does."""
    token = _token(clock.now())
    if token is None:
        return None
    digest = token_hash(token)
    if g.get("letter_entry", ("", None))[0] != digest:
        g.letter_entry = (digest, voter_behind_letter(digest, clock.now()))
    entry: VoterAtTheBox | None = g.letter_entry[1]
    return entry


def _token(at: datetime) -> str | None:
    """The token that the browser holds, for some hours from when the code was entered."""
    kept = session.get("letter")
    return str(kept[0]) if kept and at.timestamp() < kept[1] else None
