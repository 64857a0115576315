"""The health check: 200 only where people can be served, else in words what is missing."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.health import NOT_READY
from core.database import db
from tests.harness.application import new_app, settings_for
from tests.harness.client import BrowserLikeClient


def health(client: BrowserLikeClient) -> tuple[int, str]:
    answer = client.get("/health")
    return answer.status_code, (answer.json or {})["status"]


def test_a_server_with_its_tables_is_well(client: BrowserLikeClient) -> None:
    assert health(client) == (200, "ok")


def test_a_database_that_is_gone_is_told(
    client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    monkeypatch.setattr(db.session, "execute", gone)

    assert health(client) == (503, "database away")


@pytest.mark.sqlite
def test_a_new_server_is_not_well_before_its_tables_are_made(tmp_path: Path) -> None:
    empty = new_app(settings_for(f"sqlite:///{tmp_path}/empty.db", tmp_path))
    client = empty.test_client()
    assert isinstance(client, BrowserLikeClient)
    with empty.app_context():
        found = health(client)
        db.engine.dispose()

    assert found == (503, NOT_READY)


@pytest.mark.parametrize("statement", ["DROP TABLE alembic_version", "DELETE FROM alembic_version"])
def test_tables_of_no_known_release_are_told(
    app: Flask, client: BrowserLikeClient, statement: str
) -> None:
    db.session.execute(text(statement))
    db.session.commit()

    assert health(client) == (503, NOT_READY)


def test_tables_behind_this_release_are_told_and_those_ahead_serve_on(
    app: Flask, client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While an upgrade runs, the servers of the release before are still there."""
    [now] = db.session.scalars(text("SELECT version_num FROM alembic_version")).all()
    found = []
    for newest, known in (("later", {"later", now}), ("earlier", {"earlier"})):
        revisions = (newest, frozenset(known))
        monkeypatch.setattr("app.health._revisions", lambda _folder, of=revisions: of)
        found.append(health(client))

    assert found == [(503, NOT_READY), (200, "ok")]
