"""Mails about accounts are written by the worker, after the commit, and tried again."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts import notifications
from accounts.models import User
from config import Settings
from core import clock as time
from core import jobs, mail
from core.database import db as database
from core.jobs import OutboxJob
from tests.accounts.letters import last_letter, letters
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient

GRETA = {
    "display_name": "Greta",
    "email": "greta@example.org",
    "password": "four words in a row",
}


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """A worker of its own does the jobs: the tests are it."""
    return settings_for(database_url, tmp_path, jobs="worker")


def test_the_mail_waits_without_a_link_until_the_worker_writes_it(
    app: Flask, client: BrowserLikeClient
) -> None:
    client.post("/register", data=GRETA)
    mails = select(OutboxJob.payload).where(OutboxJob.name == notifications.JOB)
    waiting = database.session.scalars(mails).all()
    assert letters(app) == []
    assert len(waiting) == 1
    assert "/confirm/" not in waiting[0]
    assert "four words" not in waiting[0]

    assert jobs.run_due(time.now()) == 1

    assert "http://localhost/confirm/" in last_letter(app, "greta@example.org").body
    assert database.session.scalars(mails).all() == ["{}"]


@pytest.mark.attack("B74")
def test_a_mail_server_that_is_down_breaks_nobodys_registration(
    app: Flask,
    client: BrowserLikeClient,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(*_mail: str) -> None:
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(mail, "send_now", down)
        assert client.post("/register", data=GRETA).status_code == 303
        assert jobs.run_due(time.now()) == 0

    clock.shift(timedelta(minutes=3))
    assert jobs.run_due(time.now()) == 1
    assert last_letter(app, "greta@example.org")


@pytest.mark.attack("B24")
def test_asking_about_an_unknown_address_is_the_same_work(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    for address in ("amara@example.org", "nobody@example.org"):
        client.post("/reset", data={"email": address})

    assert len(database.session.scalars(select(OutboxJob.id)).all()) == 2
    assert jobs.run_due(time.now()) == 2
    assert [each.to for each in letters(app)] == [["amara@example.org"]]


def test_every_mail_is_plain_text_with_a_way_to_a_person_or_page(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    client.post("/register", data=GRETA | {"display_name": "Greta & <Ost>"})
    client.post("/register", data=GRETA | {"email": "amara@example.org"})
    client.post("/reset", data={"email": "amara@example.org"})
    jobs.run_due(time.now())

    assert len(letters(app)) == 3
    for letter in letters(app):
        assert letter.content_subtype == "plain"
        assert "http://localhost/" in letter.body
        assert "Common Purse" in letter.subject
        assert "&amp;" not in letter.body
        assert "&#" not in letter.body
        assert "\n\n\n" not in letter.body
