"""A letter in her hand: what she types, what she reads, how guessing is held off."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from core import clock
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import ballots, cast, refs_of, words_of
from tests.voting.letter_voters import letter_for, on_the_roll
from voting.letter_codes import ALPHABET, LetterCode
from voting.models import Letter, LetterSession, LetterTries
from voting.services.letters import give_code_at_desk, void_letter


@pytest.fixture
def letter(world: World) -> LetterCode:
    """The code of a resident of Riverside who has no account."""
    return letter_for(on_the_roll(world.riverside), world.voting_round)


def enter(client: BrowserLikeClient, code: str | LetterCode, **more: str) -> TestResponse:
    typed = code.spelled if isinstance(code, LetterCode) else code
    return client.post("/vote", data={"code": typed, **more})


def wrong(code: LetterCode, how: int = 0) -> LetterCode:
    last = code.secret[-1]
    other = [sign for sign in ALPHABET if sign != last][how]
    return LetterCode(code.number, code.secret[:-1] + other)


def test_the_code_opens_her_papers_and_with_it_she_votes(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, letter: LetterCode
) -> None:
    answer = enter(client, letter)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/vote")

    page = words_of(client.get("/vote"))
    assert "There are 2 papers for you" in page
    assert "Hillside" not in page
    for contest in (world.riverside_contest, world.city_contest):
        assert cast(client, contest, refs_of(contest)[:2]).status_code == 303
    assert ballots(db) == 2


@pytest.mark.attack("B27")
def test_she_lands_on_the_paper_that_she_was_going_to_and_on_no_other_site(
    client: BrowserLikeClient, world: World, letter: LetterCode
) -> None:
    paper = f"/ballots/{world.city_contest.ref}"
    asked = client.get(paper)
    assert asked.headers["Location"].startswith("/vote?next=")
    assert f'value="{paper}"' in client.get(asked.headers["Location"]).get_data(as_text=True)

    assert enter(client, letter, next=paper).headers["Location"] == paper
    assert enter(client, letter, next="//evil.example/ballots/").headers["Location"] == "/vote"


def test_before_any_code_she_reads_who_may_vote_where_and_until_when(
    client: BrowserLikeClient, world: World
) -> None:
    page = words_of(client.get("/vote"))

    for words in ("For residents of Riverside", "For all residents", "until", "town hall"):
        assert words in page


def test_a_code_may_be_used_again_until_closing(
    client: BrowserLikeClient, world: World, letter: LetterCode
) -> None:
    enter(client, letter)
    client.post("/vote/ending")
    assert client.get(f"/ballots/{world.city_contest.ref}").status_code == 302

    assert enter(client, letter).status_code == 303
    closed_at = clock.now() + timedelta(days=40)
    with time_machine.travel(closed_at):
        answer = enter(client, letter)
    assert answer.status_code == 410
    assert "closed on" in words_of(answer)


def test_before_voting_opens_the_code_is_right_and_nothing_can_be_marked_yet(
    client: BrowserLikeClient, world: World, letter: LetterCode
) -> None:
    with time_machine.travel(clock.now() - timedelta(days=20)):
        answer = enter(client, letter)

    assert answer.status_code == 409
    assert "Your code is right. Voting opens on" in words_of(answer)


def test_what_cannot_be_a_code_counts_as_no_try(
    db: SQLAlchemy, client: BrowserLikeClient, letter: LetterCode
) -> None:
    for typed in ("", "2345", letter.spelled[:-1], "O" * 16, "' OR 1=1 --", "\\" * 40):
        answer = enter(client, typed)
        assert answer.status_code == 422, typed
    assert db.session.scalars(select(LetterTries)).all() == []


@pytest.mark.attack("B22")
def test_the_sixth_try_is_locked_out_even_with_the_right_code_and_a_new_browser(
    client: BrowserLikeClient, letter: LetterCode
) -> None:
    """Attacks B22 and A47: tries are counted by the letter, not by the browser."""
    answers = []
    for number in range(5):
        answers.append(enter(client, wrong(letter, number)))
        people.sign_out(client)
    assert [answer.status_code for answer in answers] == [422, 422, 422, 422, 429]
    assert int(answers[-1].headers["Retry-After"]) <= 15 * 60

    answer = enter(client, letter)
    assert answer.status_code == 429
    assert "locked until" in words_of(answer)
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert enter(client, letter).status_code == 303


@pytest.mark.attack("B22")
def test_the_second_lock_is_twice_as_long(client: BrowserLikeClient, letter: LetterCode) -> None:
    for number in range(5):
        enter(client, wrong(letter, number))
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        answers = [enter(client, wrong(letter, number)) for number in range(5)]

    assert 29 * 60 < int(answers[-1].headers["Retry-After"]) <= 30 * 60


def test_the_right_code_forgets_the_wrong_tries(
    db: SQLAlchemy, client: BrowserLikeClient, letter: LetterCode
) -> None:
    for number in range(4):
        enter(client, wrong(letter, number))
    assert enter(client, letter).status_code == 303

    assert db.session.scalars(select(LetterTries)).all() == []


@pytest.mark.attack("B22")
def test_a_number_that_nobody_has_answers_like_one_that_is_given(
    client: BrowserLikeClient, letter: LetterCode
) -> None:
    unknown = LetterCode("23456" if letter.number != "23456" else "23457", letter.secret)

    for number in range(6):
        known_answer = enter(client, wrong(letter, number))
        unknown_answer = enter(client, wrong(unknown, number))
        assert known_answer.status_code == unknown_answer.status_code
        assert said(known_answer) == said(unknown_answer)


def said(answer: TestResponse) -> str:
    return words_of(answer).partition("Code of your letter")[0]


@pytest.mark.attack("B23")
def test_a_letter_that_was_replaced_or_voided_says_so_to_whoever_holds_it(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, letter: LetterCode, clara: User
) -> None:
    """Attack B23: a code that is no longer valid is told from a wrong one, with the way on."""
    row = db.session.scalars(select(Letter).where(Letter.number == letter.number)).one()
    newer = give_code_at_desk(row.entry, world.voting_round, by=clara, at=clock.now()).code
    db.session.commit()

    answer = enter(client, letter)
    assert (answer.status_code, "replaced by a newer one" in words_of(answer)) == (410, True)
    assert enter(client, newer).status_code == 303

    newest = db.session.scalars(select(Letter).where(Letter.number == newer.number)).one()
    void_letter(newest, "Found in the street.", by=clara, at=clock.now())
    db.session.commit()
    assert db.session.scalars(select(LetterSession)).all() == []
    answer = enter(client, newer)
    assert (answer.status_code, "no longer valid" in words_of(answer)) == (410, True)
    assert "Found in the street" not in words_of(answer)
    wrong_answer = enter(client, wrong(newer))
    assert wrong_answer.status_code == 422


def test_entering_a_code_signs_an_account_out_and_signing_in_leaves_the_letter(
    client: BrowserLikeClient, world: World, letter: LetterCode, bo: User
) -> None:
    sign_in(client, bo)
    enter(client, letter)
    with client.session_transaction() as session:
        assert "_user_id" not in session
        assert "letter" in session

    sign_in(client, bo)
    assert client.get(f"/ballots/{world.city_contest.ref}").status_code == 403


def test_signing_in_with_a_password_ends_the_letters_session_for_every_copy_of_it(
    db: SQLAlchemy, client: BrowserLikeClient, letter: LetterCode, bo: User
) -> None:
    enter(client, letter)
    assert len(db.session.scalars(select(LetterSession)).all()) == 1

    client.post("/login", data={"email": bo.email, "password": people.PASSWORD})

    assert db.session.scalars(select(LetterSession)).all() == []


def test_the_database_holds_no_code_that_opens_a_paper(
    db: SQLAlchemy, world: World, letter: LetterCode
) -> None:
    """Attack A48: who has a copy of the database has no code."""
    row = db.session.scalars(select(Letter)).one()
    values = [str(getattr(row, column.name)) for column in Letter.__table__.columns]

    assert not any(letter.secret in value for value in values)


def test_no_page_or_address_repeats_a_right_code(
    client: BrowserLikeClient, letter: LetterCode
) -> None:
    answer = enter(client, letter)
    page = client.get("/vote").get_data(as_text=True)

    assert letter.secret not in answer.headers["Location"] + answer.get_data(as_text=True) + page
    assert client.get("/vote").headers["Cache-Control"] == "no-store"


def test_a_code_in_an_address_opens_nothing(client: BrowserLikeClient, letter: LetterCode) -> None:
    page = client.get(f"/vote?code={letter.spelled}")

    assert letter.spelled not in page.get_data(as_text=True)
    assert client.get("/vote").status_code == 200


def test_the_door_says_who_may_vote_from_what_age_and_by_when_and_asks_nothing(
    client: BrowserLikeClient, world: World
) -> None:
    page = client.get("/vote").text

    assert "from the year in which they turn 16" in page
    assert "Voting is open until" in page
    assert "you get a code on the spot" in page
    assert "/account/residency" in page
    assert page.count('<input class="input') == 1


def test_before_voting_the_door_says_when_it_opens_and_closes(
    client: BrowserLikeClient, world: World
) -> None:
    with time_machine.travel(clock.now() - timedelta(days=20), tick=False):
        page = client.get("/vote").text

    assert "Nothing is open for voting now" in page
    assert "It closes on" in page
