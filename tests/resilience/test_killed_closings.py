"""A closing that is killed half way, or started twice, ends as if nothing had happened."""

import pytest

from tests.resilience.box import Box
from tests.resilience.defects.careless import (
    Defect,
    closes_in_two_commits,
    closes_without_looking,
    destroys_the_key_first,
)
from tests.resilience.killed_closings import close_twice_at_once, kill_at_each_step

VOTERS = 6


@pytest.mark.attack("B71")
def test_closing_that_is_killed_at_any_step_is_whole_and_can_be_done_again(box: Box) -> None:
    seen = kill_at_each_step(box, voters=VOTERS)

    assert seen.holds, seen
    assert seen.killed >= 15


@pytest.mark.sqlite
@pytest.mark.parametrize("defect", [closes_in_two_commits, destroys_the_key_first])
def test_a_closing_that_can_stop_half_way_is_found_out(box: Box, defect: Defect) -> None:
    seen = kill_at_each_step(box, voters=VOTERS, defect=defect)

    assert seen.half_done, seen


@pytest.mark.attack("B71")
def test_closing_twice_at_once_closes_once(box: Box) -> None:
    seen = close_twice_at_once(box, voters=VOTERS)

    assert seen.holds, seen


def test_a_closing_that_does_not_look_is_found_out(box: Box) -> None:
    seen = close_twice_at_once(box, voters=VOTERS, defect=closes_without_looking)

    assert seen.failed, seen
