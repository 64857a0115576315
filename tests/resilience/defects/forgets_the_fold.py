"""Reads the town hall's clock on the wall, and forgets in the night in which it shows an hour twice
which of the two it was."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core import clock
from tests.resilience.set_clock import app, moment

__all__ = ["app"]
WALL = ZoneInfo("Europe/Warsaw")


def off_the_wall() -> datetime:
    return moment().astimezone(WALL).replace(fold=0).astimezone(UTC)


clock.now = off_the_wall
