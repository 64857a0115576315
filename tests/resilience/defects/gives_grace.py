"""Its clock is a millisecond slow, so that a ballot is taken in the moment in which voting ends."""

from datetime import timedelta

from core import clock
from tests.resilience.set_clock import app, moment

__all__ = ["app"]
clock.now = lambda: moment() - timedelta(milliseconds=1)
