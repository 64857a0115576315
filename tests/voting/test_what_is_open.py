"""What the front page and the account tell of voting: what is open, and what one has cast."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event

from accounts.models import User
from budgets.phases import PhaseKind
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World, make_contest
from tests.voting.ballot_forms import cast, words_of
from voting import link_keys


def test_who_is_not_signed_in_reads_what_is_open_and_for_whom(
    client: BrowserLikeClient, world: World
) -> None:
    words = words_of(client.get("/"))

    assert "3 contests are open" in words
    assert "Sign in and vote" in words
    assert "For residents of Riverside" in words
    assert "For residents of Hillside" in words


def test_amara_reads_her_own_papers_alone_and_which_she_has_cast(
    client: BrowserLikeClient, world: World, amara: User
) -> None:
    sign_in(client, amara)
    before = words_of(client.get("/"))
    cast(client, world.city_contest, ["0-1"])
    after, account = words_of(client.get("/")), words_of(client.get("/account"))

    assert "2 contests are open" in before
    assert "Proposals for Riverside" in before
    assert "Proposals for Hillside" not in before
    assert "You have voted" not in before
    assert after.count("You have voted; you may change your ballot until closing.") == 1
    assert account.count("You have voted; you may change your ballot until") == 1
    assert account.count("You have not voted yet. Open until") == 1


def test_bo_is_shown_the_way_to_his_vote(client: BrowserLikeClient, world: World, bo: User) -> None:
    sign_in(client, bo)

    assert "See how to vote" in words_of(client.get("/"))
    assert "You have not voted yet" not in words_of(client.get("/account"))


@pytest.mark.parametrize("kind", [PhaseKind.REVIEW, PhaseKind.COUNT])
def test_outside_the_hours_of_voting_nothing_is_open(
    client: BrowserLikeClient, world: World, kind: PhaseKind
) -> None:
    span = world.voting_round.span_of(kind)
    assert span is not None
    with time_machine.travel(span.starts_at + timedelta(hours=1), tick=False):
        assert "contests are open" not in words_of(client.get("/"))


def test_without_the_link_key_the_pages_still_stand(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    link_keys.destroy(world.city_contest.ref)
    sign_in(client, amara)

    assert client.get("/").status_code == 200
    assert "cannot be told right now" in words_of(client.get("/account"))


def test_the_front_page_asks_the_database_no_more_for_many_districts(
    db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    few = queries_of(db, client)
    for letter in "ABCDEFGIJKLM":
        home = people.district(f"{letter}-Town")
        make_contest(world.voting_round, home, world.voting_round.created_at, options=1)
    db.session.commit()

    assert queries_of(db, client) == few


def queries_of(db: SQLAlchemy, client: BrowserLikeClient) -> int:
    asked: list[str] = []
    db.session.commit()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    assert client.get("/").status_code == 200
    event.remove(db.engine, "before_cursor_execute", note)
    return len(asked)
