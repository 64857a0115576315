"""Where somebody is signed in: seen, ended one by one, and forgotten when over."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from accounts.devices import device_of
from accounts.models import AccountSession, User
from core import clock as time
from core import slots
from core.database import db as database
from tests.accounts.devices import another_device
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import written
from tests.harness.html import text_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/139.0.0.0 Safari/537.36 Edg/139.0.0.0"
)
AMARA = {"email": "amara@example.org", "password": people.PASSWORD}


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (FIREFOX, "Firefox/Linux"), (IPHONE, "Safari/iPhone"), (EDGE, "Edge/Windows"),
        ("curl/8.5.0", "/"), ("", "/"), ("<script>Firefox", "Firefox/"),
    ],
)  # fmt: skip
def test_a_device_is_named_by_browser_and_system_alone(said: str, device: str) -> None:
    assert device_of(said) == device


def test_amara_sees_her_devices_and_signs_the_telephone_out(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    telephone = another_device(app)
    client.post("/login", data=AMARA, headers={"User-Agent": FIREFOX})
    telephone.post("/login", data=AMARA, headers={"User-Agent": IPHONE})
    page = text_of(client.get("/account/sessions").text)
    assert "Firefox on Linux" in page
    assert "Safari on iPhone" in page
    assert page.count("This device") == 1

    ref = database.session.scalars(
        select(AccountSession.ref).where(AccountSession.device == "Safari/iPhone")
    ).one()
    answer = client.post(f"/account/sessions/{ref}/ending")

    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/sessions")
    assert telephone.get("/account").status_code == 302
    assert client.get("/account").status_code == 200


@pytest.mark.attack("B57")
def test_nobody_signs_somebody_else_out(
    app: Flask, client: BrowserLikeClient, amara: User, bo: User
) -> None:
    hers = another_device(app)
    people.sign_in(hers, amara)
    people.sign_in(client, bo)
    ref = database.session.scalars(
        select(AccountSession.ref).where(AccountSession.user_id == amara.id)
    ).one()

    client.post(f"/account/sessions/{ref}/ending")

    assert hers.get("/account").status_code == 200


def test_use_is_noted_once_a_day_and_only_while_reading(
    clock: time_machine.Traveller, client: BrowserLikeClient, amara: User
) -> None:
    people.sign_in(client, amara)
    clock.shift(timedelta(days=1))

    with written() as first:
        client.get("/account")
    with written() as second:
        client.get("/account")

    assert [each.split()[1] for each in first] == ["account_session"]
    assert second == []
    assert _seen_on() == time.now().date()


def test_whoever_looks_in_every_day_is_not_signed_out_as_idle(
    clock: time_machine.Traveller, client: BrowserLikeClient, amara: User
) -> None:
    people.sign_in(client, amara)
    for _ in range(20):
        clock.shift(timedelta(days=1))
        assert client.get("/account").status_code == 200


def test_rows_of_sessions_that_are_over_are_removed(
    clock: time_machine.Traveller, app: Flask, client: BrowserLikeClient, amara: User, dana: User
) -> None:
    people.sign_in(client, amara)
    people.sign_in(client, dana)
    clock.shift(timedelta(days=1))
    slots.call("hourly", at=time.now())
    assert _rows() == 1

    clock.shift(timedelta(days=14))
    slots.call("hourly", at=time.now())
    assert _rows() == 0


def _seen_on() -> object:
    database.session.commit()
    return database.session.scalars(select(AccountSession.seen_on)).one()


def _rows() -> int:
    return database.session.scalar(select(func.count()).select_from(AccountSession)) or 0
