"""Where a ballot cannot be stored, its voter is told so, keeps it, and can send it again."""

from collections.abc import Callable

import pytest

from tests.resilience.box import Box
from tests.resilience.broken_lines import hang_up_and_retry
from tests.resilience.no_room import (
    NotPermitted,
    Refusal,
    cast_on_a_full_disk,
    cast_while_somebody_writes,
)


def told(scenario: Callable[..., Refusal], box: Box, defect: str = "") -> Refusal:
    try:
        return scenario(box, defect=defect)
    except NotPermitted as reason:
        pytest.skip(str(reason))


def test_on_a_full_disk_a_ballot_is_refused_shown_again_and_taken_later(box: Box) -> None:
    seen = told(cast_on_a_full_disk, box)

    assert seen.holds, seen


@pytest.mark.sqlite
def test_while_somebody_holds_the_database_a_ballot_is_refused_shown_again_and_taken_later(
    box: Box,
) -> None:
    seen = told(cast_while_somebody_writes, box)

    assert seen.holds, seen


@pytest.mark.sqlite
@pytest.mark.parametrize("scenario", [cast_on_a_full_disk, cast_while_somebody_writes])
def test_a_server_that_is_glad_of_every_ballot_is_found_out(
    box: Box, scenario: Callable[..., Refusal]
) -> None:
    seen = told(scenario, box, "says_cast_when_full")

    assert (seen.status, seen.stored_meanwhile) == (303, False), seen


@pytest.mark.sqlite
def test_a_cast_whose_answer_never_came_has_one_ballot_and_one_receipt(box: Box) -> None:
    seen = hang_up_and_retry(box, casts=10)

    assert seen.holds, seen


@pytest.mark.sqlite
def test_a_server_that_seals_each_sending_afresh_is_found_out(box: Box) -> None:
    seen = hang_up_and_retry(box, casts=3, defect="seals_afresh")

    assert seen.same_receipt == 0, seen
