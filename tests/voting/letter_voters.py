"""People who vote with a letter and have no account."""

from datetime import timedelta

from accounts.person_keys import person_key
from core import clock
from core.database import db
from districts.models import District
from tests.harness.client import BrowserLikeClient
from voting.models import RollEntry
from voting.services.letter_sessions import begin_letter_session
from voting.services.rolls import enter_on_roll


def on_the_roll(home: District, register_id: str = "LETTER 0001") -> RollEntry:
    """A person of the register who has no account."""
    entry = enter_on_roll(person_key(register_id), home.id, at=clock.now(), channel="register")
    db.session.commit()
    return entry


def enter_code(client: BrowserLikeClient, entry: RollEntry) -> str:
    """Leaves the session as entering the letter's code leaves it; answers with the token."""
    at = clock.now()
    token = begin_letter_session(entry, at=at)
    db.session.commit()
    with client.session_transaction() as session:
        session.clear()
        session["letter"] = [token, int((at + timedelta(hours=4)).timestamp())]
    return token
