"""Closing: roll marked, ballots shuffled and without tags, link key gone; and only once."""

from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, func, select

from accounts.models import Residency, User
from accounts.services import confirm_residency
from budgets.phases import PhaseKind
from core import clock, jobs
from tests.harness import people
from tests.harness.world import World
from voting import commitments, link_keys, sealing
from voting.counting.ranking import unpack_ranking
from voting.models import Ballot, Contest, RollEntry, RollMark, SealedBallot
from voting.permissions import why_not_cast_ballot
from voting.queries.ballots import contests_open_to, has_cast
from voting.queries.rolls import roll_entry_of
from voting.services import closing as service
from voting.services.ballots import cast_ballot
from voting.services.closing import (
    LostBallots,
    UnmatchedBallots,
    VotingStillOpen,
    destroy_link_key,
    seal_contest,
)
from voting.services.rolls import enter_on_roll


def closing(contest: Contest) -> datetime:
    span = contest.round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.ends_at


def voters(db: SQLAlchemy, world: World, number: int) -> list[RollEntry]:
    """People of Riverside, straight on the roll."""
    at = clock.now()
    return [enter_on_roll(f"{i:064}", world.riverside.id, at=at) for i in range(number)]


def cast(contest: Contest, entry: RollEntry, refs: list[str]) -> str:
    return cast_ballot(contest, entry, refs, sealing.new_form_key(), at=clock.now()).code


def code_of(ballot: Ballot | SealedBallot) -> str:
    assert ballot.commitment is not None
    return commitments.receipt_code(ballot.commitment)


