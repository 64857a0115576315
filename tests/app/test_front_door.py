"""Who is let in where, where a sign-in leads, and what stands in whose menu."""

import re
from pathlib import Path

import pytest
from flask import Flask
from flask_login import login_user

from accounts.models import User
from app.demo.cast import CAST, PASSWORD
from app.navigation import staff_menu
from config import Settings
from core import access, limits
from core.database import db
from tests.harness import people
from tests.harness.application import new_app, settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.world import World

pytestmark = pytest.mark.sqlite


# --- access ------------------------------------------------------------------------------------


def test_a_route_that_declares_nothing_is_open_to_nobody(
    app: Flask, client: BrowserLikeClient, adam: User
) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open", methods=["GET", "POST"])
    people.sign_in(client, adam)

    assert client.get("/forgotten").status_code == 403
    assert client.post("/forgotten").status_code == 403
    assert client.options("/forgotten").status_code == 403


@pytest.mark.parametrize("roles", [(), ("king",), ("officer", "king")])
def test_a_declaration_names_roles_that_there_are(roles: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="No such roles"):
        access.only(*roles)


def test_nobody_is_led_to_the_sign_in_page_and_back(
    client: BrowserLikeClient, amara: User, world: World
) -> None:
    asked = client.get("/account?part=1&b=%2F%2Fevil")
    assert asked.status_code == 302
    to_sign_in = asked.headers["Location"]
    form = {"email": amara.email, "password": people.PASSWORD}

    back = client.post(to_sign_in, data=form)

    assert back.status_code == 303
    assert back.headers["Location"] == "/account?part=1&b=%2F%2Fevil"


def test_a_fragment_for_nobody_leads_back_to_the_page_it_was_asked_on(
    client: BrowserLikeClient, amara: User, world: World
) -> None:
    page = f"http://localhost/threads/{world.thread.ref}?after=x"
    answer = client.htmx("POST", f"/threads/{world.thread.ref}/posts", headers={"Referer": page})
    assert answer.status_code == 401
    form = {"email": amara.email, "password": people.PASSWORD}

    back = client.post(answer.headers["HX-Redirect"], data=form)

    assert back.headers["Location"] == f"/threads/{world.thread.ref}?after=x"


@pytest.mark.parametrize("referrer", ["http://evil.example/x", "javascript:alert(1)", "//evil", ""])
def test_a_fragment_asked_from_elsewhere_leads_home(
    client: BrowserLikeClient, amara: User, world: World, referrer: str
) -> None:
    answer = client.htmx(
        "POST", f"/threads/{world.thread.ref}/posts", headers={"Referer": referrer}
    )
    assert "evil" not in answer.headers["HX-Redirect"]
    form = {"email": amara.email, "password": people.PASSWORD}

    assert client.post(answer.headers["HX-Redirect"], data=form).headers["Location"] == "/"


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example", "\\\\evil",
     "/%0d%0aSet-Cookie:x=1\r\nX: y", "javascript:alert(1)", "evil", "/\t/evil.example", "///evil",
     "http:///evil.example", "/\x01//evil"],
)  # fmt: skip
@pytest.mark.parametrize("where", ["form", "address"])
def test_signing_in_leads_to_no_other_site(
    client: BrowserLikeClient, amara: User, wanted: str, where: str
) -> None:
    form = {"email": amara.email, "password": people.PASSWORD}
    extra = {"next": wanted}
    if where == "form":
        answer = client.post("/login", data=form | extra)
    else:
        answer = client.post("/login", query_string=extra, data=form)

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/"
    assert "X" not in answer.headers


# --- menus -------------------------------------------------------------------------------------

MENUS = {
    "nobody": {"Sign in"},
    "bo": {"My account"},
    "clara": {"My account", "Staff"},
    "adam": {"My account", "Staff"},
}
STAFF = {
    "dana": {"Reports", "Open a roundtable", "Plan a meeting"},
    "farah": {"Reviews"},
    "clara": {"Confirm residents"},
    "eli": {"Budget rounds"},
    "adam": {"People and roles", "Districts"},
}


