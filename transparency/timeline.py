"""The calendar of a round as its page shows it: each phase with its dates and what it is for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from budgets.phases import PhaseKind, Span
from core.i18n import day, moment


@dataclass(frozen=True)
class Step:
    """One phase: past, now or next."""

    name: str
    state: str
    dates: str
    note: str


def timeline(spans: Sequence[Span], at: datetime) -> list[Step]:
    """The phases in order: when the past ones ended, until when one runs, from when the rest do.

    What is past is told by the day and without a note, so that the eye falls on what is now.
    """
    return [_step(span, at) for span in spans]


def phase_name(kind: PhaseKind) -> str:
    names = {
        PhaseKind.SUBMISSION: gettext("Proposals"),
        PhaseKind.REVIEW: gettext("Review"),
        PhaseKind.VOTING: gettext("Voting"),
        PhaseKind.COUNT: gettext("Count"),
        PhaseKind.DELIVERY: gettext("Delivery"),
    }
    return names[kind]


def _step(span: Span, at: datetime) -> Step:
    name, note = phase_name(span.kind), _note(span.kind)
    if span.holds(at):
        return Step(name, "now", gettext("until %(moment)s", moment=moment(span.ends_at)), note)
    if span.ends_at <= at:
        last_day = day(span.ends_at - timedelta(seconds=1))
        return Step(name, "past", gettext("ended %(day)s", day=last_day), "")
    return Step(name, "next", gettext("from %(moment)s", moment=moment(span.starts_at)), note)


def _note(kind: PhaseKind) -> str:
    notes = {
        PhaseKind.SUBMISSION: gettext("Residents write proposals and talk them over."),
        PhaseKind.REVIEW: gettext("The town hall checks what can be done and what it costs."),
        PhaseKind.VOTING: gettext("Verified residents rank the proposals."),
        PhaseKind.COUNT: gettext("Ballots are counted, certified, counted again and published."),
        PhaseKind.DELIVERY: gettext("What was chosen is carried out."),
    }
    return notes[kind]
