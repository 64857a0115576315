"""The phase that holds now is told by the clock alone, to the second and on both sides."""

from datetime import UTC, datetime, timedelta

import pytest

from budgets import phases
from budgets.phases import PhaseKind

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEK = timedelta(weeks=1)
SECOND = timedelta(seconds=1)
STARTS = [(kind, START + number * WEEK) for number, kind in enumerate(PhaseKind)]
END = START + len(STARTS) * WEEK
CALENDAR = phases.spans(STARTS, END)


def test_between_two_phases_there_is_neither_gap_nor_overlap() -> None:
    moments = [span.starts_at + offset for span in CALENDAR for offset in (-SECOND, 0 * SECOND)]

    for moment in moments[1:]:
        assert sum(span.holds(moment) for span in CALENDAR) == 1


def test_a_phase_holds_from_its_first_second_to_the_last_before_the_next() -> None:
    voting = phases.of_kind(CALENDAR, PhaseKind.VOTING)

    assert voting is not None
    assert phases.current(CALENDAR, voting.starts_at) == voting
    assert phases.current(CALENDAR, voting.ends_at - SECOND) == voting
    after = phases.current(CALENDAR, voting.ends_at)
    assert after is not None
    assert after.kind is PhaseKind.COUNT


def test_before_the_first_phase_and_after_the_last_nothing_holds() -> None:
    assert phases.current(CALENDAR, START - SECOND) is None
    assert phases.current(CALENDAR, END) is None
    first = phases.upcoming(CALENDAR, START - SECOND)
    assert first is not None
    assert first.kind is PhaseKind.SUBMISSION
    assert phases.upcoming(CALENDAR, END) is None


def test_phases_typed_in_any_order_follow_each_other_in_time() -> None:
    assert phases.spans(STARTS[::-1], END) == CALENDAR


@pytest.mark.parametrize(
    ("starts", "ends_at", "expected"),
    [
        (STARTS, END, []),
        ([start for start in STARTS if start[0] is not PhaseKind.VOTING], END, ["no_voting"]),
        ([], END, ["no_voting"]),
        ([*STARTS, STARTS[2]], END, ["twice", "order"]),
        ([(PhaseKind.REVIEW, START), (PhaseKind.VOTING, START)], END, ["order"]),
        ([(PhaseKind.COUNT, START), (PhaseKind.VOTING, START + WEEK)], END, ["order"]),
        (STARTS, STARTS[-1][1], ["end"]),
        (STARTS, None, ["end"]),
    ],
)
def test_a_calendar_that_cannot_be_followed_is_named(
    starts: list[tuple[PhaseKind, datetime]], ends_at: datetime | None, expected: list[str]
) -> None:
    assert phases.mistakes(starts, ends_at) == expected
