"""People who vote with a letter and have no account."""

from datetime import timedelta

from accounts.person_keys import person_key
from budgets.models import Round
from core import clock
from core.database import db
from districts.models import District
from tests.harness.client import BrowserLikeClient
from voting.letter_codes import LetterCode
from voting.models import RollEntry
from voting.services.letter_sessions import begin_letter_session
from voting.services.letters import give_codes
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


def letter_for(entry: RollEntry, round_: Round) -> LetterCode:
    """The code that stands on this person's letter."""
    given = give_codes([entry], round_, None, at=clock.now())[0]
    db.session.commit()
    return given.code
