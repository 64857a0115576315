"""Registering: a form, a mail, a page with a button."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask_security.utils import hash_password
from sqlalchemy import select

from accounts import queries
from accounts.models import User
from accounts.services import people as people_service
from core.audit import AuditEntry
from core.database import db as database
from tests.accounts.letters import last_letter, letters, link_in
from tests.harness import people
from tests.harness.client import BrowserLikeClient

GRETA = {
    "display_name": "Greta",
    "email": "greta@example.org",
    "password": "four words in a row",
}


def account(address: str = "greta@example.org") -> User:
    database.session.expire_all()
    found = queries.account_by_address(address)
    assert found is not None
    return found


def test_who_registers_gets_a_mail_and_confirms_by_a_button(
    app: Flask, client: BrowserLikeClient
) -> None:
    answer = client.post("/register", data=GRETA)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/register/sent")
    assert "greta@example.org" in client.get("/register/sent").text
    link = link_in(last_letter(app, "greta@example.org"), "/confirm/")

    for _ in range(3):
        page = client.get(link)
        assert "Confirm my address" in page.text
        assert page.headers["Cache-Control"] == "no-store"
    assert account().confirmed_at is None

    answer = client.post(link)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert account().confirmed_at is not None
    assert database.session.scalar(select(AuditEntry).where(AuditEntry.act == "confirm_address"))


def test_before_confirming_nobody_signs_in(app: Flask, client: BrowserLikeClient) -> None:
    client.post("/register", data=GRETA)

    answer = client.post("/login", data=GRETA)

    assert answer.status_code == 422
    assert "not confirmed yet" in answer.text
    assert "Send me the mail again" in answer.text
    assert client.get("/account").status_code == 302


@pytest.mark.attack("B23")
def test_a_used_link_says_so_and_leads_to_signing_in(app: Flask, client: BrowserLikeClient) -> None:
    client.post("/register", data=GRETA)
    link = link_in(last_letter(app, "greta@example.org"), "/confirm/")
    client.post(link)

    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 410
        assert "used already" in answer.text
        assert 'href="/login"' in answer.text


@pytest.mark.attack("B23")
@pytest.mark.parametrize("harm", ["cut", "changed", "other purpose", "nonsense"])
def test_a_link_that_lost_a_part_confirms_nothing(
    app: Flask, client: BrowserLikeClient, harm: str
) -> None:
    client.post("/register", data=GRETA)
    link = link_in(last_letter(app, "greta@example.org"), "/confirm/")
    client.post("/reset", data={"email": "greta@example.org"})
    reset = link_in(last_letter(app, "greta@example.org"), "/reset/")
    harmed = {
        "cut": link[:-4],
        # Not the last letter: of its bits not all are read.
        "changed": link[:-5] + ("a" if link[-5] != "a" else "b") + link[-4:],
        "other purpose": "/confirm/" + reset.removeprefix("/reset/"),
        "nonsense": "/confirm/x",
    }[harm]

    for answer in (client.get(harmed), client.post(harmed)):
        assert answer.status_code == 400
        assert "not complete" in answer.text
    assert account().confirmed_at is None


@pytest.mark.attack("B23")
def test_a_link_that_is_too_old_is_replaced_by_one_click(
    app: Flask, client: BrowserLikeClient, clock: time_machine.Traveller
) -> None:
    client.post("/register", data=GRETA)
    link = link_in(last_letter(app, "greta@example.org"), "/confirm/")
    clock.shift(timedelta(days=3, seconds=2))

    page = client.get(link)
    assert page.status_code == 410
    assert "too old" in page.text
    assert client.post(link).status_code == 410
    assert account().confirmed_at is None

    client.post("/confirm", data={"email": "greta@example.org"})

    assert (
        client.post(link_in(last_letter(app, "greta@example.org"), "/confirm/")).status_code == 303
    )


@pytest.mark.attack("B24")
def test_an_address_that_has_an_account_gets_the_same_answer_and_its_owner_a_mail(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    hashed = amara.password
    taken = client.post("/register", data=GRETA | {"email": "AMARA@Example.org"})
    page_taken = client.get("/register/sent").text.replace("amara@example.org", "x")
    people.sign_out(client)
    free = client.post("/register", data=GRETA)
    page_free = client.get("/register/sent").text.replace("greta@example.org", "x")

    assert (taken.status_code, taken.headers["Location"]) == (
        free.status_code,
        free.headers["Location"],
    )
    assert without_tokens(page_taken) == without_tokens(page_free)
    assert (
        "There is an account with this address already"
        in last_letter(app, "amara@example.org").body
    )
    assert account("amara@example.org").password == hashed
    assert account("amara@example.org").display_name == "Amara"


@pytest.mark.attack("B24")
def test_asking_for_the_mail_again_tells_nobody_who_has_an_account(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    client.post("/register", data=GRETA)
    before = len(letters(app))
    answers = [
        client.post("/confirm", data={"email": f"{name}@example.org"})
        for name in ("greta", "amara", "nobody")
    ]

    assert {(each.status_code, each.headers["Location"]) for each in answers} == {
        (303, "/register/sent")
    }
    assert [mail.to for mail in letters(app)[before:]] == [
        ["greta@example.org"],
        ["amara@example.org"],
    ]


def test_an_account_that_nobody_confirmed_begins_anew_and_its_old_link_ends(
    app: Flask, client: BrowserLikeClient
) -> None:
    client.post(
        "/register", data=GRETA | {"display_name": "Mallory", "password": "mallory was here"}
    )
    old = link_in(last_letter(app, "greta@example.org"), "/confirm/")
    client.post("/register", data=GRETA)

    assert client.post(old).status_code == 410
    client.post(link_in(last_letter(app, "greta@example.org"), "/confirm/"))

    assert account().display_name == "Greta"
    assert client.post("/login", data=GRETA | {"password": "mallory was here"}).status_code == 422
    assert client.post("/login", data=GRETA).status_code == 303


@pytest.mark.attack("B28")
def test_the_link_leads_to_our_own_address_whatever_host_was_named(
    app: Flask, client: BrowserLikeClient
) -> None:
    refused = client.post("/register", data=GRETA, headers={"Host": "evil.example"})
    assert refused.status_code == 400

    client.post("/register", data=GRETA, headers={"X-Forwarded-Host": "evil.example"})

    assert "evil" not in last_letter(app, "greta@example.org").body


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "no address", "Write a whole e-mail address"),
        ("email", "", "Please fill this in"),
        ("email", "a@b", "Write a whole e-mail address"),
        ("password", "short", "Use at least 8 characters"),
        ("password", "Password123", "one of those that are tried first"),
        ("password", "greta@example.org", "your name or address"),
        ("display_name", "", "Please fill this in"),
        ("display_name", "\u202e\u200b", "Please fill this in"),
        ("display_name", "Moderator", "taken for the town hall"),
        ("display_name", "x" * 61, "60 characters at most"),
        ("website", "http://spam.example", "A field that people do not see"),
    ],
)
def test_a_mistake_gets_a_sentence_and_keeps_what_was_typed(
    app: Flask, client: BrowserLikeClient, field: str, typed: str, sentence: str
) -> None:
    answer = client.post("/register", data=GRETA | {field: typed})

    assert answer.status_code == 422
    assert sentence in answer.text
    kept = "Greta" if field != "display_name" else "greta@example.org"
    assert f'value="{kept}"' in answer.text
    assert "four words in a row" not in answer.text
    assert letters(app) == []
    assert queries.account_by_address("greta@example.org") is None


def test_while_a_password_is_worked_out_nobody_who_writes_waits_for_it(
    client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []

    def look(password: str) -> str:
        waited.append(database.session().in_transaction())
        return hash_password(password)

    monkeypatch.setattr(people_service, "hash_password", look)
    client.post("/register", data=GRETA)

    assert waited == [False]


def test_marks_that_turn_the_direction_are_taken_out_of_a_name(client: BrowserLikeClient) -> None:
    client.post("/register", data=GRETA | {"display_name": "Gre\u202eta \x07 Ost"})

    assert account().display_name == "Greta Ost"


def test_fields_that_the_form_does_not_have_change_nothing(client: BrowserLikeClient) -> None:
    forged = {"roles": "administrator", "confirmed_at": "2020-01-01", "active": "0", "id": "1"}

    client.post("/register", data=GRETA | forged)

    assert account().confirmed_at is None
    assert account().roles == []
    assert account().active


def test_passwords_are_taken_as_they_are(app: Flask, client: BrowserLikeClient) -> None:
    password = "  blanks at both ends, 🐎 and ąęł: sixty-four characters or more  "
    client.post("/register", data=GRETA | {"password": password})
    client.post(link_in(last_letter(app, "greta@example.org"), "/confirm/"))

    assert client.post("/login", data=GRETA | {"password": password.strip()}).status_code == 422
    assert client.post("/login", data=GRETA | {"password": password}).status_code == 303


def test_who_is_signed_in_is_led_to_her_account(client: BrowserLikeClient, amara: User) -> None:
    people.sign_in(client, amara)

    assert client.get("/register").headers["Location"] == "/account"


def without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrf_token" not in line)
