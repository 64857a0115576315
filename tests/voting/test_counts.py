"""Counting sealed ballots and certifying the count: only by officers, only what is still true."""

import hashlib
import json
from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, func, select

from accounts.models import User
from core import clock as now
from core.audit import AuditEntry
from core.database import db as database
from tests.harness.world import World
from voting.counting import pack_ranking
from voting.models import Ballot, Contest, ContestCount, SealedBallot
from voting.permissions.counts import why_not_certify, why_not_close_voting, why_not_count
from voting.queries.contests import ballots_cast
from voting.queries.counts import certified_counts, latest_count, latest_counts
from voting.sealing import new_ballot_id
from voting.services.counts import NotSealed, certify_count, count_contest

SECOND = timedelta(seconds=1)


def seal(contest: Contest, *rankings: str) -> None:
    """Ballots as closing leaves them; a ranking such as "201" is three option numbers."""
    refs = [option.ref for option in contest.options]
    for ranking in rankings:
        packed = pack_ranking([refs[int(digit)] for digit in ranking], refs)
        ballot = SealedBallot(contest_id=contest.id, id=new_ballot_id(), ranking=packed)
        database.session.add(ballot)
    contest.sealed_at, contest.ballots_cast = now.now(), len(rankings)


@pytest.fixture
def contest(world: World) -> Contest:
    """Riverside's contest, closed with four ballots: option 3 has 9 points, option 0 three."""
    seal(world.riverside_contest, "30", "301", "32", "03")
    return world.riverside_contest


def test_the_count_is_the_engines_document_with_its_hash(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    count_ = count_contest(contest, by=eli, at=now.now())
    db.session.commit()
    document = json.loads(count_.document)

    assert document["ballots"]["number"] == 4
    assert document["stages"][0]["option"] == contest.options[3].ref
    assert count_.document_sha256 == hashlib.sha256(count_.document.encode()).hexdigest()
    assert count_.ballots_sha256 == document["ballots"]["sha256"]
    assert (count_.rule, count_.rule_version) == ("points-by-rank", "1")
    assert count_.counted_by_id == eli.id
    assert latest_count(contest.id) is count_
    assert latest_counts(contest.round_id) == {contest.id: count_}


@pytest.mark.attack("B71")
def test_counting_the_same_ballots_again_gives_back_the_same_count(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    first = count_contest(contest, by=eli, at=now.now())
    db.session.commit()

    assert count_contest(contest, by=eli, at=now.now()) is first
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert list(acts).count("count_contest") == 1


def test_a_contest_whose_ballots_can_still_change_is_not_counted(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    refusal = why_not_count(eli, world.city_contest, now.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("not_sealed", 409)
    with pytest.raises(NotSealed):
        count_contest(world.city_contest, by=eli, at=now.now())


def test_a_contest_without_ballots_is_counted_and_funds_in_the_order_of_ties(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    seal(world.hillside_contest)
    count_ = count_contest(world.hillside_contest, by=eli, at=now.now())

    assert json.loads(count_.document)["ballots"]["number"] == 0


def test_certifying_signs_the_count_once(
    db: SQLAlchemy, contest: Contest, eli: User, ewa: User
) -> None:
    count_ = count_contest(contest, by=eli, at=now.now())
    assert certified_counts(contest.round_id) == []
    assert why_not_certify(eli, count_, now.now()) is None
    at = now.now()
    certify_count(count_, by=eli, at=at)
    certify_count(count_, by=ewa, at=at + SECOND)
    db.session.commit()

    assert (count_.certified_at, count_.certified_by_id) == (at, eli.id)
    assert certified_counts(contest.round_id) == [count_]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "certify_count")).one()
    assert entry.details["document_sha256"] == count_.document_sha256
    for refusal in (why_not_certify(ewa, count_, at), why_not_count(ewa, contest, at)):
        assert refusal is not None
        assert (refusal.code, refusal.status) == ("certified", 409)


@pytest.mark.attack("B19")
def test_nobody_but_an_officer_counts_or_certifies(
    db: SQLAlchemy, contest: Contest, eli: User, dana: User, adam: User
) -> None:
    count_ = count_contest(contest, by=eli, at=now.now())

    for person in (dana, adam, None):
        for refusal in (
            why_not_count(person, contest, now.now()),
            why_not_certify(person, count_, now.now()),
            why_not_close_voting(person, contest.round, now.now()),
        ):
            assert refusal is not None
            assert (refusal.code, refusal.status) == ("not_an_officer", 403)


def test_a_count_of_other_ballots_than_are_there_now_is_not_certified(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    count_ = count_contest(contest, by=eli, at=now.now())
    db.session.execute(delete(SealedBallot).where(SealedBallot.contest_id == contest.id))
    seal(contest, "30", "301", "32", "31")
    refusal = why_not_certify(eli, count_, now.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("ballots_changed", 409)


def test_a_damaged_ballot_stops_certification_with_a_sentence(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    count_ = count_contest(contest, by=eli, at=now.now())
    one = db.session.scalars(select(SealedBallot)).first()
    assert one is not None
    one.ranking = b"\x00\x99"
    db.session.flush()
    refusal = why_not_certify(eli, count_, now.now())

    assert refusal is not None
    assert refusal.code == "ballots_changed"


def test_a_count_that_was_altered_is_not_certified(
    db: SQLAlchemy, contest: Contest, eli: User
) -> None:
    count_ = count_contest(contest, by=eli, at=now.now())
    count_.document = count_.document.replace('"funded":[', '"funded":["X",')
    refusal = why_not_certify(eli, count_, now.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("count_altered", 409)


def test_only_the_newest_count_is_certified(db: SQLAlchemy, contest: Contest, eli: User) -> None:
    at = now.now()
    old = count_contest(contest, by=eli, at=at)
    seal(contest, "1")
    new = count_contest(contest, by=eli, at=at + SECOND)
    refusal = why_not_certify(eli, old, at)

    assert new is not old
    assert refusal is not None
    assert (refusal.code, refusal.status) == ("not_latest", 409)
    assert db.session.scalar(select(func.count()).select_from(ContestCount)) == 2


def test_voting_is_closed_from_its_last_second_on_and_not_before(
    db: SQLAlchemy, clock: time_machine.Traveller, world: World, eli: User
) -> None:
    span = next(each for each in world.voting_round.spans if each.kind == "voting")

    early = why_not_close_voting(eli, world.voting_round, span.ends_at - SECOND)
    assert early is not None
    assert (early.code, early.status) == ("voting_not_over", 409)
    assert why_not_close_voting(eli, world.voting_round, span.ends_at) is None


def test_a_round_without_a_calendar_has_no_voting_to_close(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    world.voting_round.announced_at = None
    refusal = why_not_close_voting(eli, world.voting_round, now.now())

    assert refusal is not None
    assert refusal.code == "no_voting"


def test_turnout_is_told_before_and_after_closing(
    db: SQLAlchemy, contest: Contest, world: World
) -> None:
    city = world.city_contest
    for number in range(3):
        ballot = Ballot(
            id=new_ballot_id(), contest_id=city.id, tag=f"{number:064}",
            ranking=b"\x00\x01", salt=bytes(32), commitment=bytes(32), manifest_number=1,
        )  # fmt: skip
        db.session.add(ballot)
    db.session.flush()

    turnout = ballots_cast([contest, city, world.hillside_contest])
    assert turnout == {contest.id: 4, city.id: 3, world.hillside_contest.id: 0}
