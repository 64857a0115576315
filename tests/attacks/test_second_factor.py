"""Getting past the second factor: by guessing, by replaying, by going round it."""

import re
import threading
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts.code_app import SECONDS, code_at
from accounts.models import Passkey, SecondFactor, User
from accounts.services.people import set_password
from accounts.services.second_factors import TRIES, new_recovery_codes
from core import clock as time
from core.audit import AuditEntry
from core.database import db as database
from tests.accounts.devices import another_device
from tests.accounts.letters import last_letter
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World

ELI = {"email": "eli@example.org", "password": people.PASSWORD}
STEP, RECOVERY = "/login/second-step", "/login/recovery"


def at_second_step(app: Flask) -> BrowserLikeClient:
    """A new browser, at another address each time, of somebody who knows Eli's password."""
    client = another_device(app)
    client.post("/login", data=ELI)
    return client


def wrong_code_for(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


@pytest.mark.attack("B22")
def test_guessing_is_over_after_five_codes_whatever_the_browser_and_the_address(
    clock: time_machine.Traveller, app: Flask, eli: User
) -> None:
    """B22: a new cookie jar and address for each try; then even the right code is not taken."""
    code = people.code_for(eli)
    statuses = []
    for number in range(TRIES):
        place = {"REMOTE_ADDR": f"192.0.2.{number + 1}"}
        answer = at_second_step(app).post(
            STEP, data={"code": wrong_code_for(code)}, environ_overrides=place
        )
        statuses.append(answer.status_code)
    assert statuses == [422] * (TRIES - 1) + [429]

    answer = at_second_step(app).post(STEP, data={"code": code})

    assert answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    assert int(answer.headers["Retry-After"]) > 0
    assert "typed wrong codes" in last_letter(app, eli.email).body
    assert database.session.scalar(select(AuditEntry).where(AuditEntry.act == "lock_second_factor"))


@pytest.mark.attack("B22")
def test_waiting_brings_one_try_and_then_a_longer_lock(
    clock: time_machine.Traveller, app: Flask, eli: User
) -> None:
    """B22: who goes on guessing gets one code per lock, and each lock is twice as long."""
    code = wrong_code_for(people.code_for(eli))
    for _ in range(TRIES):
        at_second_step(app).post(STEP, data={"code": code})
    waits = []
    for _ in range(3):
        factor = database.session.scalars(select(SecondFactor)).one()
        assert factor.locked_until is not None
        waits.append(factor.locked_until - time.now())
        clock.move_to(factor.locked_until + timedelta(seconds=1))
        assert at_second_step(app).post(STEP, data={"code": "000000"}).status_code == 429
        database.session.expire_all()

    assert waits == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1)]


@pytest.mark.attack("B22")
def test_guesses_of_recovery_codes_are_counted_with_the_others(app: Flask, eli: User) -> None:
    """B22: one account has five tries in all, not five of each kind."""
    code = people.code_for(eli)
    new_recovery_codes(eli, at=time.now())
    statuses = []
    for number in range(TRIES):
        url, name = ((STEP, "code"), (RECOVERY, "recovery_code"))[number % 2]
        answer = at_second_step(app).post(url, data={name: "abcd-efgh-jkmn-pqrs"})
        statuses.append(answer.status_code)

    assert statuses == [422] * (TRIES - 1) + [429]
    assert at_second_step(app).post(STEP, data={"code": code}).status_code == 429


@pytest.mark.attack("B23")
def test_a_code_is_taken_once(clock: time_machine.Traveller, app: Flask, eli: User) -> None:
    """B23: whoever looked over Eli's shoulder is too late, in the same half minute too."""
    code = people.code_for(eli)
    assert at_second_step(app).post(STEP, data={"code": code}).status_code == 303

    assert at_second_step(app).post(STEP, data={"code": code}).status_code == 422


