"""Floods, machines and crowds of fresh accounts: much of a thing is never more right."""

from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from config import Settings
from core.database import Base
from core.limits import limiter
from forums.models import Flag, ModerationAct
from tests.attacks.boxes import digest
from tests.harness import people
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World

pytestmark = pytest.mark.sqlite
GRETA = {"display_name": "Greta", "email": "greta@example.org", "password": "four words in a row"}
# What a crowd could push up, if the house counted it. Flags wait for a moderator.
LIKES = {"endorse", "support", "like", "upvote", "follow", "reaction", "score"}


@pytest.fixture
def crowd(app: Flask) -> list[User]:
    """Thirty accounts of today, each with a confirmed address and nothing else."""
    return [people.somebody(f"Fresh {number}") for number in range(30)]


class TestFloods:
    """With the limits on, as a server runs."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return settings_for(database_url, tmp_path, rate_limits=True)

    @pytest.fixture(autouse=True)
    def nothing_counted(self, app: Flask) -> None:
        limiter.reset()

    @pytest.mark.attack("B66")
    def test_who_rents_a_network_signs_up_no_faster_for_it(
        self, client: BrowserLikeClient, amara: User
    ) -> None:
        """B66: one address of a /24 after the other; who lives there still signs in."""
        statuses = [sign_up(client, n, f"192.0.2.{n % 250}") for n in range(70)]

        assert statuses == [303] * 60 + [429] * 10
        assert sign_up(client, 70, "198.51.100.7") == 303
        form = {"email": "amara@example.org", "password": people.PASSWORD}
        there = {"REMOTE_ADDR": "192.0.2.7"}
        assert client.post("/login", data=form, environ_overrides=there).status_code == 303

    @pytest.mark.attack("B66")
    def test_the_many_addresses_of_one_house_are_one_place(self, client: BrowserLikeClient) -> None:
        """B66: with IPv6, whoever pays for a line has 2^64 addresses."""
        statuses = [sign_up(client, n, f"2001:db8:0:1::{n:x}") for n in range(25)]

        assert statuses == [303] * 20 + [429] * 5
        assert sign_up(client, 25, "2001:db8:0:2::1") == 303

    @pytest.mark.attack("B22")
    def test_codes_are_not_guessed_from_the_addresses_of_one_house(
        self, client: BrowserLikeClient, world: World
    ) -> None:
        """B22: nor receipts, each from an address of its own."""
        for url in ("/vote", "/receipts"):
            statuses = [
                client.post(
                    url,
                    data={"code": f"GUESS{n}"},
                    environ_overrides={"REMOTE_ADDR": f"2001:db8::{n:x}"},
                ).status_code
                for n in range(21)
            ]
            assert statuses[-1] == 429, url
            assert 429 not in statuses[:-1], url


def sign_up(client: BrowserLikeClient, number: int, address: str) -> int:
    form = GRETA | {"email": f"bot{number}@example.org"}
    place = {"REMOTE_ADDR": address}
    return client.post("/register", data=form, environ_overrides=place).status_code


@pytest.mark.attack("B66")
def test_an_address_to_throw_away_opens_no_ballot(client: BrowserLikeClient, world: World) -> None:
    """B66: no list of such addresses is kept, since an address alone gives nobody a vote."""
    before = digest()
    for number, host in enumerate(("mailinator.com", "example.org", "10minutemail.com")):
        person = people.somebody(f"Thrown away {number}")
        person.email = f"greta+{number}@{host}"
        people.sign_in(client, person)
        for step in ("/review", "/kept", "/casts"):
            answer = client.post(f"/ballots/{world.city_contest.ref}{step}", data={"ranking": "1"})
            assert answer.status_code == 403

    assert digest() == before


@pytest.mark.attack("B67")
def test_a_form_that_is_sent_at_once_publishes_nothing(
    client: BrowserLikeClient, world: World
) -> None:
    """B67: there is neither a stopwatch nor a puzzle: a mail must come back first."""
    name = "Cheap loans at loans example"
    assert client.post("/register", data=GRETA | {"display_name": name}).status_code == 303
    signed_in = client.post("/login", data=GRETA)

    assert signed_in.status_code == 422
    for url in ("/", "/proposals", "/proposals/feed.atom", f"/roundtables/{world.roundtable.ref}"):
        assert name not in client.get(url).text
    thread = f"/threads/{world.thread.ref}/posts"
    assert client.post(thread, data={"source": "Cheap loans"}).status_code == 401


@pytest.mark.attack("B68")
def test_thirty_fresh_accounts_hide_no_post(
    client: BrowserLikeClient, db: SQLAlchemy, world: World, dana: User, crowd: list[User]
) -> None:
    """B68: a report hides nothing, however often it comes; a person looks."""
    for person in crowd:
        people.sign_in(client, person)
        form = {"rule": "respect", "note": f"Note of {person.display_name}"}
        assert client.post(f"/posts/{world.post.ref}/flags", data=form).status_code == 303

    people.sign_out(client)
    assert "The old bridge should be repaired first." in text_of(
        client.get(f"/threads/{world.thread.ref}").text
    )
    db.session.refresh(world.post)
    assert world.post.hidden_at is None
    acts = db.session.scalars(select(ModerationAct.id).filter_by(post_id=world.post.id)).all()
    assert acts == []
    people.sign_in(client, dana)
    assert "Note of Fresh 29" in text_of(client.get("/staff/reports").text)
    waiting = select(func.count()).select_from(Flag).where(Flag.post_id == world.post.id)
    assert db.session.scalar(waiting) == 30


@pytest.mark.attack("B69")
def test_a_crowd_of_fresh_accounts_moves_no_proposal(
    client: BrowserLikeClient, world: World, crowd: list[User]
) -> None:
    """B69: the house counts no supports, so that there is nothing to push up or to flag."""
    before = client.get("/proposals").text
    for person in crowd[:6]:
        people.sign_in(client, person)
        for act in ("endorsements", "supports", "likes", "votes", "follows"):
            answer = client.post(f"/proposals/{world.published.ref}/{act}")
            assert answer.status_code == 404
    people.sign_out(client)

    assert client.get("/proposals").text == before


@pytest.mark.attack("B69")
def test_no_table_counts_what_a_crowd_likes() -> None:
    """B69: whoever adds such a table has to say what 200 supports of one afternoon do."""
    names = {name for table in Base.metadata.tables.values() for name in (table.name, *table.c)}
    words = {word for name in names for word in str(name).lower().replace(".", "_").split("_")}

    assert {word for word in words for like in LIKES if word.startswith(like)} == set()
