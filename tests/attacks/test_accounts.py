"""Odd addresses, passwords, names and floods at the door of accounts."""

import re
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import func, select

from accounts.models import User
from config import Settings
from core.database import db as database
from core.limits import limiter
from tests.accounts.letters import letters
from tests.harness import people
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World

GRETA = {"display_name": "Greta", "email": "greta@example.org", "password": "four words in a row"}


def accounts() -> int:
    database.session.commit()
    return database.session.scalar(select(func.count()).select_from(User)) or 0


@pytest.mark.attack("B29")
@pytest.mark.parametrize(
    "address",
    [
        "a@b", "greta@example.org\nBcc: all@example.org", "greta@example.org%0aBcc:x@example.org",
        f"{'g' * 300}@example.org", "greta@@example.org", "@example.org", "greta@",
        "gre ta@example.org", "greta@exam ple.org", "greta\x00@example.org", "<greta@example.org>",
    ],
)  # fmt: skip
def test_what_is_no_address_gets_no_account_and_no_mail(
    app: Flask, client: BrowserLikeClient, address: str
) -> None:
    """B29: refused in words, and nothing slips into the head of a mail."""
    answer = client.post("/register", data=GRETA | {"email": address})

    assert answer.status_code in {400, 422}
    assert (accounts(), letters(app)) == (0, [])


@pytest.mark.attack("B29")
@pytest.mark.parametrize(
    "address", ["GRETA@Example.ORG", " greta@example.org ", "Greta@EXAMPLE.org"]
)
def test_one_address_is_one_account_however_it_is_written(
    client: BrowserLikeClient, address: str
) -> None:
    """B29: capitals and blanks make no second account."""
    client.post("/register", data=GRETA)
    client.post("/register", data=GRETA | {"email": address})

    assert accounts() == 1


@pytest.mark.attack("B30")
@pytest.mark.parametrize(
    ("password", "status"),
    [
        ("x", 422), ("", 422), ("password123", 422), ("🐴🔋📎 and eight", 303),
        ("xy" * 32 + "z", 303), ("y" * 10_000, 422), ("a\x00bcdefghi", 400),
    ],
)  # fmt: skip
def test_a_password_is_long_enough_not_endless_and_not_the_first_to_be_tried(
    client: BrowserLikeClient, password: str, status: int
) -> None:
    """B30: of 8 to 200 signs, whatever they are; never a 500."""
    answer = client.post("/register", data=GRETA | {"password": password})

    assert answer.status_code == status


@pytest.mark.sqlite
@pytest.mark.attack("B31")
@pytest.mark.parametrize(
    "name",
    [
        "",
        "\u202eanimdA",
        "\u200b\u200b",
        "x" * 4_000,
        "Administrator",
        "Adm\u200binistrator",
        "Dana (moderator)",
        "Dana ✓ M0DERATOR",
        "Аdministrator",
        "Common Purse",
    ],
)
def test_nobody_signs_up_under_a_name_that_deceives(client: BrowserLikeClient, name: str) -> None:
    """B31: turned, invisible, endless or the town hall's own."""
    answer = client.post("/register", data=GRETA | {"display_name": name})

    if answer.status_code == 303:  # the marks that deceive were taken out
        shown = database.session.scalars(select(User.display_name)).one()
        assert shown.isprintable()
        assert "Admin" not in shown
    else:
        assert (answer.status_code, accounts()) == (422, 0)


@pytest.mark.sqlite
@pytest.mark.attack("B31")
def test_markup_in_a_name_stays_text_below_what_its_owner_writes(
    client: BrowserLikeClient, world: World
) -> None:
    """B31: a name may hold odd signs, which no browser takes for more than signs."""
    odd = people.somebody("Odd")
    odd.display_name = "<svg onload=alert(1)>{{7*7}}"
    people.sign_in(client, odd)
    client.post(f"/threads/{world.thread.ref}/posts", data={"source": "Hello all"})

    page = client.get(f"/threads/{world.thread.ref}").text
    assert "Hello all" in page
    assert "<svg onload" not in page
    assert "&lt;svg onload=alert(1)&gt;{{7*7}}" in page


