"""New passwords: by a link for who forgot hers, by the old one for who did not."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from structlog.testing import capture_logs

from accounts import queries
from accounts.models import User
from core.audit import AuditEntry
from core.database import db as database
from tests.accounts.devices import another_device
from tests.accounts.letters import last_letter, letters, link_in
from tests.harness import people
from tests.harness.client import BrowserLikeClient

NEW = "another row of words"
ADDRESS = "amara@example.org"


def reset_link(app: Flask, client: BrowserLikeClient, address: str = ADDRESS) -> str:
    client.post("/reset", data={"email": address})
    return link_in(last_letter(app, address), "/reset/")


def signs_in(client: BrowserLikeClient, password: str) -> bool:
    people.sign_out(client)
    return client.post("/login", data={"email": ADDRESS, "password": password}).status_code == 303


def test_amara_forgot_her_password_and_chooses_a_new_one(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    link = reset_link(app, client)
    for _ in range(3):
        assert client.get(link).status_code == 200
    assert signs_in(client, people.PASSWORD), "Until she chooses, the old one holds."

    answer = client.post(link, data={"password": NEW})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert signs_in(client, NEW)
    assert not signs_in(client, people.PASSWORD)
    assert "was changed" in last_letter(app, ADDRESS).subject


@pytest.mark.attack("B23")
def test_the_link_works_once(app: Flask, client: BrowserLikeClient, amara: User) -> None:
    link, second = reset_link(app, client), reset_link(app, client)
    client.post(link, data={"password": NEW})

    for late in (link, second):
        answer = client.post(late, data={"password": "yet another row of words"})
        assert answer.status_code == 410
        assert "used already" in answer.text
    assert signs_in(client, NEW)


@pytest.mark.attack("B23")
def test_the_link_ends_after_two_hours(
    app: Flask, client: BrowserLikeClient, amara: User, clock: time_machine.Traveller
) -> None:
    link = reset_link(app, client)
    clock.shift(timedelta(hours=2, seconds=2))

    assert client.get(link).status_code == 410
    assert client.post(link, data={"password": NEW}).status_code == 410
    assert not signs_in(client, NEW)
    answer = client.post("/reset", data={"email": ADDRESS})
    assert answer.status_code == 303


@pytest.mark.attack("B23")
def test_a_link_to_confirm_sets_no_password(app: Flask, client: BrowserLikeClient) -> None:
    greta = {"display_name": "Greta", "email": "greta@example.org", "password": "row of words"}
    client.post("/register", data=greta)
    token = link_in(last_letter(app, "greta@example.org"), "/confirm/").removeprefix("/confirm/")

    assert client.post(f"/reset/{token}", data={"password": NEW}).status_code == 400


@pytest.mark.attack("B24")
def test_the_answer_does_not_tell_who_has_an_account(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    answers, pages = [], []
    for address in (ADDRESS, "nobody@example.org"):
        answers.append(client.post("/reset", data={"email": address}))
        pages.append(client.get("/reset/sent").text.replace(address, "x"))

    assert {(each.status_code, each.headers["Location"]) for each in answers} == {
        (303, "/reset/sent")
    }
    assert pages[0] == pages[1]
    assert [mail.to for mail in letters(app)] == [[ADDRESS]]


def test_a_link_to_an_address_proves_the_address(app: Flask, client: BrowserLikeClient) -> None:
    client.post(
        "/register",
        data={"display_name": "Greta", "email": "greta@example.org", "password": "row of words"},
    )

    client.post(reset_link(app, client, "greta@example.org"), data={"password": NEW})

    greta = queries.account_by_address("greta@example.org")
    assert greta is not None
    assert greta.confirmed_at is not None


@pytest.mark.parametrize("password", ["", "short", "password1", "amara@example.org"])
def test_a_weak_password_is_refused_and_the_link_stays_good(
    app: Flask, client: BrowserLikeClient, amara: User, password: str
) -> None:
    link = reset_link(app, client)

    assert client.post(link, data={"password": password}).status_code == 422
    assert client.post(link, data={"password": NEW}).status_code == 303


def test_she_changes_her_password_and_only_this_device_stays_signed_in(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    elsewhere = another_device(app)
    for device in (client, elsewhere):
        device.post("/login", data={"email": ADDRESS, "password": people.PASSWORD, "remember": "y"})
    assert elsewhere.get("/account").status_code == 200

    answer = client.post("/account/password", data={"current": people.PASSWORD, "password": NEW})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert client.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302
    assert "was changed" in last_letter(app, ADDRESS).subject
    entry = database.session.scalar(select(AuditEntry).where(AuditEntry.act == "set_password"))
    assert entry is not None
    assert NEW not in str(vars(entry))


def test_without_the_old_password_nothing_changes(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    people.sign_in(client, amara)

    answer = client.post("/account/password", data={"current": "a guess", "password": NEW})

    assert answer.status_code == 422
    assert "This is not your password so far." in answer.text
    assert letters(app) == []
    assert signs_in(client, people.PASSWORD)


def test_an_account_without_a_password_gets_one_by_the_link(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    amara.password = None
    assert not signs_in(client, "")
    assert not signs_in(client, "None")

    client.post(reset_link(app, client), data={"password": NEW})

    assert signs_in(client, NEW)


def test_no_log_line_holds_what_opens_an_account(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    with capture_logs() as lines:
        link = reset_link(app, client)
        client.post(link, data={"password": "short"})
        client.post(link, data={"password": NEW})

    assert "/reset/<token>" in str(lines)
    assert link.removeprefix("/reset/") not in str(lines)
    assert NEW not in str(lines)
