"""Commands for whoever runs the server, and the page that tells of them."""

import os
import re
import stat
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from core.database import db as database_of_app
from scripts import settings_table
from tests.harness.application import ROOT, new_app, settings_for


@pytest.mark.sqlite
def test_a_backup_holds_what_was_committed(
    app: Flask, amara: User, db: SQLAlchemy, tmp_path: Path
) -> None:
    email = amara.email
    db.session.commit()
    target = tmp_path / "copy.db"
    answer = app.test_cli_runner().invoke(args=["backup", str(target)])
    assert answer.exit_code == 0, answer.output
    with sqlite.connect(str(target)) as copy:
        assert copy.execute("SELECT email FROM user").fetchall() == [(email,)]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.sqlite
def test_a_backup_overwrites_nothing(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    answer = app.test_cli_runner().invoke(args=["backup", str(target)])
    assert answer.exit_code != 0
    assert target.read_text() == "mine"


def test_a_copy_of_nothing_is_no_backup(tmp_path: Path) -> None:
    """As when the settings were not loaded: a town would think for months that it has copies."""
    database, target = tmp_path / "nowhere.db", tmp_path / "copy.db"
    nowhere = new_app(settings_for(f"sqlite:///{database}", tmp_path))

    for content in (None, b"", b"no database" * 500):
        if content is not None:
            database.write_bytes(content)
        with nowhere.app_context():
            answer = nowhere.test_cli_runner().invoke(args=["backup", str(target)])
            database_of_app.engine.dispose()

        assert answer.exit_code != 0, content
        assert "Error: " in answer.output
        assert not target.exists()


@pytest.mark.postgres
def test_a_backup_of_a_city_is_made_by_its_own_database(app: Flask, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    answer = app.test_cli_runner().invoke(args=["backup", str(target)])

    assert answer.exit_code != 0
    assert "pg_dump" in answer.output
    assert not target.exists()


def test_the_folder_of_a_new_server_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        new_app(settings_for("", tmp_path))
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_a_second_worker_is_refused_where_the_web_process_does_the_jobs(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert answer.exit_code != 0
    assert "JOBS=worker" in answer.output


def test_the_page_on_operations_lists_every_setting_as_it_is() -> None:
    page = settings_table.PAGE.read_text()
    assert page == settings_table.current(page)


@pytest.mark.sqlite
@pytest.mark.parametrize("page", ["README.md", "docs/operations.md", "CONTRIBUTING.md"])
def test_every_command_that_the_papers_name_is_there(app: Flask, page: str) -> None:
    named = re.findall(r"flask --app wsgi ([a-z-]+(?: [a-z-]+)?)", (ROOT / page).read_text())
    runner = app.test_cli_runner()

    for words in named:
        group, *rest = words.split()
        parts = [group] if group == "backup" else [group, *rest]
        answer = runner.invoke(args=[*parts, "--help"])
        assert answer.exit_code == 0, words
    assert named or page != "docs/operations.md"
