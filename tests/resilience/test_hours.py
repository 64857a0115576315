"""Voting opens and closes when the calendar says, to the millisecond, in every night of a year."""

from pathlib import Path

import pytest

from tests.resilience.box import Box
from tests.resilience.hours import cast_around_the_hours


def test_a_ballot_is_taken_from_opening_to_the_last_millisecond(box: Box, tmp_path: Path) -> None:
    seen = cast_around_the_hours(box, tmp_path / "hours")

    assert seen.holds, seen
    assert len(seen.moments) == 40


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("defect", "edge"),
    [("gives_grace", "closing now"), ("forgets_the_fold", "closing at the second half past two")],
)
def test_a_server_that_is_wrong_about_the_hour_is_found_out(
    box: Box, tmp_path: Path, defect: str, edge: str
) -> None:
    seen = cast_around_the_hours(box, tmp_path / "hours", defect=defect, only=edge)

    assert f"{edge} +0.000 s" in {moment.what for moment in seen.wrong if moment.stored}, seen
