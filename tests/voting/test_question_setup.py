"""An officer puts a question without money on the ballots of a round."""

from typing import Any

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from budgets.models import Round
from core import clock
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World
from tests.voting.questions import ask
from voting.models import Contest, Option
from voting.queries.setup import number_too_dear

BASICS = {"name": "Kraków decides", "summary": "For all.", "currency": "PLN", "total": "3000000"}
CALENDAR = {
    "voting": "2027-04-12T08:00",
    "count": "2027-05-10T20:00",
    "ends": "2028-06-01T00:00",
}
JURY = {
    "title": "The citizens’ jury",
    "answers": "Ann Lee | Teacher.\n\nBen Roy\n  Cy Day|Nurse\nDee Fox\nEve Gil\n",
    "seats": "2",
    "max_length": "",
    "district": "",
    "aggregate_below": "50",
}


@pytest.fixture
def draft(officer: BrowserLikeClient, db: SQLAlchemy) -> Round:
    """A round after its first step, in a city of one district."""
    people.district("Riverside")
    assert officer.post("/staff/rounds", data=BASICS).status_code == 303
    return db.session.scalars(select(Round)).one()


def add(officer: BrowserLikeClient, round_: Round, **changes: str) -> Any:
    return officer.post(f"/staff/rounds/{round_.ref}/questions", data=JURY | changes)


def only_question(db: SQLAlchemy) -> Contest:
    return db.session.scalars(select(Contest)).one()


def test_a_jury_is_put_to_the_vote_and_its_rule_is_chosen_next(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    assert officer.get(f"/staff/rounds/{draft.ref}/questions/new").status_code == 200

    answer = add(officer, draft)

    jury = only_question(db)
    assert answer.status_code == 303
    assert answer.location == f"/staff/rounds/{draft.ref}/contests/{jury.ref}/rule"
    assert (jury.seats, jury.min_length, jury.max_length, jury.district_id) == (2, 1, 5, None)
    assert [(each.title, each.summary) for each in jury.options] == [
        ("Ann Lee", "Teacher."), ("Ben Roy", ""), ("Cy Day", "Nurse"), ("Dee Fox", ""),
        ("Eve Gil", ""),
    ]  # fmt: skip
    page = text_of(officer.get(f"/staff/rounds/{draft.ref}/ballots").text)
    assert "2 of 5 chosen" in page
    assert "Single transferable vote" in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"answers": "Ann Lee"}, "Write 2 to 100 answers, one a line; these are 1."),
        ({"answers": "Ann Lee\nBen Roy\nann lee"}, "“ann lee” stands there twice."),
        ({"answers": "Ann Lee\n| Nurse"}, "A line has a text but no answer in front of it"),
        ({"answers": f"Ann Lee\n{'x' * 121}"}, "is too long: an answer may have 120 characters"),
        ({"seats": "5"}, "There must be more answers than are chosen, and there are only 5."),
        ({"seats": "0"}, "Write a whole number from 1 to 99."),
        ({"max_length": "11"}, "Write a whole number from 1 to 10."),
        ({"max_length": "6"}, "There are only 5 answers to rank."),
        ({"district": "atlantis"}, "Not a valid choice"),
        ({"title": ""}, "Please fill this in."),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_nothing_typed_is_lost(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round, typed: dict[str, str], sentence: str
) -> None:
    answer = add(officer, draft, **typed)

    assert answer.status_code == 422
    assert sentence in text_of(answer.text)
    for kept in (typed.get("answers", "Cy Day|Nurse"), typed.get("title", JURY["title"])):
        assert kept.splitlines()[0] if kept else True
        assert all(line.strip() in answer.text for line in kept.splitlines())
    assert db.session.scalar(select(func.count()).select_from(Contest)) == 0


