"""A contest and a voter as the ballot box asks for them: plain values of one row each.

An object that stands for a row costs several times what the database takes to answer, and every
cast and every change of a paper would make some. Nothing here is kept from one request to the
next: what decides is read in the transaction that writes.
"""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, select

from accounts.models import Residency
from budgets.models import Phase, Round
from budgets.phases import PhaseKind, Span
from core.database import db
from voting.models import Contest, LetterSession, RollEntry


class RoundAtTheBox(NamedTuple):
    """What of a round decides on a ballot. `voting` is the stretch of time that takes ballots."""

    ref: str
    announced_at: datetime | None
    frozen_at: datetime | None
    district_rule: str
    districts_most: int
    voting: Span | None


class ContestAtTheBox(NamedTuple):
    """What of a contest decides on a ballot; named as in `models.Contest`."""

    id: int
    ref: str
    title: str
    round_id: int
    district_id: int | None
    seats: int | None
    min_length: int
    max_length: int
    withdrawn: list[str]
    link_key_sha256: str | None
    sealed_at: datetime | None
    round: RoundAtTheBox

    @property
    def is_for_seats(self) -> bool:
        return self.seats is not None


class VoterAtTheBox(NamedTuple):
    """What of an entry of the roll decides on a ballot."""

    id: int
    person_key: str
    district_id: int
    has_moved: bool
    left_on: date | None


AnyContest = Contest | ContestAtTheBox
AnyVoter = RollEntry | VoterAtTheBox

_OF_CONTEST, _OF_ROUND = Contest.__table__.c, Round.__table__.c
_VOTING, _NEXT = Phase.__table__.alias(), Phase.__table__.alias()
_NEXT_STARTS = (
    select(func.min(_NEXT.c.starts_at))
    .where(_NEXT.c.round_id == _OF_ROUND.id, _NEXT.c.starts_at > _VOTING.c.starts_at)
    .scalar_subquery()
)
_CONTEST = (
    select(
        *(_OF_CONTEST[name] for name in ContestAtTheBox._fields[:-1]),
        *(_OF_ROUND[name] for name in RoundAtTheBox._fields[:-1]),
        _VOTING.c.starts_at,
        # As `budgets.phases.spans` has it: until the next phase starts, or the round ends.
        func.coalesce(_NEXT_STARTS, _OF_ROUND.ends_at),
        _OF_ROUND.ends_at,
    )
    .join_from(Contest.__table__, Round.__table__)
    .outerjoin(
        _VOTING,
        (_VOTING.c.round_id == _OF_ROUND.id) & (_VOTING.c.kind == PhaseKind.VOTING.value),
    )
)
_BY_REF = _CONTEST.where(_OF_CONTEST.ref == bindparam("ref"), _OF_ROUND.announced_at.is_not(None))
_BY_ID = _CONTEST.where(_OF_CONTEST.id == bindparam("contest_id"))
_ENTRY, _HOME, _LETTER = RollEntry.__table__.c, Residency.__table__.c, LetterSession.__table__.c
_VOTER = select(*(_ENTRY[name] for name in VoterAtTheBox._fields))
_BY_ENTRY = _VOTER.where(_ENTRY.id == bindparam("entry_id"))
_BEHIND_ACCOUNT = _VOTER.where(
    _HOME.user_id == bindparam("user_id"),
    _ENTRY.person_key == _HOME.person_key,
    _ENTRY.left_on.is_(None),
)
_BEHIND_LETTER = _VOTER.where(
    _LETTER.token_sha256 == bindparam("token_sha256"),
    _LETTER.ends_at > bindparam("at"),
    _ENTRY.id == _LETTER.roll_entry_id,
    _ENTRY.left_on.is_(None),
)


def contest_at_the_box(ref: str) -> ContestAtTheBox | None:
    """The contest of an announced round at this address."""
    return _contest(_BY_REF, {"ref": ref})


def contest_anew(contest_id: int) -> ContestAtTheBox:
    """The contest as this transaction sees it now."""
    found = _contest(_BY_ID, {"contest_id": contest_id})
    assert found is not None, "Nobody asks for a contest that there is not."
    return found


def voter_anew(entry_id: int) -> VoterAtTheBox:
    """The entry of the roll as this transaction sees it now."""
    return VoterAtTheBox(*db.session.execute(_BY_ENTRY, {"entry_id": entry_id}).one())


def voter_behind_account(user_id: int) -> VoterAtTheBox | None:
    """The person whom a clerk found behind this account; None if nobody did."""
    return _voter(_BEHIND_ACCOUNT, {"user_id": user_id})


def voter_behind_letter(token_sha256: str, at: datetime) -> VoterAtTheBox | None:
    """The person whose letter opened this session; None if it has ended."""
    return _voter(_BEHIND_LETTER, {"token_sha256": token_sha256, "at": at})


def _contest(query: Select[Any], asked: dict[str, Any]) -> ContestAtTheBox | None:
    row = db.session.execute(query, asked).first()
    if row is None:
        return None
    *of_contest, ref, announced, frozen, rule, most, starts_at, ends_at, round_ends_at = row
    has_voting = starts_at is not None and round_ends_at is not None
    voting = Span(PhaseKind.VOTING, starts_at, ends_at) if has_voting else None
    round_ = RoundAtTheBox(ref, announced, frozen, rule, most, voting)
    return ContestAtTheBox._make((*of_contest, round_))


def _voter(query: Select[Any], asked: dict[str, Any]) -> VoterAtTheBox | None:
    row = db.session.execute(query, asked).first()
    return VoterAtTheBox(*row) if row is not None else None
