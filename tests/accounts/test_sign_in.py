"""Signing in and out."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_security.utils import get_hmac, hash_password
from flask_sqlalchemy import SQLAlchemy
from passlib.hash import argon2  # type: ignore[import-untyped]
from sqlalchemy import update
from werkzeug.test import TestResponse

from accounts.models import User
from core import slots
from core.database import db as database
from tests.accounts.devices import another_device
from tests.harness import people
from tests.harness.application import new_app, settings_for
from tests.harness.client import BrowserLikeClient

AMARA = {"email": "amara@example.org", "password": people.PASSWORD}


def test_amara_signs_in_and_is_led_where_she_wanted(client: BrowserLikeClient, amara: User) -> None:
    asked = client.get("/account")
    assert asked.headers["Location"] == "/login?next=/account"
    assert 'value="/account"' in client.get("/login?next=/account").text

    answer = client.post("/login", data=AMARA | {"next": "/account"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert "Amara" in client.get("/account").text


def test_her_address_may_be_typed_in_capitals(client: BrowserLikeClient, amara: User) -> None:
    assert client.post("/login", data=AMARA | {"email": " Amara@EXAMPLE.org "}).status_code == 303


@pytest.mark.attack("B27")
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/%09/evil.example\t", "http:evil.example", "///evil.example",
    ],
)  # fmt: skip
def test_nobody_is_led_to_another_site(
    client: BrowserLikeClient, amara: User, elsewhere: str
) -> None:
    client.get("/login", query_string={"next": elsewhere})

    answer = client.post(
        "/login", query_string={"next": elsewhere}, data=AMARA | {"next": elsewhere}
    )

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("amara@example.org", "not her password"),
        ("nobody@example.org", people.PASSWORD),
        ("no address", people.PASSWORD),
        ("amara@example.org", "x" * 5_000),
        ("amara@example.org' OR '1'='1", people.PASSWORD),
    ],
)
def test_what_was_wrong_is_not_told(
    client: BrowserLikeClient, amara: User, email: str, password: str
) -> None:
    answer = client.post("/login", data={"email": email, "password": password})

    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text
    assert password not in answer.text
    assert client.get("/account").status_code == 302


def test_a_closed_account_looks_like_a_wrong_password(
    client: BrowserLikeClient, amara: User
) -> None:
    amara.active = False

    answer = client.post("/login", data=AMARA)

    assert answer.status_code == 422
    assert "The e-mail address or the password is not right." in answer.text


@pytest.mark.attack("B24")
@pytest.mark.sqlite
def test_a_wrong_password_costs_one_hash_whether_there_is_an_account_or_not(
    client: BrowserLikeClient, amara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes: list[str] = []

    def counted(password: str) -> str:
        hashes.append(password)
        return str(hash_password(password))

    monkeypatch.setattr("flask_security.forms.hash_password", counted)
    verified: list[str] = []
    verify = User.verify_and_update_password

    def seen(person: User, password: str) -> bool:
        verified.append(password)
        return bool(verify(person, password))

    monkeypatch.setattr(User, "verify_and_update_password", seen)

    client.post("/login", data={"email": "nobody@example.org", "password": "a guess of mine"})
    assert (hashes, verified) == (["a guess of mine"], [])
    client.post("/login", data={"email": "amara@example.org", "password": "a guess of mine"})
    assert (len(hashes), len(verified)) == (1, 1)


def test_an_empty_form_says_what_to_fill_in(client: BrowserLikeClient) -> None:
    answer = client.post("/login", data={})

    assert answer.status_code == 422
    assert answer.text.count("Please fill this in.") >= 2


@pytest.mark.attack("B25")
def test_the_session_begins_anew(client: BrowserLikeClient, amara: User) -> None:
    client.get("/login")
    with client.session_transaction() as session:
        session["receipt"] = "left by somebody else"
        before = session.get("csrf_token")

    client.post("/login", data=AMARA)

    with client.session_transaction() as session:
        assert "receipt" not in session
        assert session.get("csrf_token") != before or before is None
        assert session["_user_id"] == amara.fs_uniquifier


def test_signing_out_leaves_nothing_behind(client: BrowserLikeClient, amara: User) -> None:
    people.sign_in(client, amara)
    with client.session_transaction() as session:
        session["receipt"] = "a code"

    assert client.get("/logout").status_code == 405
    assert client.post("/logout", csrf=False).status_code == 400
    answer = client.post("/logout")

    assert answer.status_code == 303
    with client.session_transaction() as session:
        assert set(session) <= {"_flashes", "fs_cc"}
    assert client.get("/account").status_code == 302


def test_a_device_is_remembered_only_when_asked(client: BrowserLikeClient, amara: User) -> None:
    answer = client.post("/login", data=AMARA)
    assert "Expires=" not in session_cookie_of(answer)
    client.post("/logout")

    cookie = session_cookie_of(client.post("/login", data=AMARA | {"remember": "y"}))

    assert "Expires=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    client.post("/logout")
    assert client.get("/account").status_code == 302


def session_cookie_of(answer: TestResponse) -> str:
    return next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("purse="))


def test_she_signs_out_everywhere(app: Flask, client: BrowserLikeClient, amara: User) -> None:
    elsewhere = another_device(app)
    client.post("/login", data=AMARA | {"remember": "y"})
    elsewhere.post("/login", data=AMARA | {"remember": "y"})
    assert elsewhere.get("/account").status_code == 200

    client.post("/account/sessions/ending")

    assert client.get("/account").status_code == 302
    assert elsewhere.get("/account").status_code == 302


def test_a_session_that_was_signed_by_another_key_is_nobodys(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    key, app.secret_key = app.secret_key, "another key of thirty-two characters"
    people.sign_in(client, amara)
    app.secret_key = key

    assert client.get("/account").status_code == 302


@pytest.mark.parametrize("way", ["header", "address"])
def test_there_is_no_way_in_by_a_token(client: BrowserLikeClient, amara: User, way: str) -> None:
    token = amara.get_auth_token()
    if way == "header":
        answer = client.get("/account", headers={"Authentication-Token": token})
    else:
        answer = client.get("/account", query_string={"auth_token": token})

    assert answer.status_code == 302


def test_nobody_gets_json_out_of_the_sign_in(client: BrowserLikeClient, amara: User) -> None:
    answer = client.post("/login", json=AMARA, headers={"Accept": "application/json"})

    assert answer.mimetype == "text/html"
    assert "authentication_token" not in answer.text


def test_what_matters_asks_for_the_password_again(
    client: BrowserLikeClient, adam: User, clock: time_machine.Traveller
) -> None:
    people.sign_in(client, adam)
    clock.shift(timedelta(hours=1, minutes=1))
    asked = client.get("/staff/people")
    assert asked.headers["Location"] == "/account/password-check?next=/staff/people"

    wrong = client.post("/account/password-check", data={"password": "no", "next": "/staff/people"})
    assert wrong.status_code == 422
    assert "This is not your password." in wrong.text

    right = client.post(
        "/account/password-check", data={"password": people.PASSWORD, "next": "/staff/people"}
    )
    assert (right.status_code, right.headers["Location"]) == (303, "/staff/people")
    assert client.get("/staff/people").status_code == 200


def test_only_our_own_pages_are_ever_shown(app: Flask) -> None:
    offered = {
        rule.endpoint for rule in app.url_map.iter_rules() if rule.endpoint.startswith("security.")
    }

    assert offered == {"security.login", "security.logout", "security.verify"}
    assert app.blueprints["security"].jinja_loader is None


def test_a_demonstration_shows_whom_one_can_be(tmp_path: Path, database_url: str) -> None:
    app = new_app(settings_for(database_url, tmp_path, demo=True))
    line = {"role": "A <clerk>", "email": "clerk@example.org", "password": "try it out, please"}
    slots.put(app, "demo_sign_ins", lambda: [line])

    with app.app_context():
        page = another_device(app).get("/login").text
        database.engine.dispose()

    assert "A &lt;clerk&gt;" in page
    assert "try it out, please" in page
    assert "clerk: confirms residents" in page


@pytest.mark.parametrize("password", [people.PASSWORD, "not hers at all"])
def test_while_a_password_is_worked_out_everybody_else_may_write(
    app: Flask,
    client: BrowserLikeClient,
    amara: User,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
) -> None:
    honest, turns = User.verify_and_update_password, []

    def look(person: User, typed: str) -> bool:
        turns.append("has_turn" in database.session.connection().info)
        return bool(honest(person, typed))

    monkeypatch.setattr(User, "verify_and_update_password", look)

    answer = client.post("/login", data=AMARA | {"password": password})

    assert answer.status_code == (303 if password == people.PASSWORD else 422)
    assert turns == [False]


def test_a_password_that_changes_while_it_is_worked_out_opens_nothing(
    db: SQLAlchemy, client: BrowserLikeClient, amara: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = User.verify_and_update_password

    def be_overtaken(person: User, typed: str) -> bool:
        right = honest(person, typed)
        changed = update(User).where(User.id == person.id)
        changed = changed.values(fs_uniquifier="another mark")
        db.session.execute(changed, execution_options={"synchronize_session": False})
        return bool(right)

    monkeypatch.setattr(User, "verify_and_update_password", be_overtaken)

    answer = client.post("/login", data=AMARA)

    assert answer.status_code == 422
    assert client.get("/account").status_code == 302


def test_a_password_that_was_kept_in_an_older_way_is_kept_in_the_newer_one(
    db: SQLAlchemy, client: BrowserLikeClient, amara: User
) -> None:
    older = argon2.using(time_cost=2, memory_cost=64, parallelism=1).hash(
        get_hmac(people.PASSWORD).decode()
    )
    amara.password = older
    db.session.commit()

    assert client.post("/login", data=AMARA).status_code == 303

    db.session.expire_all()
    assert amara.password != older
    assert client.get("/account").status_code == 200
