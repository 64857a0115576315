"""A ballot is on the disk before its voter is told so."""

from pathlib import Path

import pytest

from tests.resilience.box import Box
from tests.resilience.traces import order_of_sync_and_answer

CASTS = 20


def test_every_answer_leaves_after_the_sync(box: Box, tmp_path: Path) -> None:
    seen = order_of_sync_and_answer(box, tmp_path / "traces", casts=CASTS)

    assert seen.holds, seen
    assert seen.answers == CASTS


@pytest.mark.sqlite
def test_a_server_that_does_not_wait_for_the_disk_is_found_out(box: Box, tmp_path: Path) -> None:
    seen = order_of_sync_and_answer(
        box, tmp_path / "traces", casts=CASTS, defect="answers_before_sync"
    )

    assert seen.answers == CASTS
    assert not seen.holds, seen
