"""What the home page and the staff's first page tell."""

from datetime import datetime
from typing import Any

from core import slots


def overview(at: datetime) -> dict[str, Any]:
    """All parts of the home page, each asked from the room that knows it."""
    parts: dict[str, Any] = {}
    for part in slots.call("home", at=at):
        parts.update(part)
    return parts


def waiting_for_staff(at: datetime) -> list[Any]:
    """One line per kind of work that waits: label, number, address."""
    return [line for lines in slots.call("staff_home", at=at) for line in lines]
