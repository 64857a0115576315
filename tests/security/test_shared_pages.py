"""Pages that everybody may be served from memory: nothing of anybody comes with them.

Walks all of them, as they are served to a reader without a session, from the page cache as well.
"""

from pathlib import Path

import pytest
from flask import Flask

from accounts.models import User
from config import Settings
from core import access, cache
from core.headers import FIXED
from tests.harness import people
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.examples import Route, examples, routes
from tests.harness.town import Town

pytestmark = pytest.mark.sqlite
# What an answer may differ by: the reader's language, whether a session came with the request,
# how the answer is squeezed, and whether htmx asked for a part of the page.
MAY_VARY = {"accept-encoding", "accept-language", "cookie", "hx-request"}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path, page_cache_seconds=60)


@pytest.fixture
def public(app: Flask, town: Town) -> list[Route]:
    """Every address that anybody may read."""
    cache.clear()
    return [
        route
        for route in routes(app, examples(town))
        if route.method == "GET" and access.declared(app, route.endpoint) == access.PUBLIC
    ]


def is_shared(app: Flask, route: Route) -> bool:
    return getattr(app.view_functions[route.endpoint], "__shared__", False)


def test_every_public_answer_is_dressed_in_full(
    client: BrowserLikeClient, public: list[Route]
) -> None:
    wrong = []
    for route in public:
        client.delete_cookie("purse")
        headers = client.get(route.url).headers
        wrong += [
            f"{route}: {name}: {headers.get(name)!r}"
            for name, value in FIXED.items()
            if headers.get(name) != value
        ]
        wrong += [f"{route}: no Cache-Control"] * ("Cache-Control" not in headers)

    assert wrong == []
    assert len(public) > 30


def test_a_shared_page_sets_no_cookie_and_varies_by_nothing_unexpected(
    app: Flask, client: BrowserLikeClient, public: list[Route]
) -> None:
    wrong, kept = [], 0
    for route in public:
        if not is_shared(app, route):
            continue
        for turn in ("first", "second"):
            client.delete_cookie("purse")
            answer = client.get(route.url)
            varies = {word.lower() for word in answer.vary}
            if "Set-Cookie" in answer.headers or not varies <= MAY_VARY:
                wrong.append(f"{route} ({turn}): {answer.headers}")
            if answer.status_code == 200 and "no-cache" not in answer.headers["Cache-Control"]:
                wrong.append(f"{route} ({turn}): {answer.headers['Cache-Control']}")
            kept += answer.headers.get("X-From-Cache") == "1"

    assert wrong == []
    assert kept > 10


def test_what_was_kept_for_all_holds_nothing_of_who_read_it_before(
    app: Flask, client: BrowserLikeClient, public: list[Route], amara: User
) -> None:
    wrong = []
    for route in public:
        if not is_shared(app, route):
            continue
        people.sign_in(client, amara)
        own = client.get(route.url)
        people.sign_out(client)
        client.delete_cookie("purse")
        for _ in range(2):
            page = client.get(route.url)
            if 'href="/account"' in page.text or 'name="csrf_token"' in page.text:
                wrong.append(str(route))
        if own.status_code == 200 and own.headers["Cache-Control"] != "no-store":
            wrong.append(f"{route}: {own.headers['Cache-Control']}")

    assert wrong == []


def test_a_public_page_that_starts_a_session_is_no_shared_one(
    app: Flask, client: BrowserLikeClient, public: list[Route]
) -> None:
    """A form needs a token and so a session: its page is nobody else's, and is stored nowhere."""
    wrong = []
    for route in public:
        client.delete_cookie("purse")
        answer = client.get(route.url)
        if "Set-Cookie" not in answer.headers:
            continue
        if is_shared(app, route) or answer.headers["Cache-Control"] != "no-store":
            wrong.append(f"{route}: {answer.headers['Cache-Control']}")

    assert wrong == []
