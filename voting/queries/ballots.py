"""Ballots and the papers they are marked on.

Until closing, whether somebody has voted is told by the tag of her ballot, which needs the link
key; after closing, by the mark on the roll. No function here answers with a ballot of somebody
else, and none tells how many ballots prefer what.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, exists, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from budgets.models import Round
from budgets.phases import PhaseKind
from core.database import db
from proposals.models import Proposal
from voting import link_keys, sealing
from voting.counting.ranking import unpack_ranking
from voting.district_rules import DistrictRule, may_vote_for, most_districts
from voting.models import Ballot, Contest, Option, PaperMark, RollMark
from voting.queries.at_the_box import AnyContest, AnyVoter

# Statements that every cast needs are put together once; putting one together costs as much as
# asking the database.
_AT_ADDRESS = (
    select(Contest)
    .join(Contest.round)
    .where(Contest.ref == bindparam("ref"), Round.announced_at.is_not(None))
    .options(contains_eager(Contest.round).joinedload(Round.phases))
)
_OPTIONS = Option.__table__.c
_TITLES = (
    select(_OPTIONS.ref, _OPTIONS.title)
    .where(_OPTIONS.contest_id == bindparam("contest_id"))
    .order_by(_OPTIONS.number)
)


@dataclass(frozen=True)
class OpenContest:
    """A contest that takes this person's ballot now; `cast` is None where that cannot be told.

    `kept`: she marked a ballot and has not cast it.
    """

    contest: Contest
    closes_at: datetime
    cast: bool | None
    kept: bool = False


def contest_with_paper(ref: str) -> Contest | None:
    """The contest of an announced round at this address, with its round and calendar."""
    return db.session.scalars(_AT_ADDRESS, {"ref": ref}).unique().one_or_none()


def paper_options(contest: Contest) -> list[tuple[Option, str | None]]:
    """The options in the order of the lot, as they stand on paper, each with its proposal's ref."""
    query = (
        select(Option, Proposal.ref)
        .outerjoin(Proposal, Proposal.id == Option.proposal_id)
        .where(Option.contest_id == contest.id)
        .order_by(Option.paper_position, Option.number)
    )
    return [(option, ref) for option, ref in db.session.execute(query)]


def option_titles(contest: AnyContest) -> dict[str, str]:
    """Titles by ref, in the order of the numbers that ballots hold."""
    return dict(db.session.execute(_TITLES, {"contest_id": contest.id}).all())


def own_ballot(contest: AnyContest, entry: AnyVoter) -> Ballot | None:
    """The ballot of this person here, cast or kept, until closing. Raises LinkKeyMissing."""
    return ballot_under(contest.id, tag_of(contest, entry))


def ballot_under(contest_id: int, tag: str) -> Ballot | None:
    """The ballot under this tag, until the ballots are sealed."""
    query = select(Ballot).where(Ballot.contest_id == contest_id, Ballot.tag == tag)
    return db.session.scalar(query.execution_options(populate_existing=True))


def own_ranking(contest: AnyContest, entry: AnyVoter) -> list[str]:
    """Refs of what this person ranked in the ballot that counts now, first to last; or nothing."""
    ballot = own_ballot(contest, entry)
    if ballot is None:
        return []
    return list(unpack_ranking(ballot.ranking, list(option_titles(contest))))


def has_cast(contest: AnyContest, entry: AnyVoter) -> bool:
    """Whether this person cast a ballot in this contest, or was marked for one at closing.

    One that is only kept is not cast. Raises LinkKeyMissing.
    """
    return _cast_in_any([contest], entry)


def has_used_up_districts(contest: AnyContest, entry: AnyVoter) -> bool:
    """Whether this person voted in this round for as many other districts as it lets her.

    Where only the district counts in which she lives, that is one: she voted before she moved.
    Raises LinkKeyMissing: where it cannot be told, no ballot is taken.
    """
    rivals = rival_contests(contest, entry)
    most = most_districts(contest.round.district_rule, contest.round.districts_most)
    if not rivals or most is None:
        return False
    cast = _cast_among(rivals, entry)
    return len({each.district_id for each in rivals if each.id in cast}) >= most


def rival_contests(contest: AnyContest, entry: AnyVoter) -> Sequence[Contest]:
    """Those of other districts which may keep this person from voting in this one."""
    rule = DistrictRule(contest.round.district_rule)
    if contest.district_id is None or rule is DistrictRule.ALL:
        return []
    if rule is DistrictRule.HOME and not entry.has_moved:
        return []
    return db.session.scalars(
        select(Contest)
        .where(
            Contest.round_id == contest.round_id,
            Contest.district_id.is_not(None),
            Contest.district_id != contest.district_id,
        )
        .order_by(Contest.id)
    ).all()


