"""Reading changes nothing: every GET, as everybody, sends no writing statement to the database."""

import pytest
from flask import Flask
from sqlalchemy import text

from core.database import db
from tests.harness.crawl import EVERYBODY, Answer, crawl_as, written


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_get_writes_nothing(
    name: str, database_kind: str, request: pytest.FixtureRequest
) -> None:
    assert written_by(crawl_as(name, request)) == {}


@pytest.mark.parametrize("name", EVERYBODY)
def test_a_get_never_breaks(name: str, database_kind: str, request: pytest.FixtureRequest) -> None:
    assert broken_among(crawl_as(name, request)) == []


def written_by(answers: list[Answer]) -> dict[str, list[str]]:
    """What was written while pages were only read."""
    return {f"{answer.route}": answer.written for answer in answers if answer.written}


def broken_among(answers: list[Answer]) -> list[str]:
    return [
        f"{answer.route}: {answer.status} {answer.broken}"
        for answer in answers
        if answer.status >= 500
    ]


def test_a_writing_statement_would_be_noticed(app: Flask) -> None:
    with written() as statements:
        db.session.execute(text("UPDATE district SET position = position"))
        db.session.rollback()

    assert len(statements) == 1
