"""What a publication is made from, read once and then kept apart from the database.

Preparing results takes as long as it takes, in another process even; nobody's ballot may wait for
it. So all that it needs is read first. Before anything is written it is read again: two readings
that are equal, down to the digest of the ballots, were made of the same round.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from budgets.models import Round
from budgets.phases import PhaseKind
from core import clock
from core.database import db
from districts.models import District
from districts.queries import names_by_id
from proposals.models import Proposal
from transparency.exports import RoundFacts
from transparency.services.stops import PublicationStopped
from voting import counting
from voting.amounts import NotCountable
from voting.counting import seats
from voting.models import Contest, ContestCount, Option, RollMark
from voting.queries.counts import (
    certified_counts,
    counting_input,
    number_of_sealed_ballots,
    race_input,
)
from voting.queries.turnout import voters_by_district


@dataclass(frozen=True)
class Certified:
    """A certified count: its row, its document, and the two digests that were signed with it."""

    id: int
    document: str
    document_sha256: str
    ballots_sha256: str


@dataclass(frozen=True)
class Given:
    """A contest with its certified count and what its files say of it.

    `ballots_sha256` stands for the ballots where two readings are compared. `certified` holds the
    row's id and what was signed. `options` are the document's facts by ref; `proposals` the ids of
    the proposals on the paper, by option.
    """

    id: int
    facts: Mapping[str, Any]
    ballots_sha256: str
    ballots_sealed: int | None
    marks: int
    certified: Certified
    options: Mapping[str, Mapping[str, Any]]
    proposals: Mapping[str, int]

    @property
    def title(self) -> str:
        return str(self.facts["title"])


@dataclass(frozen=True)
class GivenContest(Given):
    """A contest for money as the engine takes it; `meta`: what its `.pb` says of place and time.

    `voters` are those who voted by the district in which they live, empty where that is not known.
    """

    counted: counting.Contest
    ballots: counting.Ballots = field(compare=False, repr=False)
    meta: Mapping[str, str]
    voters: Mapping[str, int]


@dataclass(frozen=True)
class GivenElection(Given):
    """A contest for seats as the engine takes it, with the rule and its settings."""

    race: seats.Race
    papers: seats.Papers = field(compare=False, repr=False)
    rule: str
    settings: Mapping[str, str]


@dataclass(frozen=True)
class GivenRound:
    """All contests of a round, and what its README says; the day is told when it is published."""

    ref: str
    facts: RoundFacts
    contests: tuple[GivenContest | GivenElection, ...]


def gather(round_: Round) -> GivenRound:
    """Reads what the results of the round are made from. Raises PublicationStopped."""
    counts = certified_counts(round_.id)
    refs = _proposal_refs([count.contest_id for count in counts])
    contests = tuple(_gather_contest(round_, count, refs) for count in counts)
    return GivenRound(round_.ref, _facts(round_), contests)


def _gather_contest(
    round_: Round, certified: ContestCount, refs: Mapping[int, str]
) -> GivenContest | GivenElection:
    contest = certified.contest
    try:
        if contest.is_for_seats:
            return _election(certified)
        counted, ballots = counting_input(contest)
        said_out = number_of_sealed_ballots(contest.id) - len(ballots) if contest.withdrawn else 0
        options = _options(contest, refs)
        shared = _shared(certified, ballots.digest(counted.ids), options, said_out)
    except (counting.CountingError, NotCountable, IndexError) as error:
        raise PublicationStopped("altered", contest.title, f"not countable: {error}") from error
    meta, voters = meta_of(round_, contest), voters_by_district(contest)
    return GivenContest(**shared, counted=counted, ballots=ballots, meta=meta, voters=voters)


def _election(certified: ContestCount) -> GivenElection:
    contest = certified.contest
    race, papers = race_input(contest)
    words = {
        option.ref: {"title": option.title, "summary": option.summary} for option in contest.options
    }
    shared = _shared(certified, papers.digest(race.ids), words, 0)
    settings = contest.rule_parameters
    return GivenElection(**shared, race=race, papers=papers, rule=contest.rule, settings=settings)


def _shared(
    certified: ContestCount, digest: str, options: Mapping[str, Mapping[str, Any]], said_out: int
) -> dict[str, Any]:
    """What contests of both kinds have. `said_out` ballots rank only what was withdrawn."""
    contest = certified.contest
    marks = select(func.count()).where(RollMark.contest_id == contest.id)
    return {
        "id": contest.id,
        "facts": _contest_facts(contest),
        "ballots_sha256": digest,
        "ballots_sealed": None if contest.ballots_cast is None else contest.ballots_cast - said_out,
        # Who voted on paper is marked for the round; of them, as many as their valid papers count.
        "marks": (db.session.scalar(marks) or 0) + (contest.paper_ballots or 0) - said_out,
        "certified": Certified(
            certified.id, certified.document, certified.document_sha256, certified.ballots_sha256
        ),
        "options": options,
        "proposals": {
            option.ref: option.proposal_id
            for option in contest.options
            if option.proposal_id is not None
        },
    }


def _contest_facts(contest: Contest) -> dict[str, Any]:
    """What the count does not know of its contest, as the document says it."""
    return {
        "ref": contest.ref,
        "title": contest.title,
        "min_length": contest.min_length,
        "max_length": contest.max_length,
        "aggregate_below": contest.aggregate_below,
        "roll_size": contest.roll_size,
        **({} if contest.is_for_seats else {"currency": contest.currency}),
    }


def _options(contest: Contest, refs: Mapping[int, str]) -> dict[str, dict[str, Any]]:
    names = names_by_id()
    return {
        option.ref: {
            "title": option.title,
            "category": option.category,
            "district": names.get(option.district_id or 0, ""),
            "proposal": refs.get(option.proposal_id or 0),
        }
        for option in contest.options
        if option.ref not in contest.withdrawn
    }


def _proposal_refs(contest_ids: Sequence[int]) -> dict[int, str]:
    query = (
        select(Proposal.id, Proposal.ref)
        .join(Option, Option.proposal_id == Proposal.id)
        .where(Option.contest_id.in_(contest_ids))
    )
    return dict(db.session.execute(query).all())


def meta_of(round_: Round, contest: Contest) -> dict[str, str]:
    """What Pabulib's META says of place and time."""
    settings = current_app.config["SETTINGS"]
    district = db.session.get(District, contest.district_id) if contest.district_id else None
    meta = {
        "country": settings.country,
        "unit": settings.city_name,
        "instance": round_.name,
        "language": round_.language,
        "currency": contest.currency,
    }
    if district is not None:
        meta |= {"subunit": district.name}
    voting = round_.span_of(PhaseKind.VOTING)
    if voting is not None:
        last_moment = voting.ends_at - timedelta(seconds=1)
        meta["date_begin"] = f"{clock.city_day(voting.starts_at):%d.%m.%Y}"
        meta["date_end"] = f"{clock.city_day(last_moment):%d.%m.%Y}"
    return meta


def _facts(round_: Round) -> RoundFacts:
    settings = current_app.config["SETTINGS"]
    source = round_.source_note or f"Counted and published by {settings.city_name}."
    licence = settings.data_licence
    if round_.source_note:
        licence = "The data come from the source named above; its terms apply."
    return RoundFacts(
        name=round_.name,
        city=settings.city_name,
        address=f"{settings.public_url}/rounds/{round_.ref}",
        published_on="",
        source=source,
        licence=licence,
    )
