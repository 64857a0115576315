"""Turnout: how many ballots there are in each contest, and of how many people on the roll.

The number of ballots that were cast may be told during voting; what is on them may not. Those that
are only kept are told with the rest, once the contest is sealed and they count. Where the roll is
not known, as for a contest that was brought in from elsewhere, nothing takes its place.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.models import Contest
from voting.queries.contests import ballots_cast
from voting.queries.paper_batches import PaperAccount, paper_accounts
from voting.queries.turnout import people_on_roll


@dataclass(frozen=True)
class Turnout:
    """Ballots cast in a contest, and who could have cast one; None where that is not known.

    `paper` tells of its papers, where any were given out.
    """

    contest: Contest
    cast: int
    roll: int | None
    paper: PaperAccount | None = None


def turnout_of(contests: Sequence[Contest]) -> list[Turnout]:
    """The turnout of each contest: final once it is sealed, so far until then."""
    cast, roll, paper = ballots_cast(contests), people_on_roll(contests), paper_accounts(contests)
    return [
        Turnout(contest, cast[contest.id], roll[contest.id], paper.get(contest.id))
        for contest in contests
    ]
