"""A batch of a ballot log that is killed half way, or appended by two at once, is there once."""

from tests.resilience.box import Box
from tests.resilience.defects.careless import appends_in_two_commits, appends_without_looking
from tests.resilience.killed_batches import append_twice_at_once, kill_batch_at_each_step

VOTERS = 20


def test_a_batch_that_is_killed_at_any_step_is_finished_by_the_next(box: Box) -> None:
    seen = kill_batch_at_each_step(box, voters=VOTERS)

    assert seen.holds, seen
    assert seen.killed >= 8


def test_a_batch_that_can_stop_half_way_is_found_out(box: Box) -> None:
    seen = kill_batch_at_each_step(box, voters=VOTERS, defect=appends_in_two_commits)

    assert seen.half_done, seen


def test_of_two_workers_that_see_the_same_ballots_wait_one_appends_them(box: Box) -> None:
    seen = append_twice_at_once(box, voters=VOTERS)

    assert seen.holds, seen


def test_a_worker_that_does_not_look_again_is_found_out(box: Box) -> None:
    seen = append_twice_at_once(box, voters=VOTERS, defect=appends_without_looking)

    assert seen.failed or not seen.end.is_whole, seen