def number(db: SQLAlchemy, model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def state(db: SQLAlchemy) -> tuple[int, int, int]:
    """How many ballots with tags, sealed ballots, roll marks there are."""
    return number(db, Ballot), number(db, SealedBallot), number(db, RollMark)


def test_sealing_keeps_every_ranking_and_receipt_and_drops_tags_and_ids(
    db: SQLAlchemy, world: World
) -> None:
    contest = world.city_contest
    options = [option.ref for option in contest.options]
    cast_ones = {
        cast(contest, entry, options[: 1 + i % 3]): tuple(options[: 1 + i % 3])
        for i, entry in enumerate(voters(db, world, 12))
    }
    old_ids = set(db.session.scalars(select(Ballot.id)))

    seal_contest(contest, at=closing(contest))

    sealed = db.session.scalars(select(SealedBallot)).all()
    assert state(db) == (0, 12, 12)
    assert {code_of(each): unpack_ranking(each.ranking, options) for each in sealed} == cast_ones
    assert not old_ids & {each.id for each in sealed}
    assert not hasattr(SealedBallot, "tag")
    # The twelve, and Amara, who did not vote.
    assert (contest.ballots_cast, contest.roll_size) == (12, 13)


def test_the_ballots_are_laid_down_in_another_order_than_the_roll(
    db: SQLAlchemy, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[list[dict[str, object]]] = []
    insert = service._insert

    def note(model: type[RollMark | SealedBallot], rows: list[dict[str, object]]) -> None:
        laid.append(rows)
        insert(model, rows)

    monkeypatch.setattr(service, "_insert", note)
    contest = world.city_contest
    as_cast = [cast(contest, entry, ["0-1"]) for entry in voters(db, world, 40)]
    orders = [
        [code_of(each) for each in db.session.scalars(select(Ballot).order_by(column))]
        for column in (Ballot.id, Ballot.tag, Ballot.commitment)
    ]

    seal_contest(contest, at=closing(contest))

    marks, ballots = laid
    entries = [int(str(mark["roll_entry_id"])) for mark in marks]
    assert entries == sorted(entries)
    as_laid = [code_of(SealedBallot(**ballot)) for ballot in ballots]
    assert as_laid not in [as_cast, *orders]
    assert sorted(map(str, as_laid)) == sorted(as_cast)


@pytest.mark.attack("B71")
def test_sealing_twice_changes_nothing(db: SQLAlchemy, world: World) -> None:
    contest = world.city_contest
    for entry in voters(db, world, 3):
        cast(contest, entry, ["0-2"])

    seal_contest(contest, at=closing(contest))
    db.session.commit()
    before = sorted(db.session.scalars(select(SealedBallot.id)))
    seal_contest(contest, at=closing(contest) + timedelta(days=1))

    assert sorted(db.session.scalars(select(SealedBallot.id))) == before
    assert contest.sealed_at == closing(contest)


def test_a_contest_is_not_sealed_before_its_closing_time(db: SQLAlchemy, world: World) -> None:
    contest = world.city_contest

    with pytest.raises(VotingStillOpen):
        seal_contest(contest, at=closing(contest) - timedelta(milliseconds=1))

    assert contest.sealed_at is None


def test_sealing_alone_leaves_the_link_key_to_two_officers(db: SQLAlchemy, world: World) -> None:
    contest = world.city_contest
    for entry in voters(db, world, 2):
        cast(contest, entry, ["0-2"])
    db.session.commit()

    seal_contest(contest, at=closing(contest))
    db.session.commit()
    jobs.run_due(closing(contest))

    assert link_keys.exists(contest.ref)


def test_a_key_that_never_tied_a_ballot_goes_by_itself_and_after_a_fault_again(
    db: SQLAlchemy, world: World
) -> None:
    contest = world.city_contest
    seal_contest(contest, at=closing(contest))
    db.session.commit()
    db.session.query(jobs.OutboxJob).delete()
    db.session.commit()
    assert link_keys.exists(contest.ref)

    seal_contest(contest, at=closing(contest))
    db.session.commit()
    jobs.run_due(closing(contest))

    assert not link_keys.exists(contest.ref)


def test_the_job_spares_the_key_of_a_contest_that_is_not_sealed(
    db: SQLAlchemy, world: World
) -> None:
    destroy_link_key(world.city_contest.ref)

    assert link_keys.exists(world.city_contest.ref)


def test_a_ballot_whose_tag_is_nobodys_stops_the_sealing(db: SQLAlchemy, world: World) -> None:
    contest = world.city_contest
    for entry in voters(db, world, 3):
        cast(contest, entry, ["0-2"])
    db.session.add(
        Ballot(id="f" * 32, contest_id=contest.id, tag="0" * 64, ranking=b"\0\1", is_cast=False)
    )
    db.session.commit()

    with pytest.raises(UnmatchedBallots, match="1 ballots"):
        seal_contest(contest, at=closing(contest))

    db.session.rollback()
    assert state(db) == (4, 0, 0)
    assert contest.sealed_at is None
    assert link_keys.exists(contest.ref)


def test_ballots_that_are_lost_on_the_way_stop_the_sealing(
    db: SQLAlchemy, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    contest = world.city_contest
    for entry in voters(db, world, 3):
        cast(contest, entry, ["0-2"])
    db.session.commit()
    insert = service._insert
    monkeypatch.setattr(service, "_insert", lambda model, rows: insert(model, rows[1:]))

    with pytest.raises(LostBallots):
        seal_contest(contest, at=closing(contest))

    db.session.rollback()
    assert state(db) == (3, 0, 0)


def test_ballots_without_a_link_key_are_not_sealed(db: SQLAlchemy, world: World) -> None:
    contest = world.city_contest
    cast(contest, voters(db, world, 1)[0], ["0-2"])
    db.session.commit()
    link_keys.destroy(contest.ref)

    with pytest.raises(link_keys.LinkKeyMissing):
        seal_contest(contest, at=closing(contest))

    db.session.rollback()
    assert state(db) == (1, 0, 0)


def test_the_roll_of_a_contest_is_who_could_vote_in_it(
    db: SQLAlchemy, world: World, amara: User, chen: User
) -> None:
    contest = world.riverside_contest
    stayed, moved, left_without = voters(db, world, 3)
    cast(contest, moved, ["82-1"])
    at = clock.now()
    enter_on_roll(moved.person_key, world.hillside.id, at=at)
    enter_on_roll(left_without.person_key, world.hillside.id, at=at)
    enter_on_roll("late", world.riverside.id, at=closing(contest))

    seal_contest(contest, at=closing(contest) + timedelta(hours=1))

    # Amara and who stayed; who voted and moved. Not who moved without voting, nor who came late.
    assert (contest.ballots_cast, contest.roll_size) == (1, 3)
    assert stayed.district_id == world.riverside.id


def test_after_sealing_the_mark_tells_who_voted_and_nobody_casts_any_more(
    db: SQLAlchemy, world: World, amara: User, chen: User
) -> None:
    contest = world.city_contest
    of_amara, of_chen = entry_of(amara), entry_of(chen)
    cast(contest, of_amara, ["0-2"])
    seal_contest(contest, at=closing(contest))
    db.session.commit()
    jobs.run_due(closing(contest))

    assert has_cast(contest, of_amara)
    assert not has_cast(contest, of_chen)
    refusal = why_not_cast_ballot(of_chen, contest, clock.now())
    assert refusal is not None
    assert refusal.code == "closed"
    assert contest not in [each.contest for each in contests_open_to(of_chen, clock.now())]


@pytest.mark.attack("B13")
def test_erasing_a_voter_changes_no_ballot_and_gives_no_second_one(
    db: SQLAlchemy, world: World, bo: User, clara: User
) -> None:
    at = clock.now()
    confirm_residency(bo, "82010112345", world.riverside, by=clara, at=at)
    cast(world.city_contest, entry_of(bo), ["0-2"])
    erase(db, bo)
    again = people.somebody("Bo once more")
    confirm_residency(again, "82010112345", world.riverside, by=clara, at=at)

    assert has_cast(world.city_contest, entry_of(again))
    cast(world.city_contest, entry_of(again), ["0-1"])
    assert state(db) == (1, 0, 0)
    seal_contest(world.city_contest, at=closing(world.city_contest))
    erase(db, again)

    assert state(db) == (0, 1, 1)


def entry_of(person: User) -> RollEntry:
    entry = roll_entry_of(person.id)
    assert entry is not None
    return entry


def erase(db: SQLAlchemy, person: User) -> None:
    """Takes an account and its residency away; the roll stays."""
    db.session.execute(delete(Residency).where(Residency.user_id == person.id))
    db.session.execute(delete(User).where(User.id == person.id))
    db.session.commit()
    db.session.expire_all()
