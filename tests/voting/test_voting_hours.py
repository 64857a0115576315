"""When voting opens and closes: to the millisecond, through daylight saving, in any server zone."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from budgets.models import Phase
from budgets.phases import PhaseKind
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import cast, key_on, open_paper
from voting.models import RollEntry
from voting.permissions import why_not_cast_ballot
from voting.queries.rolls import roll_entry_of
from voting.services.closing import seal_contest

WARSAW = ZoneInfo("Europe/Warsaw")
# In 2026, clocks go from 02:00 to 03:00 on 29 March, and from 03:00 back to 02:00 on 25 October.
SPRING_CLOSING = datetime(2026, 3, 29, 3, 0, tzinfo=WARSAW)
SECOND_HALF_PAST_TWO = datetime(2026, 10, 25, 2, 30, tzinfo=WARSAW, fold=1)
MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture(params=["UTC", "Pacific/Kiritimati"])
def server_zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server whose own clock is set to a zone far from the city's."""
    monkeypatch.setitem(os.environ, "TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


def vote_until(db: SQLAlchemy, world: World, closing: datetime) -> None:
    round_ = world.voting_round
    shift = closing - closing_of(world)
    for phase in db.session.query(Phase).filter_by(round_id=round_.id):
        phase.starts_at += shift
    assert round_.ends_at is not None
    round_.ends_at += shift
    db.session.commit()
    assert closing_of(world) == closing


def opening_of(world: World) -> datetime:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.starts_at


def closing_of(world: World) -> datetime:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.ends_at


@pytest.mark.parametrize("closing", [SPRING_CLOSING, SECOND_HALF_PAST_TWO])
def test_voting_ends_at_the_moment_that_the_city_clock_shows(
    db: SQLAlchemy, world: World, amara: User, server_zone: str, closing: datetime
) -> None:
    vote_until(db, world, closing.astimezone(UTC))
    entry = roll_entry_of(amara.id)
    assert entry is not None

    assert why(entry, world, closing.astimezone(UTC) - MILLISECOND) is None
    for late in (timedelta(0), MILLISECOND, timedelta(minutes=59)):
        assert why(entry, world, closing.astimezone(UTC) + late) == "closed"


def test_the_hour_that_comes_twice_is_told_apart(db: SQLAlchemy, world: World, amara: User) -> None:
    vote_until(db, world, SECOND_HALF_PAST_TWO.astimezone(UTC))
    entry = roll_entry_of(amara.id)
    assert entry is not None

    first_half_past_two = SECOND_HALF_PAST_TWO.replace(fold=0).astimezone(UTC)
    assert why(entry, world, first_half_past_two) is None
    assert why(entry, world, first_half_past_two + timedelta(hours=1)) == "closed"


def test_voting_opens_at_the_moment_that_the_city_clock_shows(
    db: SQLAlchemy, world: World, amara: User, server_zone: str
) -> None:
    """Opened at three, when there was no half past two that night: a second after 01:59:59."""
    lasts = closing_of(world) - opening_of(world)
    opening = SPRING_CLOSING.astimezone(UTC)
    vote_until(db, world, opening + lasts)
    entry = roll_entry_of(amara.id)
    assert entry is not None

    assert why(entry, world, opening - MILLISECOND) == "not_open_yet"
    assert why(entry, world, opening) is None
    assert why(entry, world, opening + lasts - MILLISECOND) is None
    assert why(entry, world, opening + lasts) == "closed"


def test_a_clock_that_is_set_back_after_closing_opens_nothing(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    """Until it is sealed, the clock alone decides; from then on no clock does."""
    entry, closing = roll_entry_of(amara.id), closing_of(world)
    assert entry is not None
    seal_contest(world.city_contest, at=closing)
    db.session.commit()

    for back in (MILLISECOND, timedelta(hours=1), timedelta(days=10)):
        assert why(entry, world, closing - back) == "closed"


@pytest.mark.parametrize(
    ("after_closing", "status"), [(-MILLISECOND, 303), (timedelta(0), 409), (MILLISECOND, 409)]
)
def test_the_box_takes_ballots_to_the_last_millisecond(
    clock: time_machine.Traveller,
    client: BrowserLikeClient,
    world: World,
    amara: User,
    after_closing: timedelta,
    status: int,
) -> None:
    closing = closing_of(world)
    clock.move_to(closing - timedelta(minutes=5))
    sign_in(client, amara)
    key = key_on(open_paper(client, world.city_contest))
    clock.move_to(closing + after_closing)

    assert cast(client, world.city_contest, ["0-1"], key).status_code == status


def why(entry: RollEntry, world: World, at: datetime) -> str | None:
    refusal = why_not_cast_ballot(entry, world.city_contest, at)
    return refusal.code if refusal else None
