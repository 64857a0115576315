"""What an attack must leave as it was: every row of what was cast, sealed, marked and promised."""

import hashlib

from sqlalchemy import select

from core.database import Base
from core.database import db as database

TABLES = (
    "ballot", "sealed_ballot", "roll_entry", "roll_mark", "paper_mark", "contest", "option",
    "contest_count", "round", "phase", "pot", "manifest", "leaf", "waiting_leaf", "spoiled_ballot",
    "closing_record", "letter", "paper_given",
)  # fmt: skip


def digest() -> str:
    """One hash over all these rows, in the order of their keys."""
    database.session.commit()
    found = hashlib.sha256()
    for name in TABLES:
        table = Base.metadata.tables[name]
        for row in database.session.execute(select(table).order_by(*table.primary_key)):
            found.update(repr((name, *row)).encode())
    return found.hexdigest()
