"""Everything that the public page of a round tells, in any phase, in a few bounded reads."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from sqlalchemy import select

from budgets.models import Round
from budgets.phases import PhaseKind, Span
from core.database import db
from core.money import minor_digits
from districts.models import District
from transparency.models import PublishedContest, PublishedRound
from transparency.queries.publications import (
    publication_of,
    published_contests,
    published_results,
)
from transparency.queries.turnout import Turnout, turnout_of
from transparency.results import ContestResult, ElectionResult
from transparency.standing import Standing, results_due, standing
from voting.models import Contest
from voting.permissions.counts import has_link_key
from voting.queries.contests import contests_of, number_of_options


@dataclass(frozen=True)
class ContestLine:
    """One contest of the round. `published` is None until publication, and so are `result`, which
    a contest for money has, and `election`, which one without money has."""

    contest: Contest
    place: str
    options: int
    turnout: Turnout
    result: ContestResult | None
    published: PublishedContest | None
    election: ElectionResult | None = None

    @property
    def ballots(self) -> int:
        """Those that were counted, as published; until then those that were cast."""
        return self.result.ballots if self.result else self.turnout.cast

    @property
    def passed_over(self) -> int:
        """Ballots that rank nothing but what was withdrawn; told with the result, not before."""
        return self.turnout.cast - self.ballots if self.contest.withdrawn else 0


@dataclass(frozen=True)
class RoundPage:
    """A round as everybody sees it. `chosen` is the contest shown in full, if there is any."""

    round: Round
    standing: Standing
    phase: Span | None
    following: Span | None
    voting: Span | None
    due: datetime | None
    publication: PublishedRound | None
    lines: list[ContestLine]
    chosen: ContestLine | None

    @cached_property
    def money_lines(self) -> list[ContestLine]:
        """The contests for money; all sums here are theirs."""
        return [line for line in self.lines if not line.contest.is_for_seats]

    @cached_property
    def questions(self) -> list[ContestLine]:
        """The contests without money."""
        return [line for line in self.lines if line.contest.is_for_seats]

    @cached_property
    def tied_contests(self) -> list[Contest]:
        """Those whose ballots were tied to persons by a link key, which may be destroyed by now."""
        return [line.contest for line in self.lines if line.contest.link_key_sha256 is not None]

    @property
    def keeps_link_keys(self) -> bool:
        """Whether one of these keys is still there."""
        return any(map(has_link_key, self.tied_contests))

    @property
    def options(self) -> int:
        return sum(line.options for line in self.money_lines)

    @property
    def ballots(self) -> int:
        return sum(line.ballots for line in self.money_lines)

    @property
    def all_ballots(self) -> int:
        return sum(line.turnout.cast for line in self.lines)

    @property
    def has_money(self) -> bool:
        """Whether the round decides about money, or is going to."""
        return bool(self.money_lines) or not self.questions

    @property
    def funded(self) -> int:
        return sum(len(line.result.funded) for line in self.lines if line.result)

    @property
    def pot(self) -> int:
        """What the contests decide about; the round's total while there are none."""
        return sum(line.contest.budget_minor for line in self.lines) or self.round.total_minor

    @property
    def spent(self) -> int:
        return sum(line.result.spent for line in self.lines if line.result)

    @cached_property
    def has_small_money(self) -> bool:
        """Whether some pot or sum has small digits, so that all are written with them."""
        unit = 10 ** minor_digits(self.round.currency)
        amounts = [line.contest.budget_minor for line in self.money_lines]
        amounts += [line.result.spent for line in self.lines if line.result]
        return any(amount % unit for amount in amounts)

    @property
    def tells_turnout(self) -> bool:
        """From the first day of voting on."""
        return self.standing in {Standing.VOTING, Standing.COUNT, Standing.PUBLISHED}


def round_page(round_: Round, chosen: str | None, at: datetime) -> RoundPage:
    """The page of a round; `chosen` is the ref of the contest to show in full, if it is known.

    Raises DamagedPublication where what was published is not what its manifest states.
    """
    publication = publication_of(round_.id)
    lines = _lines(round_, publication)
    by_ref = {line.contest.ref: line for line in lines}
    spans = round_.spans
    return RoundPage(
        round=round_,
        standing=standing(spans, publication is not None, at),
        phase=round_.phase_at(at),
        following=round_.next_phase(at),
        voting=round_.span_of(PhaseKind.VOTING),
        due=results_due(spans),
        publication=publication,
        lines=lines,
        chosen=by_ref.get(chosen or "") or (lines[0] if lines else None),
    )


def _lines(round_: Round, publication: PublishedRound | None) -> list[ContestLine]:
    """The contests for money, the whole city's first, then those without money."""
    contests = sorted(
        contests_of(round_.id),
        key=lambda contest: (contest.is_for_seats, contest.district_id is not None),
    )
    options = number_of_options([contest.id for contest in contests])
    turnout = {each.contest.id: each for each in turnout_of(contests)}
    places = _places(contests)
    published: dict[int, PublishedContest] = {}
    results: dict[str, ContestResult | ElectionResult] = {}
    if publication is not None:
        at_hand = published_contests(publication)
        published = {each.contest_id: each for each in at_hand}
        results = {result.ref: result for result in published_results(publication, at_hand)}
    lines = []
    for contest in contests:
        found = results.get(contest.ref)
        lines.append(
            ContestLine(
                contest=contest,
                place=places.get(contest.district_id or 0, ""),
                options=options.get(contest.id, 0),
                turnout=turnout[contest.id],
                result=found if isinstance(found, ContestResult) else None,
                election=found if isinstance(found, ElectionResult) else None,
                published=published.get(contest.id),
            )
        )
    return lines


def _places(contests: list[Contest]) -> dict[int, str]:
    ids = {contest.district_id for contest in contests if contest.district_id is not None}
    query = select(District.id, District.name).where(District.id.in_(ids))
    return dict(db.session.execute(query).all())
