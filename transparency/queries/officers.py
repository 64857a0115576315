"""What officers see before a publication: each contest, and who signed its count and when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from accounts.models import User
from core.database import db
from voting.counting import RULES
from voting.models import Contest
from voting.queries.contests import contests_of
from voting.queries.counts import certified_counts, number_of_sealed_ballots
from voting.queries.shown import shows_rankings


@dataclass(frozen=True)
class Certificate:
    """A contest and the signature under its count; `officer` is None while nobody signed."""

    contest: Contest
    ballots: int
    aggregate_only: bool
    needs_rankings: bool
    officer: str | None
    certified_at: datetime | None


def certificates(round_id: int) -> list[Certificate]:
    """One line per contest of the round, in the order of the papers."""
    counts = {count.contest_id: count for count in certified_counts(round_id)}
    names = _names([count.certified_by_id for count in counts.values()])
    lines = []
    for contest in contests_of(round_id):
        count = counts.get(contest.id)
        ballots = number_of_sealed_ballots(contest.id)
        lines.append(
            Certificate(
                contest=contest,
                ballots=ballots,
                aggregate_only=not shows_rankings(contest),
                needs_rankings=contest.is_for_seats
                or (contest.rule in RULES and RULES[contest.rule].needs_rankings),
                officer=names.get(count.certified_by_id or 0, "") if count else None,
                certified_at=count.certified_at if count else None,
            )
        )
    return lines


def _names(user_ids: list[int | None]) -> dict[int, str]:
    query = select(User.id, User.display_name).where(User.id.in_({i for i in user_ids if i}))
    return dict(db.session.execute(query).all())
