"""What the pages of the ballot say, at each moment, of what counts if the voter does nothing more.

The server alone words it. A page with scripts asks for the fragment after each change; a page
without them shows it each time it is made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask import Response

from core import responses
from core.refusals import Refusal
from voting.queries.at_the_box import AnyContest
from voting.queries.kept import Standing

FRAGMENT = "voting/ballots/standing_words.html"


class State(StrEnum):
    """How what counts stands to what the page shows."""

    CAST = "cast"
    KEPT = "kept"
    EARLIER = "earlier"  # something is kept, and the page shows nothing
    OLDER = "older"  # what the page shows is older than what is kept, or than its clearing
    MISSING = "missing"
    UNKEPT = "unkept"


@dataclass(frozen=True)
class Slip:
    """What a page says of a ballot: `lacking` is how many ranks it still needs to be one."""

    state: State
    change: int
    lacking: int
    is_for_seats: bool
    closes_at: datetime


def slip_for(contest: AnyContest, standing: Standing, ranking: Sequence[str]) -> Slip:
    """The words beside this ranking, in a contest whose round has a calendar."""
    voting = contest.round.voting
    assert voting is not None, "A contest without voting phase has no paper."
    return Slip(
        state=_state(standing, len(ranking), contest.min_length),
        change=standing.change,
        lacking=max(max(contest.min_length, 1) - len(ranking), 0),
        is_for_seats=contest.is_for_seats,
        closes_at=voting.ends_at,
    )


def show_slip(slip: Slip) -> Response:
    """The fragment alone, for a page that asked for it."""
    return responses.private(responses.fragment(FRAGMENT, slip=slip))


def show_refusal(refusal: Refusal) -> Response:
    """The fragment where nothing could be kept: why, and what to do."""
    words = responses.fragment(FRAGMENT, slip=None, why_not_kept=refusal, status=refusal.status)
    return responses.private(words)


def _state(standing: Standing, ranked: int, least: int) -> State:
    if standing.is_cast:
        return State.CAST
    if standing.is_older:
        return State.OLDER
    if standing.is_kept and standing.is_shown:
        return State.KEPT
    if standing.is_kept:
        return State.OLDER if ranked else State.EARLIER
    return State.MISSING if ranked < max(least, 1) else State.UNKEPT
