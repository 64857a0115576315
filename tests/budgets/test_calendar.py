"""The calendar in words, the same in every room."""

from datetime import UTC, datetime, timedelta

from flask import Flask

from budgets import phases
from budgets.calendar import phase_name, phase_purpose, rows
from budgets.phases import PhaseKind

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def test_every_phase_has_a_name_and_a_purpose(app: Flask) -> None:
    assert len({phase_name(kind) for kind in PhaseKind}) == len(PhaseKind)
    assert all(phase_purpose(kind).endswith(".") for kind in PhaseKind)


def test_phases_are_past_now_or_next_in_the_citys_time(app: Flask) -> None:
    starts = [(PhaseKind.REVIEW, START), (PhaseKind.VOTING, START + DAY)]
    calendar = phases.spans([*starts, (PhaseKind.COUNT, START + 2 * DAY)], START + 3 * DAY)
    found = rows(calendar, START + DAY)

    assert [row.state for row in found] == ["past", "now", "next"]
    assert found[1].dates == (
        "Monday 2 March 2026, 13:00 (Warsaw time) to Tuesday 3 March 2026, 13:00 (Warsaw time)"
    )