@pytest.mark.sqlite
@pytest.mark.attack("B29")
@pytest.mark.parametrize(
    "alike",
    ["gretа@example.org", "ｇｒｅｔａ@example.org", "greta@exаmple.org", "greta+x@example.org"],
)
def test_an_address_that_looks_like_hers_gets_no_link_of_hers(
    app: Flask, client: BrowserLikeClient, alike: str
) -> None:
    """B29: a letter goes where the account was made, never where somebody typed it should."""
    client.post("/register", data=GRETA)
    app.extensions["mailman"].outbox.clear()

    client.post("/reset", data={"email": alike})
    client.post("/confirm", data={"email": alike})

    assert {to for mail in letters(app) for to in mail.to} <= {"greta@example.org"}


@pytest.mark.sqlite
@pytest.mark.attack("B67")
def test_a_machine_that_fills_every_field_gets_no_account(
    app: Flask, client: BrowserLikeClient
) -> None:
    """B67: the field that nobody sees."""
    client.post("/register", data=GRETA | {"website": "https://spam.example"})

    assert (accounts(), letters(app)) == (0, [])


@pytest.mark.sqlite
@pytest.mark.attack("B75")
@pytest.mark.parametrize(
    "asked", ["xx", "xx-YY;q=banana", "*", "pl;q=1.0,en;q=,", "de-DE-1996-u-co-phonebk", "é" * 500]
)
def test_a_language_that_nobody_speaks_gets_the_usual_one(
    client: BrowserLikeClient, amara: User, asked: str
) -> None:
    """B75: odd wishes of a browser; every page is still answered."""
    people.sign_in(client, amara)
    for url in ("/", "/account", "/account/sessions", "/account/second-factor", "/login"):
        answer = client.get(url, headers={"Accept-Language": asked})
        assert answer.status_code in {200, 302}, url


@pytest.mark.sqlite
@pytest.mark.attack("B75")
@pytest.mark.parametrize("zone", ["Nowhere/Atlantis", "../../etc/passwd", "UTC+25", "", "\u202e"])
def test_nobody_but_the_city_says_which_zone_its_hours_are_in(
    client: BrowserLikeClient, world: World, amara: User, zone: str
) -> None:
    """B75: a browser's own zone is not asked for, and moves no closing time."""
    people.sign_in(client, amara)
    url = f"/ballots/{world.city_contest.ref}"
    plain = re.findall(r'datetime="[^"]*"[^<]*', client.get(url).text)
    client.set_cookie("timezone", zone)

    odd = client.get(f"{url}?timezone={quote(zone)}", headers={"Time-Zone": quote(zone)})

    assert plain
    assert re.findall(r'datetime="[^"]*"[^<]*', odd.text) == plain


@pytest.mark.sqlite
class TestFloods:
    """With the limits on, as a server runs."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
        folder = tmp_path_factory.mktemp("flood")
        return settings_for(database_url, folder, rate_limits=True)

    @pytest.fixture(autouse=True)
    def nothing_counted(self, app: Flask) -> None:
        limiter.reset()

    @pytest.mark.attack("B66")
    def test_a_flood_of_sign_ups_ends_and_who_is_known_still_comes_in(
        self, client: BrowserLikeClient, amara: User
    ) -> None:
        """B66: a hundred from one place; Amara, in the same library, still signs in."""
        place = {"REMOTE_ADDR": "192.0.2.7"}
        statuses = [
            client.post(
                "/register",
                data=GRETA | {"email": f"bot{number}@example.org"},
                environ_overrides=place,
            ).status_code
            for number in range(40)
        ]
        assert statuses[0] == 303
        assert set(statuses[25:]) == {429}

        form = {"email": "amara@example.org", "password": people.PASSWORD}
        assert client.post("/login", data=form, environ_overrides=place).status_code == 303
