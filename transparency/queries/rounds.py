"""The list of rounds, each with where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select

from budgets.models import Round
from budgets.phases import Span
from core.database import db
from transparency.models import PublishedContest, PublishedRound
from transparency.standing import Standing, standing
from voting.models import Contest

OPEN = (Standing.VOTING, Standing.SUBMISSION)


@dataclass(frozen=True)
class ListedRound:
    """A round in a list. Sums are None until its results are published; `funded` are proposals, not
    what was chosen without money."""

    round: Round
    standing: Standing
    phase: Span | None
    following: Span | None
    publication: PublishedRound | None
    spent: int | None
    funded: int | None
    ballots: int | None


def list_rounds(rounds: Sequence[Round], at: datetime) -> list[ListedRound]:
    """The same rounds, open ones first, else in their order."""
    ids = [each.id for each in rounds]
    publications = {
        each.round_id: each
        for each in db.session.scalars(
            select(PublishedRound).where(PublishedRound.round_id.in_(ids))
        )
    }
    sums = _sums([publication.id for publication in publications.values()])
    listed = [_listed(each, publications.get(each.id), sums, at) for each in rounds]
    return sorted(listed, key=lambda line: _rank(line.standing))


def _listed(
    round_: Round,
    publication: PublishedRound | None,
    sums: dict[int, tuple[int, int, int]],
    at: datetime,
) -> ListedRound:
    spent, funded, ballots = sums.get(publication.id if publication else 0, (None, None, None))
    return ListedRound(
        round=round_,
        standing=standing(round_.spans, publication is not None, at),
        phase=round_.phase_at(at),
        following=round_.next_phase(at),
        publication=publication,
        spent=spent,
        funded=funded,
        ballots=ballots,
    )


def _rank(stands: Standing) -> int:
    return OPEN.index(stands) if stands in OPEN else len(OPEN)


def _sums(publication_ids: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    query = (
        select(
            PublishedContest.publication_id,
            func.sum(PublishedContest.spent_minor),
            func.sum(case((Contest.seats.is_(None), PublishedContest.funded), else_=0)),
            func.sum(PublishedContest.ballots),
        )
        .join(Contest, Contest.id == PublishedContest.contest_id)
        .where(PublishedContest.publication_id.in_(publication_ids))
        .group_by(PublishedContest.publication_id)
    )
    return {
        publication_id: (int(spent), int(funded), int(ballots))
        for publication_id, spent, funded, ballots in db.session.execute(query)
    }
