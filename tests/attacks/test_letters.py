"""Attacks on letters: guessing codes, many at once, and what a copied cookie opens."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from core import clock
from core.database import db as database
from tests.attacks.boxes import digest
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import ballots, cast, words_of
from tests.voting.letter_voters import enter_code, letter_for, on_the_roll
from voting.letter_codes import ALPHABET, TRIES, LetterCode
from voting.models import LetterSession, LetterTries
from voting.services.closing import seal_contest
from voting.services.letter_tries import Door, try_code
from voting.services.paper_marks import give_papers


@pytest.fixture
def letter(world: World) -> LetterCode:
    return letter_for(on_the_roll(world.riverside), world.voting_round)


def wrong_codes(code: LetterCode, number: int) -> list[LetterCode]:
    signs = [sign for sign in ALPHABET if sign != code.secret[-1]][:number]
    return [LetterCode(code.number, code.secret[:-1] + sign) for sign in signs]


def all_at_once(app: Flask, codes: list[LetterCode]) -> Counter[Door]:
    """What comes of trying these codes in as many threads at the same moment."""
    start, doors = threading.Barrier(len(codes)), list[Door]()

    def one(code: LetterCode) -> None:
        with app.app_context():
            start.wait()
            doors.append(try_code(code, at=clock.now()).door)
            database.session.commit()

    threads = [threading.Thread(target=one, args=(code,)) for code in codes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(doors)


@pytest.mark.attack("B22")
def test_wrong_tries_at_the_same_moment_are_counted_one_by_one(
    app: Flask, db: SQLAlchemy, letter: LetterCode
) -> None:
    """B22, A47: eight at once are five tries and a lock, not eight first tries."""
    doors = all_at_once(app, wrong_codes(letter, 8))

    assert doors == {Door.WRONG: TRIES - 1, Door.LOCKED: 8 - (TRIES - 1)}
    assert try_code(letter, at=clock.now()).door is Door.LOCKED
    db.session.rollback()
    tries = db.session.scalars(select(LetterTries)).one()
    assert (tries.failed, tries.locks) == (0, 1)


@pytest.mark.attack("B22")
def test_two_right_tries_at_the_same_moment_both_open_and_leave_no_failure(
    app: Flask, db: SQLAlchemy, letter: LetterCode
) -> None:
    """B22, A47: a right code is no failure, however often it is sent."""
    assert all_at_once(app, [letter, letter]) == {Door.OPEN: 2}
    db.session.rollback()
    assert db.session.scalars(select(LetterTries)).all() == []


@pytest.mark.attack("B14")
def test_who_was_given_papers_casts_nothing_with_her_letter(
    client: BrowserLikeClient, world: World, clara: User
) -> None:
    """B14: one roll for all ways; the code is right, and opens no ballot."""
    entry = on_the_roll(world.riverside)
    give_papers(world.voting_round, entry, [world.city_contest], by=clara, at=clock.now())
    enter_code(client, entry)
    before = digest()

    for step in ("/review", "/kept", "/casts"):
        answer = client.post(f"/ballots/{world.city_contest.ref}{step}", data={"ranking": "0-1"})
        assert answer.status_code == 409
        assert "you vote on paper" in words_of(answer)
    assert digest() == before


@pytest.mark.attack("B26")
def test_a_copied_cookie_opens_nothing_once_she_is_done(
    client: BrowserLikeClient, app: Flask, world: World
) -> None:
    """B26: ending the session ends it for every copy."""
    enter_code(client, on_the_roll(world.riverside))
    with client.session_transaction() as session:
        copied = dict(session)
    client.post("/vote/ending")

    thief = app.test_client()
    with thief.session_transaction() as session:
        session.update(copied)
    assert thief.get(f"/ballots/{world.city_contest.ref}").status_code == 302


@pytest.mark.attack("B26")
def test_closing_ends_every_session_of_a_letter(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    """B26: and so does the end of voting."""
    enter_code(client, on_the_roll(world.riverside))
    assert cast(client, world.city_contest, ["0-1"]).status_code == 303

    seal_contest(world.city_contest, at=clock.now() + timedelta(days=60))
    db.session.commit()

    assert db.session.scalars(select(LetterSession)).all() == []
    assert ballots(db) == 0


@pytest.mark.attack("B27")
@pytest.mark.parametrize("query", ["next=//evil.example", "next=/\\evil", "next=https:evil", "x=1"])
def test_the_door_leads_to_papers_of_ours_alone(
    client: BrowserLikeClient, world: World, query: str
) -> None:
    """B27: `next` is forgotten where it leads elsewhere."""
    page = client.get(f"/vote?{query}").get_data(as_text=True)

    assert "evil" not in page


@pytest.mark.attack("B61")
@pytest.mark.parametrize(
    "typed",
    ["' OR 1=1 --", "'||pg_sleep(5)--", "%00", "\\", "%_%_%_%_%_%_%_%_", "2" * 100_000, "\u202e"],
)
def test_nothing_typed_as_a_code_breaks_the_door(
    client: BrowserLikeClient, world: World, typed: str
) -> None:
    """B61: what is no code is asked for again."""
    assert client.post("/vote", data={"code": typed}).status_code == 422
