"""Each walk over the routes is shown a route that breaks its rule, and has to find it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response, make_response, render_template_string
from sqlalchemy import text

from core import access
from core.database import db
from tests.architecture.test_access import (
    fragments_for_nobody,
    taken_without_token,
    undeclared,
    wrongly_met,
)
from tests.architecture.test_canary import lets_out_a_canary
from tests.architecture.test_pages import mistakes_of, silent, undressed
from tests.architecture.test_reading import broken_among, written_by
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import EVERYBODY, NOBODY, read
from tests.harness.examples import Route
from tests.harness.html import parse_page

pytestmark = pytest.mark.sqlite
READING, SENDING = Route("planted", "GET", "/planted"), Route("planted", "POST", "/planted")
PAGE = '<!doctype html><html lang="en"><head><title>T</title></head><body><h1>{}</h1></body></html>'


def plant(app: Flask, view: Callable[[], Any]) -> None:
    app.add_url_rule("/planted", "planted", view, methods=["GET", "POST"])


def fine() -> str:
    return "fine"


@pytest.fixture
def no_gate(app: Flask) -> Flask:
    """An application whose gate somebody forgot to put up."""
    app.before_request_funcs[None].remove(access._guard)
    return app


@pytest.fixture
def no_token_asked(app: Flask) -> Iterator[Flask]:
    """An application in which one view is let off the token."""
    protection = app.extensions["csrf"]
    protection.exempt(fine)
    yield app
    protection._exempt_views.clear()


def test_a_route_without_a_declaration_is_found(app: Flask) -> None:
    plant(app, lambda: "open")

    assert undeclared(app) == {"planted"}


def test_a_gate_that_stands_open_is_found(no_gate: Flask, client: BrowserLikeClient) -> None:
    plant(no_gate, access.only("officer")(lambda: "open"))
    found = [n for n in EVERYBODY if wrongly_met(no_gate, client, [READING, SENDING], n)]

    assert found == [name for name in EVERYBODY if name != "eli"]
    assert len(fragments_for_nobody(no_gate, client, [READING, SENDING])) == 2


def test_a_gate_that_keeps_out_whom_it_names_is_found(
    app: Flask, client: BrowserLikeClient
) -> None:
    plant(app, access.public(lambda: Response("no", 401)))

    assert wrongly_met(app, client, [READING], NOBODY)


def test_the_gate_as_it_is_passes_the_same_walk(app: Flask, client: BrowserLikeClient) -> None:
    plant(app, access.only("officer")(lambda: "open"))

    assert [n for n in EVERYBODY if wrongly_met(app, client, [READING, SENDING], n)] == []
    people.sign_out(client)
    assert fragments_for_nobody(app, client, [READING, SENDING]) == []


def test_a_route_that_takes_what_brings_no_token_is_found(
    no_token_asked: Flask, client: BrowserLikeClient
) -> None:
    plant(no_token_asked, access.public(fine))

    assert taken_without_token(no_token_asked, client, [SENDING]) == [f"{SENDING}: 200 OK"]


@pytest.mark.parametrize(
    "statement",
    ["UPDATE district SET position = position", "delete from district", "CREATE TABLE x (y int)"],
)
def test_a_reading_that_writes_is_found(
    app: Flask, client: BrowserLikeClient, statement: str
) -> None:
    def writes() -> str:
        db.session.execute(text(statement))
        db.session.rollback()
        return "read"

    plant(app, access.public(writes))

    assert written_by([read(client, READING)]) == {f"{READING}": [statement]}


def test_a_reading_that_breaks_is_found(app: Flask, client: BrowserLikeClient) -> None:
    def breaks() -> str:
        raise RuntimeError("broken")

    plant(app, access.public(breaks))

    assert "RuntimeError" in broken_among([read(client, READING)])[0]


@pytest.mark.parametrize(("marked", "found"), [("{{ typed }}", False), ("{{ typed|safe }}", True)])
@pytest.mark.parametrize("mimetype", ["text/html", "application/atom+xml", "image/svg+xml"])
def test_words_of_people_that_come_out_as_markup_are_found(
    app: Flask, client: BrowserLikeClient, marked: str, found: bool, mimetype: str
) -> None:
    def page() -> Response:
        answer = make_response(render_template_string(PAGE.format(marked), typed="<canary-1 x>"))
        answer.mimetype = mimetype
        return answer

    plant(app, access.public(page))

    assert lets_out_a_canary(read(client, READING)) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", "default-src 'self'"),
        ("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'"),
        (
            "Content-Security-Policy",
            "default-src 'none'; frame-ancestors *; base-uri 'none'; script-src 'self'",
        ),
        ("X-Content-Type-Options", "sniff"),
        ("Referrer-Policy", "unsafe-url"),
    ],
)
def test_an_answer_with_a_looser_header_is_found(
    app: Flask, client: BrowserLikeClient, name: str, value: str
) -> None:
    plant(app, access.public(lambda: ("fine", {name: value})))

    assert len(undressed([read(client, READING)])) == 1


def test_a_page_that_fetches_from_elsewhere_or_says_nothing_of_itself_is_found(
    app: Flask, client: BrowserLikeClient
) -> None:
    image = '<img alt="" src="https://elsewhere.example/x.png">'
    plant(app, access.public(lambda: PAGE.format(image)))
    answer = read(client, READING)

    assert list(mistakes_of(parse_page(answer.text)))
    assert len(silent([answer])) == 1
