"""What was acknowledged is there, and counted, whatever dies in between."""

import pytest

from tests.resilience.box import Box
from tests.resilience.bursts import kill_database, strike_in_bursts
from tests.resilience.history import Outcome
from tests.resilience.server import Server


def test_nothing_is_lost_when_all_workers_are_killed(box: Box) -> None:
    seen = strike_in_bursts(box, Server.kill_workers, blows=2, casts_each=100)

    assert seen.holds, seen
    assert seen.history.number_of(Outcome.ACKNOWLEDGED) >= 200


@pytest.mark.postgres
def test_nothing_is_lost_when_the_database_is_killed_and_comes_back(box: Box) -> None:
    seen = strike_in_bursts(box, kill_database(box), blows=1, casts_each=100)

    assert seen.holds, seen


@pytest.mark.postgres
def test_a_server_that_does_not_wait_for_the_disk_loses_ballots_with_the_database(
    box: Box,
) -> None:
    seen = strike_in_bursts(
        box, kill_database(box), blows=1, casts_each=100, defect="answers_before_sync"
    )

    assert seen.after_blows[0].lost + seen.after_blows[0].outdated, seen


@pytest.mark.sqlite
def test_a_server_that_answers_before_it_writes_is_found_out(box: Box) -> None:
    seen = strike_in_bursts(
        box, Server.kill_workers, blows=1, casts_each=100, defect="answers_first"
    )

    assert seen.after_blows[0].lost, seen
