"""A closing that is killed half way, or started twice, ends as if nothing had happened."""

from typing import Any

import pytest

from core.database import db
from tests.resilience.box import Box
from tests.resilience.killed_closings import close_twice_at_once, kill_at_each_step
from voting.services import closing

VOTERS = 6


def commits_half_way() -> None:
    module: Any = closing
    insert = module._insert

    def insert_and_commit(*rows: object) -> None:
        insert(*rows)
        db.session.commit()

    module._insert = insert_and_commit


def destroys_the_key_first() -> None:
    module: Any = closing
    seal = module._seal

    def destroy_and_seal(contest: Any, **moments: Any) -> None:
        seal(contest, **moments)
        module.link_keys.destroy(contest.ref)

    module._seal = destroy_and_seal


@pytest.mark.attack("B71")
def test_closing_that_is_killed_at_any_step_is_whole_and_can_be_done_again(box: Box) -> None:
    seen = kill_at_each_step(box, voters=VOTERS)

    assert seen.holds, seen
    assert seen.killed >= 15


@pytest.mark.sqlite
@pytest.mark.parametrize("defect", [commits_half_way, destroys_the_key_first])
def test_a_closing_that_can_stop_half_way_is_found_out(box: Box, defect: Any) -> None:
    seen = kill_at_each_step(box, voters=VOTERS, defect=defect)

    assert seen.half_done, seen


@pytest.mark.attack("B71")
def test_closing_twice_at_once_closes_once(box: Box) -> None:
    seen = close_twice_at_once(box, voters=VOTERS)

    assert seen.holds, seen
