"""Reading changes nothing: every GET, as everybody, sends no writing statement to the database."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from core.database import db
from tests.architecture.test_access import EVERYBODY, become
from tests.harness.client import BrowserLikeClient
from tests.harness.examples import routes
from tests.harness.world import World

WRITING = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b", re.IGNORECASE
)


@contextmanager
def written() -> Iterator[list[str]]:
    """Collects the writing statements that reach the database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if WRITING.match(statement):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_get_writes_nothing(
    app: Flask, client: BrowserLikeClient, world: World, name: str
) -> None:
    wrong = []
    become(client, name)
    for route in routes(app, world):
        if route.method != "GET":
            continue
        with written() as statements:
            client.get(route.url)
        if statements:
            wrong.append(f"{name}, {route}: {statements}")

    assert wrong == []


def test_a_writing_statement_would_be_noticed(app: Flask) -> None:
    with written() as statements:
        db.session.execute(text("UPDATE district SET position = position"))
        db.session.rollback()

    assert len(statements) == 1
