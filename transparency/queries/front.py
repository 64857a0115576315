"""What this room gives to other pages: the front page, a proposal's page, the staff's list."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from budgets.models import Round
from budgets.queries import rounds_seen_by
from core.database import db
from transparency.models import PublishedRound
from transparency.queries.publications import publication_of, result_of
from transparency.queries.round_page import RoundPage, round_page
from transparency.queries.rounds import ListedRound, list_rounds
from transparency.results import ContestResult, OptionResult
from voting.models import Contest, Option
from voting.queries.counts import certified_counts

MOST_ROUNDS = 4


@dataclass(frozen=True)
class FrontPage:
    """Rounds to look at, and the page of the latest one whose results are public."""

    rounds: list[ListedRound]
    latest: RoundPage | None


@dataclass(frozen=True)
class OnPaper:
    """A proposal's place in a contest; `outcome` and `result` are None until publication."""

    round: Round
    contest: Contest
    option: Option
    options: int
    result: ContestResult | None
    outcome: OptionResult | None


def front_page(at: datetime) -> FrontPage:
    """What the front page shows of rounds. Raises DamagedPublication."""
    listed = list_rounds(rounds_seen_by(None, at), at)
    published = [line for line in listed if line.publication is not None]
    published.sort(key=lambda line: line.publication.published_at, reverse=True)  # type: ignore[union-attr]
    latest = round_page(published[0].round, None, at) if published else None
    return FrontPage(listed[:MOST_ROUNDS], latest)


def place_on_paper(proposal_id: int) -> OnPaper | None:
    """Where a proposal stands on a ballot paper of an announced round. Raises DamagedPublication.

    What came out is there only once it is published.
    """
    row = db.session.execute(
        select(Option, Contest, Round)
        .join(Contest, Contest.id == Option.contest_id)
        .join(Round, Round.id == Contest.round_id)
        .where(Option.proposal_id == proposal_id, Round.announced_at.is_not(None))
        .order_by(Option.id.desc())
        .limit(1)
    ).first()
    if row is None:
        return None
    option, contest, round_ = row
    options = db.session.scalar(select(func.count()).where(Option.contest_id == contest.id)) or 0
    publication = publication_of(round_.id)
    result = result_of(publication, contest.id) if publication is not None else None
    by_id = {each.id: each for each in result.options} if result is not None else {}
    return OnPaper(round_, contest, option, options, result, by_id.get(option.ref))


def waiting_rounds(at: datetime) -> list[tuple[Round, int]]:
    """Announced rounds whose contests are all certified and that nobody published yet."""
    query = (
        select(Round, func.count(Contest.id))
        .join(Contest, Contest.round_id == Round.id)
        .outerjoin(PublishedRound, PublishedRound.round_id == Round.id)
        .where(Round.announced_at <= at, PublishedRound.id.is_(None))
        .group_by(Round.id)
        .order_by(Round.id)
    )
    rows = db.session.execute(query).all()
    return [
        (round_, number) for round_, number in rows if len(certified_counts(round_.id)) == number
    ]
