"""A batch of a ballot log that is killed half way, or appended by two at once, is there once."""

from typing import Any

from core.database import db
from tests.resilience.box import Box
from tests.resilience.killed_batches import append_twice_at_once, kill_batch_at_each_step
from voting.services import log

VOTERS = 20


def commits_half_way() -> None:
    module: Any = log
    insert = module._insert_leaves

    def insert_and_commit(*rows: Any) -> None:
        insert(*rows)
        db.session.commit()

    module._insert_leaves = insert_and_commit


def test_a_batch_that_is_killed_at_any_step_is_finished_by_the_next(box: Box) -> None:
    seen = kill_batch_at_each_step(box, voters=VOTERS)

    assert seen.holds, seen
    assert seen.killed >= 8


def test_a_batch_that_can_stop_half_way_is_found_out(box: Box) -> None:
    seen = kill_batch_at_each_step(box, voters=VOTERS, defect=commits_half_way)

    assert seen.half_done, seen


def test_of_two_workers_that_see_the_same_ballots_wait_one_appends_them(box: Box) -> None:
    seen = append_twice_at_once(box, voters=VOTERS)

    assert seen.holds, seen
