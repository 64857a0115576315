"""The calendar in words: what each phase is called, what it is for, and when it is.

Kept apart from `phases`, which knows only the clock, so that every room says the same words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext

from budgets.phases import PhaseKind, Span
from core.i18n import moment


@dataclass(frozen=True)
class CalendarRow:
    """One phase as `lists.phases` shows it; `state` is past, now or next."""

    name: str
    state: str
    dates: str
    note: str


def phase_name(kind: PhaseKind) -> str:
    """What a phase is called on every page."""
    names = {
        PhaseKind.SUBMISSION: gettext("Proposals"),
        PhaseKind.REVIEW: gettext("Review"),
        PhaseKind.VOTING: gettext("Voting"),
        PhaseKind.COUNT: gettext("Count"),
        PhaseKind.DELIVERY: gettext("Delivery"),
    }
    return names[kind]


def phase_purpose(kind: PhaseKind) -> str:
    """What happens in a phase, in one sentence."""
    purposes = {
        PhaseKind.SUBMISSION: gettext("Residents write proposals and talk them over."),
        PhaseKind.REVIEW: gettext(
            "The city checks what each proposal costs and if it can be done."
        ),
        PhaseKind.VOTING: gettext("Verified residents rank the proposals on their ballot papers."),
        PhaseKind.COUNT: gettext("The ballots are counted, certified and published."),
        PhaseKind.DELIVERY: gettext("The funded proposals are carried out."),
    }
    return purposes[kind]


def rows(calendar: Sequence[Span], at: datetime) -> list[CalendarRow]:
    """The calendar of a round, as it stands at this moment."""
    return [
        CalendarRow(
            name=phase_name(span.kind),
            state=_state(span, at),
            dates=gettext(
                "%(start)s to %(end)s", start=moment(span.starts_at), end=moment(span.ends_at)
            ),
            note=phase_purpose(span.kind),
        )
        for span in calendar
    ]


def _state(span: Span, at: datetime) -> str:
    if span.holds(at):
        return "now"
    return "past" if span.ends_at <= at else "next"
