"""Ballots sent around the moments in which voting opens and closes, to the millisecond: on a day as
any other, and in the two nights in which the clocks are changed.

The server is a real one whose clock stands where it is set, so that all its processes live in that
night. Nights and days go backwards, so that nobody's session has ended yet.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core import clock
from tests.resilience.box import Box, stored_rankings
from tests.resilience.clients import Client, numbers
from tests.resilience.closing import move_calendar
from tests.resilience.history import History
from tests.resilience.server import CORRECT, serve

PRODUCT = "tests.resilience.set_clock:app"
WARSAW = ZoneInfo("Europe/Warsaw")
MILLISECOND, HOUR = timedelta(milliseconds=1), timedelta(hours=1)
AROUND = (-MILLISECOND, timedelta(0), MILLISECOND)
# In 2026 clocks went from 03:00 back to 02:00 on 25 October, and from 02:00 to 03:00 on 29 March.
HALF_PAST_TWO = datetime(2026, 10, 25, 2, 30, tzinfo=WARSAW)
AFTER_THE_GAP = datetime(2026, 3, 29, 3, 0, tzinfo=WARSAW)


@dataclass(frozen=True)
class Moment:
    """A ballot sent at this moment: whether it is in time, and what became of it."""

    what: str
    at: datetime
    in_time: bool
    status: int
    stored: bool

    @property
    def is_right(self) -> bool:
        return (self.status, self.stored) == ((303, True) if self.in_time else (409, False))


@dataclass
class Hours:
    """All that were sent."""

    moments: list[Moment] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return bool(self.moments) and not self.wrong

    @property
    def wrong(self) -> list[Moment]:
        return [moment for moment in self.moments if not moment.is_right]

    def __str__(self) -> str:
        taken = sum(moment.stored for moment in self.moments)
        return (
            f"{len(self.moments)} ballots around openings and closings, {taken} of them taken; "
            f"wrong: {[f'{each.what}: {each.status}' for each in self.wrong] or 'none'}"
        )


def cast_around_the_hours(
    box: Box, folder: Path, *, defect: str = CORRECT, only: str = ""
) -> Hours:
    """Another voter for each moment, so that no ballot replaces one that should not be there.

    `only` is the beginning of what the edges are called that are tried.
    """
    folder.mkdir(exist_ok=True)
    seen, voters, file = Hours(), iter(box.voters), folder / "clock"
    file.write_text(clock.now().isoformat())
    with (
        serve(box, defect=defect, program=PRODUCT, CLOCK_FILE=str(file)) as server,
        closing(Client(box, server, History(), numbers())) as client,
    ):
        for what, end, is_end in _edges(only):
            lasts = move_calendar(box, end)
            if not is_end:
                lasts = move_calendar(box, end + (lasts.ends_at - lasts.starts_at))
            for at in _around(end):
                file.write_text(at.isoformat())
                voter, ranking = next(voters), client.next_ranking()
                answer = client.post(voter, box.new_key(voter), ranking)
                seen.moments.append(
                    Moment(
                        f"{what} {(at - end).total_seconds():+.3f} s",
                        at,
                        lasts.holds(at),
                        answer.status,
                        ranking in stored_rankings(box),
                    )
                )
    return seen


def _edges(only: str) -> Iterator[tuple[str, datetime, bool]]:
    """Moments in which voting ends, or opens: what to call each, and which of the two it is."""
    nights = {
        "now": clock.now(),
        "at the second half past two": HALF_PAST_TWO.replace(fold=1),
        "at the first half past two": HALF_PAST_TWO.replace(fold=0),
        "at three, a second after two": AFTER_THE_GAP,
    }
    for name, moment in nights.items():
        for what in ("closing", "opening"):
            if f"{what} {name}".startswith(only):
                yield f"{what} {name}", moment.astimezone(UTC), what == "closing"


def _around(edge: datetime) -> list[datetime]:
    """To the millisecond, and an hour off, as a clock is that was changed wrongly."""
    return [edge - HOUR, *(edge + little for little in AROUND), edge + HOUR]
