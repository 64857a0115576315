"""What of a person counts at closing if she does nothing more: cast, kept, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voting.counting.ranking import unpack_ranking
from voting.models import Ballot
from voting.queries.at_the_box import AnyContest, AnyVoter
from voting.queries.ballots import option_titles, own_ballot, tag_of
from voting.queries.stored_ballots import StoredBallot, change_of_clearing


@dataclass(frozen=True)
class Standing:
    """Whether this person cast a ballot, or has one that is only kept; never what is on it.

    `change` is the number of the change on her paper that a kept ballot holds, or that cleared it.
    `is_shown`: it is the ranking that her page shows. `is_older`: what was sent is older than what
    is kept, or than the clearing, and was left aside.
    """

    is_cast: bool = False
    is_kept: bool = False
    change: int = 0
    is_shown: bool = False
    is_older: bool = False


def standing_of(contest: AnyContest, entry: AnyVoter, shown: Sequence[str] = ()) -> Standing:
    """How it stands until closing, beside the ranking that is shown. Raises LinkKeyMissing."""
    ballot = own_ballot(contest, entry)
    if ballot is None:
        return standing_by(None, change_of_clearing(contest.id, tag_of(contest, entry)))
    refs = unpack_ranking(ballot.ranking, list(option_titles(contest)))
    return replace(standing_by(ballot), is_shown=refs == tuple(shown))


def standing_by(ballot: Ballot | StoredBallot | None, cleared: int | None = None) -> Standing:
    """The same, of a ballot that is at hand; what is shown is another matter.

    `cleared` is the number of the change that cleared the paper, where there is no ballot.
    """
    if ballot is None:
        return Standing(change=cleared or 0)
    return Standing(ballot.is_cast, not ballot.is_cast, ballot.kept_change or 0)
