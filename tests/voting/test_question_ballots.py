"""A question without money at the polling station: answers are ranked, and nothing has a cost."""

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World
from tests.voting.ballot_forms import (
    ballots,
    cast,
    key_on,
    open_paper,
    press,
    ranking_on,
    receipt_of,
    review,
    words_of,
)
from voting.models import Contest
from voting.questions import Answer, Question
from voting.services.questions import create_question

MONEY = ("pln", "pot", "project", "proposal", "cost")


@pytest.fixture
def contest(name: Contest) -> Contest:
    """Of the answers a ballot ranks three at most."""
    return name


def paper_words(page: str) -> str:
    """What stands on the page itself, without the frame around it."""
    return text_of(page[page.index("<main") : page.index("</main>")]).lower()


def test_the_paper_the_review_and_the_receipt_speak_of_answers_and_of_no_money(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    paper = open_paper(voter, contest)
    looked_at = review(voter, contest, ["2", "1"])
    done = cast(voter, contest, ["2", "1"])
    receipt = voter.get(done.location)

    assert "Rank 1 to 3 answers, the one you want most first." in words_of(paper)
    assert "One of them will be chosen" in words_of(paper)
    assert "Grew by the old mill." in words_of(paper)
    assert "You rank 2 answers" in words_of(looked_at)
    assert "You could rank 1 more answer." in words_of(looked_at)
    for page, words in ((paper, MONEY), (looked_at, MONEY), (receipt, ("pln", "cost"))):
        said = paper_words(page.get_data(as_text=True))
        assert [word for word in words if word in said] == []
    assert ballots(db) == 1
    assert receipt_of(voter, contest)


def test_without_scripts_each_button_answers_with_the_paper_again(
    voter: BrowserLikeClient, contest: Contest
) -> None:
    steps = [
        ("add:2", ["2"]),
        ("add:1", ["2", "1"]),
        ("up:1", ["1", "2"]),
        ("remove:2", ["1"]),
        ("add:3", ["1", "3"]),
    ]
    ranking: list[str] = []
    key = key_on(open_paper(voter, contest))
    for act, expected in steps:
        response = press(voter, contest, act, ranking, key=key)
        ranking = ranking_on(response)
        assert (response.status_code, ranking) == (200, expected), act


def test_what_no_ballot_can_be_is_refused_in_words_about_answers(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    contest.max_length = 2
    db.session.commit()

    assert "Rank at least one answer." in words_of(cast(voter, contest, []))
    assert "You ranked an answer more than once" in words_of(cast(voter, contest, ["1", "1"]))
    assert "You ranked 3 answers" in words_of(cast(voter, contest, ["1", "2", "3"]))
    assert "That answer is not on this ballot paper." in words_of(
        press(voter, contest, "add:9", ["1"])
    )
    assert ballots(db) == 0


def test_a_ballot_that_was_not_cast_is_kept_on_the_page_without_amounts(
    client: BrowserLikeClient, contest: Contest
) -> None:
    response = client.post(f"/ballots/{contest.ref}/review", data={"ranking": ["2", "3"]})

    assert response.status_code == 401
    said = paper_words(response.get_data(as_text=True))
    assert "elm" in said
    assert "ash" in said
    assert "pln" not in said


def test_a_question_of_another_district_is_not_asked_of_amara(
    db: SQLAlchemy, world: World, voter: BrowserLikeClient, eli: User
) -> None:
    question = Question(
        title="A name for the hill",
        answers=(Answer("North"), Answer("South")),
        district_id=world.hillside.id,
    )
    contest = create_question(world.voting_round, question, by=eli, at=clock.now())
    db.session.commit()

    response = voter.get(f"/ballots/{contest.ref}")

    assert response.status_code == 403
    assert "residents of another district" in words_of(response)


def test_the_front_page_and_the_account_lead_to_it(
    voter: BrowserLikeClient, contest: Contest
) -> None:
    home = text_of(voter.get("/").text)
    assert "A name for the new library" in home
    assert "3 answers" in home
    assert "1 to be chosen" in home
    assert "PLN 0" not in home
    assert "A name for the new library" in text_of(voter.get("/account").text)


def test_where_nothing_but_questions_is_open_the_front_page_asks_for_a_choice(
    db: SQLAlchemy, world: World, client: BrowserLikeClient, contest: Contest
) -> None:
    for each in (world.city_contest, world.riverside_contest, world.hillside_contest):
        each.sealed_at = clock.now()
    db.session.commit()

    home = text_of(client.get("/").text)

    assert "One question is open: rank what" in home
    assert "should choose" in home
    assert "3 answers, of which 1 will be chosen." in home


def test_the_front_page_counts_contests_for_money_and_questions_apart(
    world: World, client: BrowserLikeClient, contest: Contest
) -> None:
    home = text_of(client.get("/").text)

    assert "3 contests are open: rank what" in home
    assert "should pay for, and answer one question" in home


def test_the_receipt_is_found_in_the_box_of_the_question(
    voter: BrowserLikeClient, contest: Contest
) -> None:
    cast(voter, contest, ["1"])
    code = receipt_of(voter, contest)

    answer = voter.post("/receipts", data={"code": code})

    assert "A name for the new library" in text_of(answer.text)
