"""One walk over every address of the URL map that can be read, as one person, kept for many tests.

What the walk met does not change, so that tests which look at pages share it: it is made once per
person and kind of database in each process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.datastructures import Headers

from core.database import db
from tests.harness import people
from tests.harness.client import BrowserLikeClient, is_whole_page
from tests.harness.examples import Route, examples, routes
from tests.harness.html import parse_page

NOBODY = "nobody"
# One of each kind: Chen may do what Amara may, Ewa what Eli, and Ada what Adam.
EVERYBODY = (NOBODY, "amara", "bo", "dana", "eli", "farah", "clara", "adam", "ida")
WRITING = {"INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "TRUNCATE"}


@dataclass(frozen=True)
class Answer:
    """What came back from one address, and what was written to the database meanwhile."""

    route: Route
    status: int
    headers: Headers
    mimetype: str
    text: str
    is_page: bool
    written: list[str]
    broken: str = ""

    @cached_property
    def root(self) -> Element:
        """The page, parsed."""
        return parse_page(self.text)


_kept: dict[tuple[str, str], list[Answer]] = {}


def crawl_as(name: str, request: pytest.FixtureRequest) -> list[Answer]:
    """Every answer to a GET as this person; `request` gives the fixtures of the first who asks."""
    key = (name, request.getfixturevalue("database_kind"))
    if key not in _kept:
        app: Flask = request.getfixturevalue("app")
        client: BrowserLikeClient = request.getfixturevalue("client")
        known = examples(request.getfixturevalue("town"))
        become(client, name)
        gets = [route for route in routes(app, known) if route.method == "GET"]
        _kept[key] = [read(client, route) for route in gets]
    return _kept[key]


def read(client: BrowserLikeClient, route: Route) -> Answer:
    """The answer; one that broke says so, and does not keep the walk from going on."""
    try:
        with written() as statements:
            response = client.get(route.url)
    except Exception as error:  # noqa: BLE001  (whatever it is, the tests shall list it)
        return Answer(route, 500, Headers(), "", "", False, [], f"{type(error).__name__}: {error}")
    return Answer(
        route=route,
        status=response.status_code,
        headers=response.headers,
        mimetype=response.mimetype or "",
        text=response.get_data().decode(errors="replace"),
        is_page=is_whole_page(response),
        written=statements,
    )


def become(client: BrowserLikeClient, name: str) -> None:
    """Makes the client that person's, or nobody's."""
    if name == NOBODY:
        people.sign_out(client)
    else:
        people.sign_in(client, people.cast(name))


@contextmanager
def written() -> Iterator[list[str]]:
    """Collects the writing statements that reach the database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.split(None, 1)[0].upper() in WRITING:
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
