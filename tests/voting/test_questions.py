"""Contests without money: the officer's question, its lots, its count and its certificate."""

import json

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts.models import User
from core import clock
from core.audit import AuditEntry
from tests.harness.world import World
from tests.transparency.decided import seal
from tests.voting.questions import NAMES, ask
from voting import counting, lots
from voting.models import SealedBallot
from voting.permissions.counts import why_not_certify
from voting.queries.contests import contests_of
from voting.questions import Answer, Question
from voting.services.counts import certify_count, count_contest
from voting.services.questions import change_question, choose_seat_rule
from voting.services.setup import change_round


def test_a_question_has_answers_and_no_money_and_stands_behind_the_pots(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    db.session.commit()

    assert contest.is_for_seats
    assert (contest.seats, contest.pot_id, contest.budget_minor) == (1, None, 0)
    assert (contest.rule, contest.rule_version, contest.rule_parameters) == ("irv", "1", {})
    assert [(each.ref, each.title, each.summary) for each in contest.options] == [
        ("1", "Oak", ""),
        ("2", "Elm", "Grew by the old mill."),
        ("3", "Ash", ""),
    ]
    assert {(each.cost_minor, each.proposal_id) for each in contest.options} == {(0, None)}
    assert contests_of(world.voting_round.id)[-1] is contest
    assert not world.city_contest.is_for_seats


def test_the_paper_and_the_ties_go_by_the_lot_of_its_seed(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    refs = [option.ref for option in contest.options]

    on_paper = sorted(contest.options, key=lambda option: option.paper_position)
    assert [each.ref for each in on_paper] == lots.paper_order(contest.paper_seed, refs)
    at_ties = sorted(contest.options, key=lambda option: option.tie_position)
    assert [each.ref for each in at_ties] == counting.lot_order(contest.paper_seed, refs)


def test_a_contest_is_for_a_pot_or_for_seats_never_for_both_or_neither(
    db: SQLAlchemy, world: World
) -> None:
    world.city_contest.seats = 1
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    world.city_contest.pot_id = None
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_its_sealed_ballots_elect_somebody_and_an_officer_signs_that(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    seal(contest, [[0]] * 4 + [[1, 0]] * 3 + [[2, 1]] * 2)

    count_ = count_contest(contest, by=eli, at=clock.now())
    db.session.commit()
    document = json.loads(count_.document)

    assert document["elected"] == ["2"]
    assert [stage["action"] for stage in document["stages"]] == ["first preferences", "exclusion"]
    assert count_.ballots_sha256 == document["ballots"]["sha256"]
    assert (count_.rule, count_.rule_version) == ("irv", "1")
    assert why_not_certify(eli, count_, clock.now()) is None
    certify_count(count_, by=eli, at=clock.now())
    assert count_.certified_by_id == eli.id


def test_a_ballot_that_changed_after_the_count_keeps_it_from_being_signed(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    seal(contest, [[0], [1], [1]])
    count_ = count_contest(contest, by=eli, at=clock.now())
    query = select(SealedBallot).where(SealedBallot.contest_id == contest.id)
    ballot = db.session.scalars(query).first()
    assert ballot is not None
    ballot.ranking = b"\x00\x02"
    db.session.flush()

    refusal = why_not_certify(eli, count_, clock.now())

    assert refusal is not None
    assert refusal.code == "ballots_changed"


def test_more_seats_than_the_rule_can_fill_bring_the_usual_rule_for_several(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    question = Question(title="Two names", answers=NAMES, seats=2)

    change_question(contest, question, by=eli, at=clock.now())

    assert (contest.rule, contest.title, contest.seats) == ("scottish-stv", "Two names", 2)
    assert (world.voting_round.id, contest.rule_version) == (contest.round_id, "1")


def test_other_answers_take_the_place_of_the_old_ones_and_the_log_has_both(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    others = (Answer("Lime"), Answer("Oak"))

    question = Question(title=contest.title, answers=others)
    change_question(contest, question, by=eli, at=clock.now())
    db.session.commit()

    assert [option.title for option in contest.options] == ["Lime", "Oak"]
    assert sorted(option.paper_position for option in contest.options) == [0, 1]
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "change_answers")).one()
    assert entry.details["before"] == ["Oak", "Elm", "Ash"]
    assert entry.details["after"] == ["Lime", "Oak"]


def test_a_chosen_rule_is_kept_with_its_settings(db: SQLAlchemy, world: World, eli: User) -> None:
    contest = ask(world, eli)

    strength = {"strength": "winning-votes"}
    choose_seat_rule(contest, "ranked-pairs", strength, by=eli, at=clock.now())
    db.session.commit()

    assert (contest.rule, contest.rule_parameters) == ("ranked-pairs", strength)
    with pytest.raises(counting.CountingError):
        choose_seat_rule(contest, "irv", {"ties": "coin"}, by=eli, at=clock.now())


def test_a_rule_for_one_seat_is_not_taken_for_several(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli, seats=2)

    with pytest.raises(counting.CountingError):
        choose_seat_rule(contest, "irv", {}, by=eli, at=clock.now())
    assert contest.rule == "scottish-stv"


def test_another_currency_of_the_round_leaves_the_question_without_money(
    db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    round_ = world.voting_round

    change_round(
        round_, name=round_.name, summary=round_.summary, currency="EUR",
        total_minor=round_.total_minor, by=eli, at=clock.now(),
    )  # fmt: skip

    assert (contest.currency, contest.budget_minor) == ("EUR", 0)
    assert contests_of(round_.id)[-1] is contest
