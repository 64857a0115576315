"""Who gets to see ballots after closing: a choice of each contest, within a limit for all."""

from enum import StrEnum

FEWEST_PUBLISHED = 50
"""Of fewer ballots no ranking is published, whatever a contest says: its voters may be recognised
by theirs. A contest may ask for more. Named auditors see the ballots of every contest."""


def are_enough_to_show(ballots: int, aggregate_below: int) -> bool:
    """The gate before every ranking: `ballots` are those that would be published.

    A ballot that ranks only what was withdrawn is not published, and hides nobody among others.
    """
    return ballots >= aggregate_below


class Openings(StrEnum):
    """Who can open the sealed ballots: those whom the city names alone, or everybody."""

    AUDITORS = "auditors"
    PUBLIC = "public"
