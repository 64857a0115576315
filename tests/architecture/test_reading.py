"""Reading changes nothing: every GET, as everybody, sends no writing statement to the database."""

import pytest
from flask import Flask
from sqlalchemy import text

from core.database import db
from tests.harness.crawl import EVERYBODY, crawl_as, written


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_get_writes_nothing(
    name: str, database_kind: str, request: pytest.FixtureRequest
) -> None:
    wrong = {
        f"{answer.route}": answer.written for answer in crawl_as(name, request) if answer.written
    }
    assert wrong == {}


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_get_never_breaks(name: str, database_kind: str, request: pytest.FixtureRequest) -> None:
    broken = [
        f"{answer.route}: {answer.status} {answer.broken}"
        for answer in crawl_as(name, request)
        if answer.status >= 500
    ]
    assert broken == []


def test_a_writing_statement_would_be_noticed(app: Flask) -> None:
    with written() as statements:
        db.session.execute(text("UPDATE district SET position = position"))
        db.session.rollback()

    assert len(statements) == 1