@pytest.mark.attack("B23")
@pytest.mark.parametrize(
    ("steps", "status"), [(-2, 422), (-1, 303), (0, 303), (1, 303), (2, 422), (2880, 422)]
)
def test_a_code_is_good_for_one_step_before_and_after(
    clock: time_machine.Traveller, app: Flask, eli: User, steps: int, status: int
) -> None:
    """B23: an old code is expired, and one of the future is not good yet."""
    people.code_for(eli)
    code = code_at(people.APP_KEY, int(time.now().timestamp()) // SECONDS + steps)

    assert at_second_step(app).post(STEP, data={"code": code}).status_code == status


@pytest.mark.attack("B23")
def test_a_recovery_code_is_taken_once_and_is_nobody_elses(
    app: Flask, eli: User, ewa: User
) -> None:
    """B23: used, foreign and replaced codes on paper."""
    for person in (eli, ewa):
        people.code_for(person)
    foreign = new_recovery_codes(ewa, at=time.now())[0]
    old = new_recovery_codes(eli, at=time.now())[0]
    code = new_recovery_codes(eli, at=time.now())[0]
    assert at_second_step(app).post(RECOVERY, data={"recovery_code": code}).status_code == 303

    for bad in (code, foreign, old):
        answer = at_second_step(app).post(RECOVERY, data={"recovery_code": bad})
        assert answer.status_code == 422


@pytest.mark.attack("B22")
def test_one_code_in_four_browsers_at_once_is_one_sign_in(
    app: Flask, live_server: str, eli: User
) -> None:
    """B22: the right code sent four times in the same moment opens one session."""
    code = people.code_for(eli)
    browsers = [at_second_step(app) for _ in range(4)]
    sent = [(each.csrf_token(), each.get_cookie("purse")) for each in browsers]
    database.session.commit()
    statuses: list[int] = []

    def send(token: str, cookie: Any) -> None:
        connection = HTTPConnection(live_server.removeprefix("http://"), timeout=30)
        body = urlencode({"code": code, "csrf_token": token})
        headers = {
            "Cookie": f"purse={cookie.value}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection.request("POST", STEP, body, headers)
        statuses.append(connection.getresponse().status)
        connection.close()

    threads = [threading.Thread(target=send, args=each) for each in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # 503 is for who waited too long for her turn on a busy machine.
    assert statuses.count(303) == 1
    assert set(statuses) <= {303, 422, 503}


@pytest.mark.attack("B22")
@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "abcdef",
        "12345",
        "1234567",
        "１２３４５６",
        "12e456",
        "-12345",
        "1" * 5000,
    ],
)
def test_what_is_no_code_is_refused_in_words(app: Flask, eli: User, typed: str) -> None:
    """B22: odd codes are 422, never 500."""
    people.code_for(eli)
    assert at_second_step(app).post(STEP, data={"code": typed}).status_code == 422


@pytest.mark.attack("B26")
def test_the_password_alone_opens_nothing(
    app: Flask, client: BrowserLikeClient, world: World, eli: User
) -> None:
    """B26: between the steps Eli is nobody, on every kind of page."""
    people.code_for(eli)
    client = at_second_step(app)

    for url in ("/account", "/staff", "/account/second-factor", "/account/second-factor/app"):
        assert client.get(url).headers["Location"].startswith("/login?next=")
    assert client.post("/account/second-factor/app/removal").status_code == 401
    assert client.post("/account/name", data={"display_name": "Mallory"}).status_code == 401


@pytest.mark.attack("B23")
def test_half_a_sign_in_does_not_wait_for_ever(
    clock: time_machine.Traveller, app: Flask, eli: User
) -> None:
    """B23: ten minutes after the password it is asked for again; at once after a new password."""
    people.code_for(eli)
    late, changed = at_second_step(app), at_second_step(app)
    set_password(eli, "seven wet geese on a roof", by=None, at=time.now())
    code = people.code_for(eli)
    assert changed.post(STEP, data={"code": code}).headers["Location"].startswith("/login?")

    clock.shift(timedelta(minutes=11))
    answer = late.post(STEP, data={"code": people.code_for(eli)})
    assert answer.headers["Location"].startswith("/login?")
    assert late.get(f"{STEP}?next=/staff").headers["Location"] == "/login?next=/staff"


@pytest.mark.attack("B26")
def test_without_a_first_step_there_is_no_second(client: BrowserLikeClient, eli: User) -> None:
    """B26: the right code without the password."""
    code = people.code_for(eli)

    for url in (STEP, RECOVERY, "/login/passkey"):
        assert client.post(url, data={"code": code}).headers["Location"].startswith("/login")
    assert client.post("/login/passkey/options").status_code == 409
    assert client.get("/account").status_code == 302


@pytest.mark.attack("B26")
def test_a_role_sleeps_until_the_second_factor_was_shown(
    client: BrowserLikeClient, world: World, dana: User
) -> None:
    """B26: what Dana may do as a moderator on pages for everybody sleeps, too."""
    thread = f"/threads/{world.thread.ref}"
    people.sign_in(client, dana, confirmed=False)
    assert "Hide" not in client.get(thread).text
    answer = client.post(f"/moderation/posts/{world.reply.ref}/hiding", data={"reason": "x"})
    assert answer.status_code in {403, 404}
    refused = client.post("/staff/residents", data={"q": "x"})
    assert refused.status_code in {403, 405}

    people.sign_in(client, dana)
    assert "Hide" in client.get(thread).text


@pytest.mark.attack("B26")
def test_every_page_of_staff_leads_to_the_second_factor_first(
    app: Flask, client: BrowserLikeClient, adam: User
) -> None:
    """B26: whoever holds a role and has shown the password only."""
    people.sign_in(client, adam, confirmed=False)

    assert client.get("/staff/people").headers["Location"] == (
        "/account/second-factor?next=/staff/people"
    )
    answer = client.post(f"/staff/people/{adam.ref}/roles", data={"role": "officer"})
    assert answer.status_code == 403
    assert "second factor" in answer.text
    assert not adam.holds_role("officer")


@pytest.mark.attack("B27")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "https:evil",
        "/%0d%0aSet-Cookie:x",
    ],
)
def test_the_second_step_leads_to_no_other_site(
    clock: time_machine.Traveller, app: Flask, eli: User, elsewhere: str
) -> None:
    """B27: `next` is looked at again after the second step."""
    code = people.code_for(eli)
    client = at_second_step(app)
    answer = client.post(
        STEP, data={"code": code, "next": elsewhere}, query_string={"next": elsewhere}
    )

    location = answer.headers["Location"]
    assert location.startswith("/")
    assert not re.match(r"/[/\\]", location)
    assert "\r" not in location


@pytest.mark.attack("B22")
@pytest.mark.parametrize(
    "answer", ["", "{}", "[]", "null", '{"id":"AAAA"}', "x" * 10_000, '{"id":1}']
)
def test_what_is_no_passkey_is_refused_in_words(
    app: Flask, client: BrowserLikeClient, eli: User, answer: str
) -> None:
    """B22: forged answers of a key, at sign-in and where keys are added: 422, never 500."""
    key = Passkey(
        user_id=eli.id, credential_id="AAAA", public_key=b"", sign_count=0,
        device="/", added_on=time.now().date(),
    )  # fmt: skip
    database.session.add(key)
    database.session.commit()
    thief = at_second_step(app)
    assert thief.post("/login/passkey/options").status_code == 200
    assert thief.post("/login/passkey", data={"credential": answer}).status_code == 422

    people.sign_in(client, eli)
    client.post("/account/second-factor/passkeys/options")
    added = client.post("/account/second-factor/passkeys", data={"credential": answer})
    assert added.status_code == 422
    assert len(database.session.scalars(select(Passkey)).all()) == 1
