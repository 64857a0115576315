"""Who voted and was not yet told that her ballot was received. Needs the link keys."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from accounts.models import Residency, User
from budgets.phases import PhaseKind
from core.database import db
from voting import sealing
from voting.models import Ballot, BallotNotice, Contest, RollEntry, RollMark
from voting.queries.ballots import link_key_of

AT_ONCE = 500


class _Voter(NamedTuple):
    user_id: int
    roll_entry_id: int
    person_key: str


def contests_with_tags() -> Sequence[Contest]:
    """Contests with ballots that are not sealed yet, those of a round together."""
    unsealed = Contest.sealed_at.is_(None) & Contest.link_key_sha256.is_not(None)
    query = select(Contest).where(unsealed).order_by(Contest.round_id, Contest.position, Contest.id)
    return db.session.scalars(query).all()


def voters_to_tell(
    contests: Sequence[Contest], *, least: int, at: datetime
) -> dict[int, list[Contest]]:
    """The contests in which each account's ballot was received without its being told, by account.

    Where voting is still open, contests with fewer than `least` such voters are left out: beside
    what is public about the ballots, a few names would tell too much. Raises LinkKeyMissing.
    """
    found: dict[int, list[Contest]] = {}
    for contest in contests:
        waiting = list(_waiting_in(contest))
        voting = contest.round.span_of(PhaseKind.VOTING)
        if voting is not None and voting.holds(at) and len(waiting) < least:
            continue
        for user_id in waiting:
            found.setdefault(user_id, []).append(contest)
    return dict(sorted(found.items()))


def _waiting_in(contest: Contest) -> Iterator[int]:
    key = link_key_of(contest)
    for voters in _voters_with_accounts():
        notices = {
            sealing.notice_tag(key, contest.ref, each.person_key): each
            for each in _who_voted(contest, key, voters)
        }
        told = select(BallotNotice.tag).where(
            BallotNotice.contest_id == contest.id, BallotNotice.tag.in_(notices)
        )
        for tag in db.session.scalars(told):
            del notices[tag]
        yield from (each.user_id for each in notices.values())


def _voters_with_accounts() -> Iterator[list[_Voter]]:
    last = 0
    while rows := db.session.execute(
        select(User.id, RollEntry.id, RollEntry.person_key)
        .join(Residency, Residency.user_id == User.id)
        .join(RollEntry, RollEntry.person_key == Residency.person_key)
        .where(User.id > last, User.active, User.confirmed_at.is_not(None))
        .order_by(User.id)
        .limit(AT_ONCE)
    ).all():
        voters = [_Voter(*row) for row in rows]
        last = voters[-1].user_id
        yield voters


def _who_voted(contest: Contest, key: bytes, voters: Sequence[_Voter]) -> list[_Voter]:
    if contest.sealed_at is not None:
        by_entry = {each.roll_entry_id: each for each in voters}
        marked = select(RollMark.roll_entry_id).where(
            RollMark.contest_id == contest.id, RollMark.roll_entry_id.in_(by_entry)
        )
        return [by_entry[entry_id] for entry_id in db.session.scalars(marked)]
    by_tag = {sealing.ballot_tag(key, contest.ref, each.person_key): each for each in voters}
    cast = select(Ballot.tag).where(
        Ballot.contest_id == contest.id, Ballot.is_cast, Ballot.tag.in_(by_tag)
    )
    return [by_tag[tag] for tag in db.session.scalars(cast)]
