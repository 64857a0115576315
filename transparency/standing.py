"""Where a round stands for the public: told from its calendar, the clock and the publication."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from budgets.phases import PhaseKind, Span, current


class Standing(StrEnum):
    """What a reader may expect of a round now.

    COUNT lasts until the results are published, whatever the calendar says.
    """

    ANNOUNCED = "announced"
    SUBMISSION = "submission"
    REVIEW = "review"
    VOTING = "voting"
    COUNT = "count"
    PUBLISHED = "published"


OF_PHASE = {
    PhaseKind.SUBMISSION: Standing.SUBMISSION,
    PhaseKind.REVIEW: Standing.REVIEW,
    PhaseKind.VOTING: Standing.VOTING,
}


def standing(spans: Sequence[Span], published: bool, at: datetime) -> Standing:
    """Where the round stands at this moment."""
    if published:
        return Standing.PUBLISHED
    if not spans or at < spans[0].starts_at:
        return Standing.ANNOUNCED
    span = current(spans, at)
    return OF_PHASE.get(span.kind, Standing.COUNT) if span is not None else Standing.COUNT


def results_due(spans: Sequence[Span]) -> datetime | None:
    """When the results are to be public: the end of the count, or what comes after voting."""
    by_kind = {span.kind: span for span in spans}
    last = by_kind.get(PhaseKind.COUNT) or by_kind.get(PhaseKind.VOTING)
    return last.ends_at if last is not None else None
