"""Looks for an earlier ballot in one transaction and inserts in the next, with nothing between
that would keep a second client from doing the same. The tests take the constraint away themselves.
"""

import time
from typing import Any

from core import database
from core.database import db
from voting.services import ballots, box
from wsgi import app

__all__ = ["app"]
module: Any = ballots
transaction: Any = box
ground: Any = database
THOUGHT = 0.1  # seconds between looking and inserting
look = module._earlier_ballot


def look_and_let_go(contest_id: int, tag: str) -> object:
    found = look(contest_id, tag)
    if found is None:
        db.session.commit()
        time.sleep(THOUGHT)
    return found


ground._will_only_read = lambda: True
transaction.lock_voter = lambda _contest, _entry: None
module._earlier_ballot = look_and_let_go