@pytest.mark.parametrize(("name", "items"), MENUS.items())
def test_the_menu_offers_what_this_person_can_open(
    client: BrowserLikeClient, app: Flask, name: str, items: set[str]
) -> None:
    if name != "nobody":
        people.sign_in(client, people.cast(name))
    page = client.get("/about").text
    menu = text_of(page[page.index("<nav") : page.index("</nav>")])

    assert {item for item in ("Sign in", "My account", "Staff") if item in menu} == items


@pytest.mark.parametrize(("name", "items"), STAFF.items())
def test_the_staff_menu_offers_what_this_role_does_and_all_of_it_opens(
    client: BrowserLikeClient, world: World, app: Flask, name: str, items: set[str]
) -> None:
    people.sign_in(client, people.cast(name))
    with app.test_request_context("/staff"):
        login_user(people.cast(name))
        offered = {item.label: item.url for item in staff_menu()}

    assert items <= set(offered)
    for label, url in offered.items():
        assert client.get(url).status_code == 200, label


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/staff/rounds/{ref}/paper", "Paper voting"),
        ("/staff/rounds/{ref}/paper/batches", "Paper voting"),
        ("/staff/rounds/{ref}/count", "Budget rounds"),
        ("/staff/rounds/{ref}/anomalies", "Budget rounds"),
        ("/staff/rounds/{ref}/pots", "Budget rounds"),
    ],
)
def test_the_staff_menu_marks_the_work_that_a_page_belongs_to(
    client: BrowserLikeClient, world: World, path: str, label: str
) -> None:
    people.sign_in(client, people.cast("eli"))
    page = client.get(path.format(ref=world.voting_round.ref)).text
    menu = page[page.index('<nav class="staff-menu"') :].partition("</nav>")[0]

    assert re.findall(r'aria-current="page">([^<]+)<', menu) == [label]


def test_the_page_one_is_on_is_marked_in_the_menu(client: BrowserLikeClient) -> None:
    page = client.get("/proposals").text
    menu = page[page.index("<nav") : page.index("</nav>")]

    assert menu.count('aria-current="page"') == 1
    assert 'href="/proposals" aria-current="page"' in menu


# --- limits -----------------------------------------------------------------------------------


class TestLimits:
    """With the limits that a served application has."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return settings_for(database_url, tmp_path, rate_limits=True)

    def test_too_many_tries_are_told_when_to_come_back(
        self, app: Flask, client: BrowserLikeClient
    ) -> None:
        @app.get("/try")
        @access.public
        @limits.limiter.limit("2 per minute")
        def often() -> str:
            return "fine"

        limits.limiter.reset()
        codes = [client.get("/try").status_code for _ in range(3)]
        answer = client.get("/try")

        assert codes == [200, 200, 429]
        assert 0 < int(answer.headers["Retry-After"]) <= 61
        assert "Too many tries in a short time. Nothing was changed." in text_of(answer.text)

    def test_limits_that_cannot_be_counted_keep_nobody_out(
        self, app: Flask, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*_args: object, **_kwargs: object) -> None:
            raise ConnectionError("Redis is away")

        monkeypatch.setattr(limits.limiter.limiter, "hit", away)

        assert client.post("/login", data={"email": "a@example.org"}).status_code == 422


# --- the demonstration -------------------------------------------------------------------------


@pytest.mark.parametrize("demo", [True, False])
def test_the_demonstration_alone_tells_how_to_sign_in(
    app: Flask, tmp_path: Path, demo: bool
) -> None:
    address = app.config["SQLALCHEMY_DATABASE_URI"]
    shown = new_app(settings_for(address, tmp_path / "demo", demo=demo))
    with shown.app_context():
        page = text_of(shown.test_client().get("/login").text)
        db.engine.dispose()

    assert {person.email in page for person in CAST} == {demo}
    assert (PASSWORD in page) == demo
