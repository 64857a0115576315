"""What of a person counts at closing if she does nothing more: cast, kept, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.database import db
from voting.counting.ranking import unpack_ranking
from voting.models import Ballot, ClearedBallot, Contest, RollEntry
from voting.queries.ballots import option_titles, own_ballot, tag_of


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


def standing_of(contest: Contest, entry: RollEntry, shown: Sequence[str] = ()) -> Standing:
    """How it stands until closing, beside the ranking that is shown. Raises LinkKeyMissing."""
    ballot = own_ballot(contest, entry)
    if ballot is None:
        return standing_by(None, cleared_ballot(contest.id, tag_of(contest, entry)))
    refs = unpack_ranking(ballot.ranking, list(option_titles(contest)))
    return replace(standing_by(ballot), is_shown=refs == tuple(shown))


def standing_by(ballot: Ballot | None, cleared: ClearedBallot | None = None) -> Standing:
    """The same, of a ballot that is at hand; what is shown is another matter."""
    if ballot is None:
        return Standing(change=cleared.change if cleared else 0)
    return Standing(ballot.is_cast, not ballot.is_cast, ballot.kept_change or 0)


def cleared_ballot(contest_id: int, tag: str) -> ClearedBallot | None:
    """The note that the paper under this tag was cleared, as it is now in the database."""
    return db.session.get(ClearedBallot, (contest_id, tag), populate_existing=True)