def contests_open_to(entry: AnyVoter, at: datetime) -> list[OpenContest]:
    """What this person may vote on now: first the city's contests, then those of districts."""
    return [
        _open_to(contest, closes_at, entry)
        for contest, closes_at in contests_open(at)
        if is_for(contest, entry)
    ]


def is_for(contest: AnyContest, entry: AnyVoter) -> bool:
    """Whether this contest is for people of this person's district, as its round has it."""
    return may_vote_for(contest.round.district_rule, contest.district_id, entry.district_id)


def contests_open(at: datetime) -> list[tuple[Contest, datetime]]:
    """Every contest that takes ballots now, with its closing time, in the order of the rounds."""
    query = (
        select(Contest)
        .join(Contest.round)
        .where(Round.announced_at.is_not(None), Round.ends_at > at, Contest.sealed_at.is_(None))
        .options(joinedload(Contest.round).selectinload(Round.phases))
        .order_by(Round.id, Contest.district_id.is_not(None), Contest.position, Contest.id)
    )
    found = []
    for contest in db.session.scalars(query):
        span = contest.round.span_of(PhaseKind.VOTING)
        if span is not None and span.holds(at):
            found.append((contest, span.ends_at))
    return found


def next_voting(at: datetime) -> tuple[Round, datetime] | None:
    """The announced round whose voting begins next, and when."""
    rounds = db.session.scalars(
        select(Round)
        .where(Round.announced_at.is_not(None), Round.ends_at > at)
        .options(selectinload(Round.phases))
        .order_by(Round.id)
    )
    found = []
    for each in rounds:
        span = each.span_of(PhaseKind.VOTING)
        if span is not None and span.starts_at > at:
            found.append((each, span.starts_at))
    return min(found, key=lambda pair: pair[1], default=None)


def tag_of(contest: AnyContest, entry: AnyVoter) -> str:
    """The tag of this person's ballot in this contest. Raises LinkKeyMissing."""
    return sealing.ballot_tag(link_key_of(contest), contest.ref, entry.person_key)


def link_key_of(contest: AnyContest) -> bytes:
    """The key under which this contest's ballots were cast.

    Raises LinkKeyMissing, also where the file holds another key than the first ballot's.
    """
    key = link_keys.read(contest.ref)
    if contest.link_key_sha256 not in {None, sealing.link_key_hash(key)}:
        raise link_keys.LinkKeyMissing(contest.ref)
    return key


def _cast_among(contests: Sequence[AnyContest], entry: AnyVoter) -> set[int]:
    """In which of these this person has cast a ballot, as ids."""
    return {contest.id for contest in contests if _cast_in_any([contest], entry)}


def _cast_in_any(contests: Sequence[AnyContest], entry: AnyVoter) -> bool:
    open_ones = [contest for contest in contests if contest.sealed_at is None]
    tags = [(contest.id, tag_of(contest, entry)) for contest in open_ones]
    by_tag = select(Ballot.id).where(
        Ballot.is_cast, tuple_(Ballot.contest_id, Ballot.tag).in_(tags)
    )
    if tags and db.session.scalar(by_tag.limit(1)) is not None:
        return True
    sealed = [contest.id for contest in contests if contest.sealed_at is not None]
    by_mark = select(RollMark.contest_id).where(
        RollMark.contest_id.in_(sealed), RollMark.roll_entry_id == entry.id
    )
    return bool(sealed) and db.session.scalar(by_mark.limit(1)) is not None


def _open_to(contest: Contest, closes_at: datetime, entry: AnyVoter) -> OpenContest:
    try:
        ballot = own_ballot(contest, entry)
    except link_keys.LinkKeyMissing:
        return OpenContest(contest, closes_at, None)
    if ballot is None:
        return OpenContest(contest, closes_at, cast=False)
    kept = not ballot.is_cast and not _votes_on_paper(contest, entry)
    return OpenContest(contest, closes_at, cast=ballot.is_cast, kept=kept)


def _votes_on_paper(contest: AnyContest, entry: AnyVoter) -> bool:
    """Then what she had only kept does not count."""
    mark = exists().where(
        PaperMark.round_id == contest.round_id,
        PaperMark.roll_entry_id == entry.id,
        PaperMark.returned_on.is_(None),
    )
    return bool(db.session.scalar(select(mark)))
