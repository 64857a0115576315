"""Phases: which one runs now, told by the clock alone.

A round stores when each phase starts and when the last one ends, so that between two phases there
can be neither gap nor overlap. Every phase holds from its start up to, not including, the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise


class PhaseKind(StrEnum):
    """What a stretch of a round is for, in the order in which they follow each other."""

    SUBMISSION = "submission"
    REVIEW = "review"
    VOTING = "voting"
    COUNT = "count"
    DELIVERY = "delivery"


ORDER = tuple(PhaseKind)


@dataclass(frozen=True)
class Span:
    """One phase with both ends."""

    kind: PhaseKind
    starts_at: datetime
    ends_at: datetime

    def holds(self, at: datetime) -> bool:
        return self.starts_at <= at < self.ends_at


def spans(starts: Sequence[tuple[PhaseKind, datetime]], ends_at: datetime) -> list[Span]:
    """The phases with both ends, in order of time."""
    ordered = sorted(starts, key=lambda start: start[1])
    ends = [start for _, start in ordered[1:]] + [ends_at]
    return [Span(kind, start, end) for (kind, start), end in zip(ordered, ends, strict=True)]


def current(phases: Sequence[Span], at: datetime) -> Span | None:
    """The phase that holds at this moment; None before the first and after the last."""
    return next((span for span in phases if span.holds(at)), None)


def upcoming(phases: Sequence[Span], at: datetime) -> Span | None:
    """The phase that starts next."""
    return next((span for span in phases if span.starts_at > at), None)


def of_kind(phases: Sequence[Span], kind: PhaseKind) -> Span | None:
    return next((span for span in phases if span.kind is kind), None)


def mistakes(starts: Sequence[tuple[PhaseKind, datetime]], ends_at: datetime | None) -> list[str]:
    """Codes of what is wrong with a calendar: no_voting, twice, order, end."""
    found = []
    kinds = [kind for kind, _ in starts]
    if PhaseKind.VOTING not in kinds:
        found.append("no_voting")
    if len(set(kinds)) != len(kinds):
        found.append("twice")
    by_kind = sorted(starts, key=lambda start: ORDER.index(start[0]))
    times = [start for _, start in by_kind]
    if any(later <= earlier for earlier, later in pairwise(times)):
        found.append("order")
    if times and (ends_at is None or ends_at <= max(times)):
        found.append("end")
    return found
