"""A copy of the files at any moment holds every ballot acknowledged before."""

from pathlib import Path

import pytest

from tests.resilience.box import Box
from tests.resilience.copies import copy_while_casting


def test_a_copy_at_any_moment_holds_what_was_acknowledged_before(box: Box, tmp_path: Path) -> None:
    seen = copy_while_casting(box, tmp_path / "copies", copies=2)

    assert seen.holds, seen
    assert seen.acknowledged[-1] > 0


@pytest.mark.sqlite
def test_copies_of_a_server_that_answers_first_lack_ballots(box: Box, tmp_path: Path) -> None:
    seen = copy_while_casting(box, tmp_path / "copies", copies=2, defect="answers_first")

    assert any(verdict.lost for verdict in seen.verdicts), seen