def test_a_question_for_one_district_is_asked_there_alone(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    add(officer, draft, district="riverside")

    riverside = people.district("Riverside")
    assert only_question(db).district_id == riverside.id


def test_before_voting_it_is_changed_and_taken_away_again(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    add(officer, draft)
    address = f"/staff/questions/{only_question(db).ref}"
    page = officer.get(address).text
    assert "Ann Lee | Teacher." in page

    assert only_question(db).openings == "auditors"
    officer.post(address, data=JURY | {"openings": "public"})
    saved = officer.post(address, data=JURY | {"title": "The jury", "answers": "A\nB\nC"})
    assert only_question(db).openings == "public"  # the second form did not say
    assert saved.location == f"/staff/rounds/{draft.ref}/ballots"
    assert [option.title for option in only_question(db).options] == ["A", "B", "C"]

    wrong = officer.post(address, data=JURY | {"answers": "A"})
    assert wrong.status_code == 422
    assert [option.title for option in only_question(db).options] == ["A", "B", "C"]

    assert officer.post(f"{address}/removal").status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Contest)) == 0
    assert db.session.scalar(select(func.count()).select_from(Option)) == 0


def test_a_rule_for_one_seat_gives_way_when_more_are_chosen_and_the_officer_is_told(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    add(officer, draft, seats="1")
    question = only_question(db)
    assert question.rule == "irv"

    answer = officer.post(f"/staff/questions/{question.ref}", data=JURY)

    assert answer.location.endswith("/rule")
    assert question.rule == "scottish-stv"
    assert "Its rule fills one seat only" in text_of(officer.get(answer.location).text)


def test_nothing_is_handed_over_to_a_question(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    add(officer, draft)

    page = text_of(officer.get(f"/staff/rounds/{draft.ref}/hand-over").text)
    assert "5 answers on the paper" in page
    assert "nothing is handed over to it" in page
    assert (
        officer.post(f"/staff/rounds/{draft.ref}/hand-over", data={"ties": "lot"}).status_code
        == 409
    )
    assert len(only_question(db).options) == 5


def test_a_round_may_ask_without_having_any_money(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    address = f"/staff/rounds/{draft.ref}"
    officer.post(f"{address}/basics", data=BASICS | {"total": "0"})
    officer.post(f"{address}/calendar", data=CALENDAR)
    assert "no money yet, and no question without money" in text_of(officer.get(address).text)

    add(officer, draft)

    assert "Nothing is missing" in text_of(officer.get(address).text)
    assert officer.post(f"{address}/announcement").status_code == 303
    assert draft.announced_at is not None


def test_money_that_is_in_no_pot_is_still_missed_where_questions_are_asked(
    officer: BrowserLikeClient, draft: Round
) -> None:
    officer.post(f"/staff/rounds/{draft.ref}/calendar", data=CALENDAR)
    add(officer, draft)

    page = text_of(officer.get(f"/staff/rounds/{draft.ref}").text)

    assert "No pot has money yet." in page


def test_a_question_has_no_page_among_the_pots_and_a_pot_none_among_the_questions(
    officer: BrowserLikeClient, db: SQLAlchemy, draft: Round
) -> None:
    add(officer, draft)
    ref = only_question(db).ref

    assert officer.get(f"/staff/contests/{ref}").status_code == 404
    assert officer.get("/staff/questions/nowhere").status_code == 404


def test_a_question_makes_no_proposal_too_dear_and_has_its_own_lot(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, eli: User
) -> None:
    ask(world, eli)
    db.session.commit()

    page = text_of(officer.get(f"/staff/rounds/{world.voting_round.ref}/hand-over").text)

    assert number_too_dear(world.voting_round) == 0
    assert "the number of the answer in the officer’s list" in page
    assert "the lot does, drawn from the same seed" in page


def test_from_the_first_ballot_on_the_question_stays_as_it_is(
    officer: BrowserLikeClient, db: SQLAlchemy, world: World, eli: User
) -> None:
    contest = ask(world, eli)
    world.voting_round.frozen_at = clock.now()
    db.session.commit()
    address = f"/staff/questions/{contest.ref}"

    assert officer.post(address, data=JURY).status_code == 409
    assert officer.post(f"{address}/removal").status_code == 409
    assert add(officer, world.voting_round).status_code == 409
    page = text_of(officer.get(address).text)
    assert "These settings stay as they are" in page
    assert "Remove this question" not in page
    assert contest.title == "A name for the new library"
