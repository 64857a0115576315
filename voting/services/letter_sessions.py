"""Sessions of people who vote by letter: begun by a code, ended by themselves or by the clerk."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete

from core.database import db
from voting.models import LetterSession, RollEntry

DAYS_KEPT = 2


def begin_letter_session(entry: RollEntry, *, at: datetime) -> str:
    """Opens the papers of this person to one browser; answers with the token that it holds."""
    token = secrets.token_urlsafe(32)
    ends_at = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=DAYS_KEPT)
    db.session.add(
        LetterSession(token_sha256=token_hash(token), roll_entry_id=entry.id, ends_at=ends_at)
    )
    db.session.execute(delete(LetterSession).where(LetterSession.ends_at <= at))
    db.session.flush()
    return token


def end_letter_session(token: str) -> None:
    """ "I am done": the token opens nothing any more."""
    wanted = LetterSession.token_sha256 == token_hash(token)
    db.session.execute(delete(LetterSession).where(wanted))


def end_letter_sessions_of(entry: RollEntry) -> None:
    """Takes this person's papers away from every browser that her letter opened."""
    db.session.execute(delete(LetterSession).where(LetterSession.roll_entry_id == entry.id))


def end_all_letter_sessions() -> None:
    """At closing: whoever votes in another round just types her code again."""
    db.session.execute(delete(LetterSession))


def token_hash(token: str) -> str:
    """What the database keeps of a token; with 256 random bits a plain hash is enough."""
    return hashlib.sha256(f"letter-session\n{token}".encode()).hexdigest()
