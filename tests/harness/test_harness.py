"""The ground that the tests stand on is tried too: databases, the parser, the browser."""

import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import func, select, text

from accounts.models import User
from config import Settings
from core.database import db
from districts.models import District
from tests.harness import people
from tests.harness.axe import assert_accessible
from tests.harness.browser import assert_no_sideways_scroll, open_page
from tests.harness.client import BrowserLikeClient
from tests.harness.html import assert_clean_page, bones_of, text_of
from tests.harness.server import serve_with_gunicorn

GOOD = (
    '<!doctype html><html lang="en"><head><title>T</title></head><body><h1>H</h1>{}</body></html>'
)


@pytest.mark.parametrize("visit", ["first", "second"])
def test_a_test_finds_nothing_of_the_one_before(app: Flask, visit: str) -> None:
    assert db.session.scalar(select(func.count(District.id))) == 0

    people.district(f"Left by the {visit}")
    db.session.commit()


@pytest.mark.postgres
@pytest.mark.parametrize("visit", ["first", "second"])
def test_a_database_whose_tables_were_changed_is_not_used_again(app: Flask, visit: str) -> None:
    assert "marked" not in db.session.scalars(text(COLUMNS)).all()

    db.session.execute(text("ALTER TABLE district ADD COLUMN marked integer"))
    db.session.commit()


COLUMNS = "SELECT column_name FROM information_schema.columns WHERE table_name = 'district'"


def test_each_kind_of_database_is_the_real_one(app: Flask, database_kind: str) -> None:
    query = "SELECT sqlite_version()" if database_kind == "sqlite" else "SHOW server_version"
    version = tuple(map(int, str(db.session.scalar(text(query))).split()[0].split(".")))

    assert version >= ((3, 51, 3) if database_kind == "sqlite" else (15,))


def test_the_client_lets_go_of_the_tests_transaction_before_it_asks(
    client: BrowserLikeClient, amara: User
) -> None:
    amara.display_name = "Amara B."
    client.get("/health")

    assert db.session.scalar(select(User.display_name).where(User.id == amara.id)) == "Amara B."
    assert not db.session.dirty


def test_the_cast_is_who_it_is_said_to_be(amara: User, bo: User, chen: User, dana: User) -> None:
    assert amara.residency is not None
    assert chen.residency is not None
    assert amara.residency.district_id != chen.residency.district_id
    assert bo.residency is None
    assert dana.has_role("moderator")


def test_a_clean_page_passes() -> None:
    assert_clean_page(GOOD.format('<label for="a">A</label><input id="a">'))


def test_pages_that_differ_in_words_and_values_have_the_same_bones() -> None:
    assert bones_of('<p id="a">One</p><a href="/x">') == bones_of('<p id="a">Two</p><a href="/y">')


@pytest.mark.parametrize("other", ['<p id="b">One</p>', '<p id="a"></p>', "<p id='a'>One</p>"])
def test_what_could_make_a_page_wrong_is_in_its_bones(other: str) -> None:
    assert bones_of('<p id="a">One</p>') != bones_of(other)


def test_a_sign_in_a_value_or_a_word_is_looked_at() -> None:
    assert "a & b" in bones_of('<a href="a & b">c & d</a>')
    assert "c & d" in bones_of('<a href="a & b">c & d</a>')
    assert 'id="b"' in bones_of('<p title="a > b" id="b">c</p>')


@pytest.mark.parametrize(
    "body",
    [
        "<p>never closed<div></p></div>",
        "<h1>Again</h1>",
        '<p id="a"></p><p id="a"></p>',
        '<label for="nowhere">A</label>',
        "<table><p>out of place</p></table>",
    ],
)
def test_a_page_with_a_mistake_fails(body: str) -> None:
    with pytest.raises(AssertionError):
        assert_clean_page(GOOD.format(body))


def test_the_words_of_a_page_are_those_that_are_read() -> None:
    assert text_of(GOOD.format("<p>One  <b>two</b></p><script>x</script>")) == "T H One two"


# --- the browser -------------------------------------------------------------------------------


@pytest.mark.browser
def test_the_browser_reaches_the_application(page: Page) -> None:
    answer = page.goto("/health")

    assert answer is not None
    assert answer.status == 200


@pytest.mark.browser
def test_axe_finds_what_is_wrong(page: Page) -> None:
    page.goto("/health")
    page.set_content(GOOD.format('<img src="data:,">'))

    with pytest.raises(AssertionError, match="image-alt"):
        assert_accessible(page)


@pytest.mark.browser
def test_a_page_that_is_too_wide_is_noticed(new_page: Callable[..., Page]) -> None:
    page = new_page(width=320)
    page.goto("/health")
    page.set_content(GOOD.format('<img alt="" width="400" height="9">'))

    with pytest.raises(AssertionError, match="wider"):
        assert_no_sideways_scroll(page)


@pytest.mark.browser
@pytest.mark.parametrize(
    "body",
    [
        '<img alt="" src="http://127.0.0.2:9/x.png">',
        '<p style="color: red">inline</p>',
    ],
)
def test_a_page_that_breaks_the_policy_or_asks_elsewhere_fails_its_test(
    browser: Browser, live_server: str, body: str
) -> None:
    with pytest.raises(AssertionError), open_page(browser, live_server) as page:  # noqa: PT012
        page.goto("/health")
        page.set_content(GOOD.format(body))


@pytest.mark.slow
def test_gunicorn_serves_the_application_as_a_city_runs_it(settings: Settings) -> None:
    environment = {
        "INSTANCE_DIR": str(settings.instance_dir),
        "DATABASE_URL": settings.database_url,
        "SECRET_KEY": settings.secret_key,
        "PASSWORD_SALT": settings.password_salt,
        "REGISTER_KEY": settings.register_key,
        "JOBS": "immediate",
    }
    with serve_with_gunicorn(environment) as address:
        with urllib.request.urlopen(f"{address}/health", timeout=10) as answer:
            assert answer.status == 200

        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{address}/no/such/page", timeout=10)
