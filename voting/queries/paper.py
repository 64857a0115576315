"""Who was given papers, and how many papers each contest gave out.

Nothing here tells what stands on a paper; see `queries.paper_batches` for what was keyed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select, tuple_

from core.database import db
from voting.models import Ballot, Contest, PaperGiven, PaperMark, RollEntry
from voting.queries.at_the_box import AnyVoter
from voting.queries.ballots import is_for, tag_of
from voting.queries.contests import contests_of

_STANDING = (
    select(PaperMark)
    .where(
        PaperMark.round_id == bindparam("round_id"),
        PaperMark.roll_entry_id == bindparam("entry_id"),
        PaperMark.returned_on.is_(None),
    )
    .execution_options(populate_existing=True)
)


# Every cast asks this: in plain rows, and with nothing made of them.
_MARK = PaperMark.__table__.c
_ON_PAPER = select(_MARK.id).where(
    _MARK.round_id == bindparam("round_id"),
    _MARK.roll_entry_id == bindparam("entry_id"),
    _MARK.returned_on.is_(None),
)


@dataclass(frozen=True)
class PapersGiven:
    """How many papers of a contest were given to people, and how many of those came back unused."""

    given: int = 0
    returned: int = 0


def standing_mark(round_id: int, entry: AnyVoter) -> PaperMark | None:
    """The mark that says that this person votes on paper in this round, if it stands."""
    return db.session.scalar(_STANDING, {"round_id": round_id, "entry_id": entry.id})


def votes_on_paper(round_id: int, entry: AnyVoter) -> bool:
    """Whether such a mark stands."""
    asked = {"round_id": round_id, "entry_id": entry.id}
    return db.session.execute(_ON_PAPER, asked).first() is not None


def contests_on_paper_for(round_id: int, entry: RollEntry) -> list[Contest]:
    """The contests whose papers this person may be given: of the city, and of her districts."""
    return [contest for contest in contests_of(round_id) if is_for(contest, entry)]


def has_cast_on_the_web(round_id: int, entry: RollEntry) -> bool:
    """Whether this person cast a ballot in any contest of the round whose box is open.

    Any contest, not only her district's: she may have moved. What was only kept is no cast. Raises
    LinkKeyMissing, where it cannot be told.
    """
    contests = [each for each in contests_of(round_id) if each.sealed_at is None]
    tags = [(each.id, tag_of(each, entry)) for each in contests]
    if not tags:
        return False
    query = select(Ballot.id).where(
        tuple_(Ballot.contest_id, Ballot.tag).in_(tags), Ballot.is_cast.is_(True)
    )
    return db.session.scalar(query.limit(1)) is not None


def papers_given(contest_ids: Sequence[int]) -> dict[int, PapersGiven]:
    """The figures of these contests by id; nothing of those that gave out no paper."""
    query = (
        select(
            PaperGiven.contest_id,
            func.count(),
            func.count(PaperMark.returned_on),
        )
        .join(PaperMark, PaperMark.id == PaperGiven.mark_id)
        .where(PaperGiven.contest_id.in_(contest_ids))
        .group_by(PaperGiven.contest_id)
    )
    return {row[0]: PapersGiven(row[1], row[2]) for row in db.session.execute(query)}


def entries_on_paper(contest: Contest) -> set[int]:
    """Ids of the entries whose marks stand in the round of this contest."""
    query = select(PaperMark.roll_entry_id).where(
        PaperMark.round_id == contest.round_id, PaperMark.returned_on.is_(None)
    )
    return set(db.session.scalars(query))
