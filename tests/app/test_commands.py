"""Commands for whoever runs the server, and the page that tells of them."""

import stat
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from scripts import settings_table


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


def test_a_second_worker_is_refused_where_the_web_process_does_the_jobs(app: Flask) -> None:
    answer = app.test_cli_runner().invoke(args=["jobs", "run"])
    assert answer.exit_code != 0
    assert "JOBS=worker" in answer.output


def test_the_page_on_operations_lists_every_setting_as_it_is() -> None:
    page = settings_table.PAGE.read_text()
    assert page == settings_table.current(page)
