"""What the home page and the health check tell."""

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core import slots
from core.database import db


def overview(at: datetime) -> dict[str, Any]:
    """All parts of the home page, each asked from the room that knows it."""
    parts: dict[str, Any] = {}
    for part in slots.call("home", at=at):
        parts.update(part)
    return parts


def waiting_for_staff(at: datetime) -> list[Any]:
    """One line per kind of work that waits: label, number, address."""
    return [line for lines in slots.call("staff_home", at=at) for line in lines]


def health() -> tuple[dict[str, str], int]:
    """Whether the database can be read, in a form that machines understand."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        db.session.rollback()
        return {"status": "database away"}, 503
    return {"status": "ok"}, 200
