"""Pages that are the same for everybody are kept for seconds; what is anybody's own never is."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import brotli
import pytest
from flask import Flask, Response, flash, session
from flask_wtf.csrf import generate_csrf

from accounts.models import User
from config import Settings
from core import access, cache, htmx
from tests.harness import people
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient

pytestmark = pytest.mark.sqlite
WORDS = "A page that many read. " * 100


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path, page_cache_seconds=60)


class Page:
    """A route of the test's own that counts how often it was really asked."""

    def __init__(self, app: Flask, answer: Callable[[], Any]) -> None:
        self.asked = 0

        @access.public
        @cache.shared
        def view() -> Any:
            self.asked += 1
            return answer()

        app.add_url_rule("/try", "try", view)


@pytest.fixture(autouse=True)
def nothing_kept(app: Flask) -> None:
    cache.clear()


def get(client: BrowserLikeClient, url: str = "/try", **headers: str) -> Any:
    """Asks as a browser without a session."""
    client.delete_cookie("purse")
    return client.get(url, headers={name.replace("_", "-"): v for name, v in headers.items()})


def test_a_page_is_made_once_for_many_readers(app: Flask, client: BrowserLikeClient) -> None:
    page = Page(app, lambda: WORDS)

    texts = {get(client).text for _ in range(5)}

    assert (page.asked, texts) == (1, {WORDS})


def test_a_page_is_kept_for_browsers_too_which_all_take_squeezed_pages(
    app: Flask, client: BrowserLikeClient
) -> None:
    page = Page(app, lambda: WORDS)
    answers = [get(client, Accept_Encoding="gzip, deflate, br") for _ in range(3)]

    assert page.asked == 1
    for answer in answers:
        body = answer.get_data()
        opened = {"br": brotli.decompress, "gzip": gzip.decompress}
        assert opened[answer.headers["Content-Encoding"]](body).decode() == WORDS
        assert len(body) < len(WORDS) / 4
        assert "Accept-Encoding" in answer.headers["Vary"]
        assert int(answer.headers["Content-Length"]) == len(body)


def test_a_reader_who_takes_no_squeezed_pages_gets_a_plain_one(
    app: Flask, client: BrowserLikeClient
) -> None:
    page = Page(app, lambda: WORDS)
    get(client, Accept_Encoding="br")

    answer = get(client, Accept_Encoding="identity")

    assert (page.asked, answer.text) == (1, WORDS)
    assert "Content-Encoding" not in answer.headers


def test_a_browser_that_has_the_page_is_told_so(app: Flask, client: BrowserLikeClient) -> None:
    Page(app, lambda: WORDS)
    first = get(client, Accept_Encoding="br")
    second = get(client, Accept_Encoding="br")
    tag = second.headers["ETag"]

    assert first.headers["ETag"] == tag
    for known in (tag, f'"other", {tag}', f"W/{tag.removeprefix('W/')}", "*"):
        again = get(client, Accept_Encoding="br", If_None_Match=known)
        assert (again.status_code, again.get_data()) == (304, b"")
        assert again.headers["ETag"] == tag
        assert "Content-Encoding" not in again.headers
    assert get(client, If_None_Match='"other"').status_code == 200


def test_a_changed_page_has_another_tag(app: Flask, client: BrowserLikeClient) -> None:
    words = [WORDS]
    Page(app, lambda: words[0])
    before = get(client).headers["ETag"]
    words[0] += "More."
    cache.clear()

    assert get(client).headers["ETag"] != before


def test_each_address_fragment_and_query_is_kept_apart(
    app: Flask, client: BrowserLikeClient
) -> None:
    page = Page(app, lambda: "fragment" if htmx.asked() else "whole")

    assert get(client).text == "whole"
    assert get(client, HX_Request="true").text == "fragment"
    assert get(client).text == "whole"
    assert get(client, "/try?a=1").text == "whole"
    assert page.asked == 3


def test_a_page_with_a_token_is_never_kept(app: Flask, client: BrowserLikeClient) -> None:
    page = Page(app, generate_csrf)

    tokens = {get(client).text for _ in range(3)}

    assert (page.asked, len(tokens)) == (3, 3)


def test_a_page_that_gives_a_token_is_stored_by_nobody(
    app: Flask, client: BrowserLikeClient
) -> None:
    Page(app, generate_csrf)

    assert get(client).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("way", ["session", "flash", "cookie"])
def test_a_page_that_sets_a_cookie_is_never_kept(
    app: Flask, client: BrowserLikeClient, way: str
) -> None:
    def answer() -> Response:
        response = Response(WORDS)
        if way == "session":
            session["seen"] = True
        elif way == "flash":
            flash("Saved.")
        else:
            response.set_cookie("seen", "1")
        return response

    page = Page(app, answer)
    answers = [get(client) for _ in range(2)]
    client.delete_cookie("seen")

    assert page.asked == 2
    assert all("Set-Cookie" in answer.headers for answer in answers)


def test_who_signed_in_is_neither_served_from_what_is_kept_nor_adds_to_it(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    page = Page(app, lambda: WORDS)
    people.sign_in(client, amara)
    mine = client.get("/try")
    assert mine.headers["Cache-Control"] == "no-store"
    assert client.get("/try").status_code == 200
    assert page.asked == 2

    get(client)
    assert page.asked == 3


@pytest.mark.parametrize("status", [302, 404, 422, 500])
def test_only_what_went_well_is_kept(app: Flask, client: BrowserLikeClient, status: int) -> None:
    page = Page(app, lambda: ("no", status))
    get(client)
    get(client)

    assert page.asked == 2


def test_only_pages_marked_as_shared_are_kept(app: Flask, client: BrowserLikeClient) -> None:
    asked: list[int] = []

    @access.public
    def own() -> str:
        asked.append(1)
        return "own"

    app.add_url_rule("/own", "own", own)
    get(client, "/own")
    get(client, "/own")

    assert len(asked) == 2


def test_addresses_of_any_length_cannot_fill_the_memory(
    app: Flask, client: BrowserLikeClient
) -> None:
    page = Page(app, lambda: WORDS)
    get(client, "/try?" + "x" * 5_000)
    get(client, "/try?" + "x" * 5_000)
    assert page.asked == 2

    for number in range(1_200):
        cache.pages.set(f"page:{number}", b"x")
    assert len(cache.pages.cache._cache) <= 600


def test_a_cache_that_is_away_only_costs_time(
    app: Flask, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_kwargs: Any) -> None:
        raise ConnectionError("Redis is away")

    monkeypatch.setattr(cache.pages, "get", away)
    monkeypatch.setattr(cache.pages, "set", away)
    monkeypatch.setattr(cache.pages, "clear", away)
    page = Page(app, lambda: WORDS)

    assert get(client).text == WORDS
    assert get(client).text == WORDS
    cache.clear()
    assert page.asked == 2
