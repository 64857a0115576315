"""A proposal that costs more than its whole pot can never win: officers hear it in time."""

from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from budgets import services as budgets
from budgets.models import Round
from budgets.phases import PhaseKind
from core import clock
from proposals.lifecycle import State
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import MILLION, make_proposal, make_round
from tests.voting.test_imports import small_file
from voting.models import Contest, Option, SealedBallot
from voting.queries.setup import set_up_of
from voting.services import contests

DEAR = "1 proposal costs more than its whole pot and could never win."


@pytest.fixture
def round_(db: SQLAlchemy, client: BrowserLikeClient, eli: User) -> Round:
    """A round in its review, with a pot of a million for Riverside; Eli is at his desk."""
    at = clock.now()
    made = make_round("Budget 2030", "budget-2030", at, PhaseKind.REVIEW)
    pot = budgets.add_pot(made, "Riverside", MILLION, people.district("Riverside"), by=eli, at=at)
    contests.create_contest(
        made, pot, title="Riverside", min_length=1, max_length=3,
        rule="points-by-rank", by=eli, at=at,
    )  # fmt: skip
    people.sign_in(client, eli)
    return made


def feasible(db: SQLAlchemy, round_: Round, title: str, cost: int) -> None:
    home = people.district("Riverside")
    make_proposal(round_, home, title, clock.now(), state=State.FEASIBLE, cost=cost)
    db.session.commit()


def on_papers(db: SQLAlchemy) -> int:
    return db.session.scalar(select(func.count()).select_from(Option)) or 0


def test_it_is_refused_on_the_paper_and_the_checklist_says_so(
    client: BrowserLikeClient, db: SQLAlchemy, round_: Round
) -> None:
    feasible(db, round_, "A bench", MILLION)
    feasible(db, round_, "A bridge of gold", MILLION + 1)
    address = f"/staff/rounds/{round_.ref}"

    refused = client.post(f"{address}/hand-over", data={"ties": "lot"})

    assert refused.status_code == 409
    said = "cost more than the whole pot “Riverside” and could never win: A bridge of gold."
    assert said in text_of(refused.text)
    assert on_papers(db) == 0
    assert said in text_of(client.get(f"{address}/hand-over").text)
    assert DEAR in text_of(client.get(address).text)


def test_what_costs_exactly_the_pot_can_win_until_the_pot_is_made_smaller(
    client: BrowserLikeClient, db: SQLAlchemy, round_: Round, eli: User
) -> None:
    feasible(db, round_, "A bench", MILLION)
    address = f"/staff/rounds/{round_.ref}"
    assert client.post(f"{address}/hand-over", data={"ties": "lot"}).status_code == 303
    assert on_papers(db) == 1
    assert DEAR not in text_of(client.get(address).text)

    answer = client.post(f"{address}/pots", data={"city": "", "riverside": "999999.99"})

    assert answer.status_code == 303
    assert DEAR in text_of(client.get(address).text)


def test_of_the_past_it_is_taken_as_it_came_with_a_warning(
    app: Flask, db: SQLAlchemy, tmp_path: Path
) -> None:
    at = clock.now()
    past = budgets.create_round(
        name="Past", currency="PLN", total_minor=50_00, summary="", by=None, at=at
    )
    db.session.commit()
    path = small_file(tmp_path, budget="50")

    run = app.test_cli_runner().invoke(args=["voting", "import", past.ref, "Riverside", str(path)])

    assert run.exit_code == 0, run.output
    assert "Warning: these cost more than the whole pot and could never win: A, B." in run.output
    assert db.session.scalar(select(func.count()).select_from(SealedBallot)) == 4
    assert on_papers(db) == 3
    sealed = db.session.scalars(select(Contest)).one()
    assert sealed.sealed_at is not None
    assert set_up_of(past).steps[5].missing == ""
