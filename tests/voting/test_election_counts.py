"""A count without money at the officer's desk: counted, looked at stage by stage, and signed."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from core import clock as now
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.second_person import confirm_as
from tests.harness.world import World
from tests.transparency.decided import seal
from tests.voting.questions import ask
from voting.models import Contest, ContestCount
from voting.queries.counts import latest_count
from voting.queries.election_views import election_view_of
from voting.questions import Answer
from voting.services.counts import count_contest
from voting.services.questions import choose_seat_rule

MONTH = timedelta(days=30)
NINE = [[0]] * 4 + [[1, 0]] * 3 + [[2, 1]] * 2
"""Oak four, Elm three, Ash two: without Ash, Elm has five of nine."""
JURY = tuple(Answer(name) for name in ("Ada", "Ben", "Cem"))
ELEVEN = [[0, 1]] * 6 + [[2]] * 3 + [[1]] * 2
"""Ada has six, the quota is four: a third of each of her papers moves to Ben."""


def counted(contest: Contest, ballots: list[list[int]], eli: User, db: SQLAlchemy) -> ContestCount:
    seal(contest, ballots)
    count_ = count_contest(contest, by=eli, at=now.now())
    db.session.commit()
    return count_


def test_a_runoff_is_told_stage_by_stage_with_its_tallies(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, eli: User
) -> None:
    count_ = counted(ask(world, eli), NINE, eli, db)

    page = text_of(officer.get(f"/staff/counts/{count_.ref}").text)

    assert "9 ballots were counted." in page
    assert "Stage 1: first choices" in page
    assert "Stage 2: Ash is excluded" in page
    assert "Elm has more than half of the ballots that still count and is chosen." in page
    assert "Instant runoff, 1" in page
    assert "PLN" not in page


def test_a_surplus_is_told_to_the_last_decimal(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, eli: User
) -> None:
    count_ = counted(ask(world, eli, JURY, "The jury", seats=2), ELEVEN, eli, db)

    page = text_of(officer.get(f"/staff/counts/{count_.ref}").text)

    assert "Stage 2: what Ada has beyond the quota moves on" in page
    assert "3.99998" in page, "cut, and never rounded up to the quota of four"
    assert "Lost by rounding so far: 0.00002" in page
    assert "Ada reaches the quota and is chosen." in page
    assert "Ben is chosen, since no more are left than are to be chosen." in page


@pytest.mark.parametrize("rule", ["schulze", "ranked-pairs"])
def test_the_matrix_shows_everybody_against_everybody(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, eli: User, rule: str
) -> None:
    contest = ask(world, eli)
    choose_seat_rule(contest, rule, {}, by=eli, at=now.now())
    count_ = counted(contest, NINE, eli, db)

    page = text_of(officer.get(f"/staff/counts/{count_.ref}").text)

    assert "The ranking of all 1 Elm chosen" in page
    assert "Elm against each other one" in page
    assert "5 to 4" in page, "five ballots rank Elm above Oak, four do not"
    assert "On so many ballots the row stands above the column" in page


def test_a_tie_says_who_was_level_and_that_the_lot_decided(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, eli: User
) -> None:
    count_ = counted(ask(world, eli), [[0], [1], [2]], eli, db)

    page = text_of(officer.get(f"/staff/counts/{count_.ref}").text)

    assert "were level as the fewest" in page
    assert "The published lot decided that." in page


def test_nobody_is_shown_with_a_tally_after_the_exclusion(
    db: SQLAlchemy, app: Flask, world: World, eli: User
) -> None:
    view = election_view_of(counted(ask(world, eli), NINE, eli, db))

    assert [[tally.option.title for tally in stage.tallies] for stage in view.stages] == [
        ["Oak", "Elm", "Ash"],
        ["Elm", "Oak"],
    ]
    assert [option.title for option in view.chosen] == ["Elm"]
    assert [stage.quota for stage in view.stages] == [5, 5]
    assert view.most == 5, "bars of all stages are measured alike"


def test_without_any_ballot_the_lot_chooses_and_the_page_stands(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, eli: User
) -> None:
    for number, rule in enumerate(("irv", "scottish-stv", "meek-stv", "schulze", "ranked-pairs")):
        contest = ask(world, eli, title=f"Name {number}")
        choose_seat_rule(contest, rule, {}, by=eli, at=now.now())
        count_ = counted(contest, [], eli, db)

        answer = officer.get(f"/staff/counts/{count_.ref}")

        assert answer.status_code == 200, rule
        assert "0 ballots were counted." in text_of(answer.text)


def test_a_question_is_closed_counted_and_certified_with_the_money(
    clock: time_machine.Traveller,
    app: Flask,
    db: SQLAlchemy,
    world: World,
    client: BrowserLikeClient,
    eli: User,
) -> None:
    contest = ask(world, eli)
    db.session.commit()
    address = f"/staff/rounds/{world.voting_round.ref}"
    clock.shift(MONTH)
    people.sign_in(client, eli)

    for act in ("seals", "counts", "certificates"):
        answer = client.post(f"{address}/{act}")
        assert answer.status_code == 303, text_of(answer.text)
    assert confirm_as(app, people.cast("ewa")) == 303

    count_ = latest_count(contest.id)
    assert count_ is not None
    assert count_.certified_at is not None
    assert contest.sealed_at is not None
    page = text_of(client.get(f"{address}/count").text)
    assert "A name for the new library" in page


def test_counting_from_the_command_line_names_who_is_chosen(
    app: Flask, db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    seal(contest, NINE)
    db.session.commit()

    result = app.test_cli_runner().invoke(args=["voting", "count", world.voting_round.ref])

    assert result.exit_code == 0, result.output
    assert "A name for the new library: 9 ballots, chosen: Elm" in result.output
    assert db.session.scalars(select(ContestCount)).all()
