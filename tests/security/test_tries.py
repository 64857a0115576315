"""How often one may try: who did too much is told until when, and nobody else is kept out."""

import re
from pathlib import Path

import pytest
from flask import Flask

from accounts.models import User
from config import Settings
from core import access
from core.limits import limiter
from core.refs import new_ref
from tests.harness import people
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World

pytestmark = pytest.mark.sqlite
A_PLACE, ANOTHER = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "198.51.100.7"}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path, rate_limits=True)


@pytest.fixture(autouse=True)
def nothing_counted(app: Flask) -> None:
    limiter.reset()


def plant(app: Flask, limit: str) -> None:
    """A route with this limit. Limits belong to a view's name, for as long as the process lives."""

    def often() -> str:
        return "fine"

    often.__name__ = often.__qualname__ = f"often_{new_ref()}"
    view = access.public(limiter.limit(limit)(often))
    app.add_url_rule("/try", "try", view, methods=["GET", "POST"])


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("1 per minute", "Try again in a minute."),
        ("1 per 10 minutes", "Try again in 10 minutes."),
        ("1 per hour", "Try again in 60 minutes."),
        ("1 per day", "Try again in 24 hours."),
    ],
)
def test_who_tried_too_often_is_told_until_when(
    app: Flask, client: BrowserLikeClient, limit: str, words: str
) -> None:
    plant(app, limit)
    assert client.post("/try").status_code == 200

    page, fragment = client.post("/try"), client.htmx("POST", "/try")

    assert (page.status_code, fragment.status_code) == (429, 429)
    assert "Too many tries in a short time. Nothing was changed." in text_of(page.text)
    assert words in text_of(page.text)
    assert words in fragment.text
    assert re.fullmatch(r"\d+", page.headers["Retry-After"])
    assert int(page.headers["Retry-After"]) > 0


def test_somebody_elsewhere_is_not_kept_out(app: Flask, client: BrowserLikeClient) -> None:
    plant(app, "1 per hour")
    codes = [client.get("/try", environ_overrides=A_PLACE).status_code for _ in range(2)]

    assert codes == [200, 429]
    assert client.get("/try", environ_overrides=ANOTHER).status_code == 200


def test_two_people_at_one_address_do_not_use_up_each_others_tries(
    app: Flask, client: BrowserLikeClient, amara: User, chen: User
) -> None:
    """A library, a school or a telephone network is one address for many people."""
    plant(app, "1 per hour")
    codes = {}
    for person in (amara, chen):
        people.sign_in(client, person)
        codes[person.display_name] = [
            client.post("/try", environ_overrides=A_PLACE).status_code for _ in range(2)
        ]

    assert list(codes.values()) == [[200, 429], [200, 429]]


def test_one_person_has_no_more_tries_from_two_places(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    plant(app, "1 per hour")
    people.sign_in(client, amara)
    codes = [
        client.post("/try", environ_overrides=place).status_code for place in (A_PLACE, ANOTHER)
    ]

    assert codes == [200, 429]


def test_guessing_passwords_from_many_accounts_in_one_place_is_still_counted_by_place(
    client: BrowserLikeClient, amara: User, chen: User, dana: User
) -> None:
    codes = []
    for number in range(21):
        people.sign_in(client, (amara, chen, dana)[number % 3])
        form = {"code": f"guess {number}"}
        codes.append(client.post("/receipts", data=form, environ_overrides=A_PLACE).status_code)

    assert codes == [404] * 20 + [429]


def test_what_was_typed_is_kept_for_who_wrote_too_much(
    client: BrowserLikeClient, amara: User, chen: User, world: World
) -> None:
    url = f"/threads/{world.thread.ref}/posts"
    people.sign_in(client, amara)
    codes = [
        client.post(url, data={"form_key": new_ref(), "source": f"Word {n} on trees."}).status_code
        for n in range(31)
    ]
    last = client.post(url, data={"form_key": new_ref(), "source": "My last word on trees."})
    people.sign_in(client, chen)
    other = client.post(url, data={"form_key": new_ref(), "source": "A word of somebody else."})

    assert codes == [303] * 30 + [429]
    assert last.status_code == 429
    assert "My last word on trees." in text_of(last.text)
    assert other.status_code == 303


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("what a proxy calls unknown", "what a proxy calls unknown", True),
    ],
)
def test_a_house_is_one_place_whatever_its_addresses(
    app: Flask, client: BrowserLikeClient, one: str, other: str, is_same: bool
) -> None:
    plant(app, "1 per hour")
    codes = [
        client.get("/try", environ_overrides={"REMOTE_ADDR": a}).status_code for a in (one, other)
    ]

    assert codes == [200, 429 if is_same else 200]


@pytest.mark.attack("B22")
def test_guessing_codes_of_letters_is_slowed_down_for_a_place(
    client: BrowserLikeClient, world: World
) -> None:
    """B22: what is a first try at each of many letters is still one place that guesses."""
    signs = "23456789CDFHJKMNPQRTVWXY"
    codes = [2 * signs[number] + "2345678923456C" for number in range(21)]
    answers = [
        client.post("/vote", data={"code": code}, environ_overrides=A_PLACE) for code in codes
    ]

    assert [each.status_code for each in answers] == [422] * 20 + [429]
    somewhere_else = client.post("/vote", data={"code": codes[-1]}, environ_overrides=ANOTHER)
    assert somewhere_else.status_code == 422
