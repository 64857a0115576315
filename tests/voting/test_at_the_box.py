"""What decides on a ballot is read as plain values: they are those of the contest and the roll."""

from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.engine import Connection

from accounts.models import User
from budgets.models import Phase
from budgets.phases import ORDER
from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import keep
from voting.queries import at_the_box
from voting.queries.rolls import roll_entry_of


def test_a_contest_is_the_same_at_the_box_as_on_the_officers_page(
    db: SQLAlchemy, world: World
) -> None:
    contest = world.city_contest
    contest.withdrawn = ["0-2"]
    db.session.flush()

    seen = at_the_box.contest_at_the_box(contest.ref)

    assert seen is not None
    for field in set(seen._fields) - {"round"}:
        assert getattr(seen, field) == getattr(contest, field), field
    for field in seen.round._fields:
        assert getattr(seen.round, field) == getattr(contest.round, field), field
    assert seen.is_for_seats is contest.is_for_seats
    assert at_the_box.contest_anew(contest.id) == seen


def test_a_round_that_is_not_announced_has_no_contest_at_the_box(
    db: SQLAlchemy, world: World
) -> None:
    world.city_contest.round.announced_at = None
    db.session.flush()

    assert at_the_box.contest_at_the_box(world.city_contest.ref) is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    days=st.lists(st.integers(0, 60), min_size=0, max_size=5, unique=True),
    order=st.permutations(ORDER),
    ends=st.none() | st.integers(61, 90),
)
def test_whatever_the_calendar_ballots_are_taken_at_the_same_times(
    db: SQLAlchemy, world: World, days: list[int], order: list[str], ends: int | None
) -> None:
    round_, start = world.city_contest.round, clock.now()
    round_.phases.clear()
    db.session.flush()
    round_.ends_at = start + timedelta(days=ends) if ends is not None else None
    for kind, day in zip(order, days, strict=False):
        round_.phases.append(Phase(kind=str(kind), starts_at=start + timedelta(days=day)))
    db.session.flush()

    seen = at_the_box.contest_at_the_box(world.city_contest.ref)

    assert seen is not None
    assert seen.round.voting == round_.voting


def test_a_voter_is_the_same_at_the_box_as_on_the_roll(world: World, amara: User) -> None:
    entry = roll_entry_of(amara.id)
    assert entry is not None

    seen = at_the_box.voter_behind_account(amara.id)

    assert seen is not None
    for field in seen._fields:
        assert getattr(seen, field) == getattr(entry, field), field
    assert at_the_box.voter_anew(entry.id) == seen


def test_whoever_left_the_roll_is_nobody_at_the_box(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    entry = roll_entry_of(amara.id)
    assert entry is not None
    entry.left_on = clock.now().date()
    db.session.flush()

    assert at_the_box.voter_behind_account(amara.id) is None


@pytest.mark.parametrize("ranking", [["0-1"], []], ids=["kept", "cleared"])
def test_what_is_kept_is_answered_without_asking_the_database_again(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, ranking: list[str]
) -> None:
    """A second transaction would have the voter wait in the line of those who write once more."""
    said: list[str] = []

    def note_commit(_connection: Connection) -> None:
        said.append("COMMIT")

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.session, "after_commit", note_commit)
    try:
        answer = keep(voter, world.city_contest, ranking, change="1")
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
        event.remove(db.session, "after_commit", note_commit)

    assert answer.status_code == 200
    assert said[-1] == "COMMIT", said[said.index("COMMIT") :]
