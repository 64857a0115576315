"""My account: who I am here and what I may do."""

import pytest
from flask import Flask

from accounts.models import User
from core import slots
from tests.harness import people
from tests.harness.client import BrowserLikeClient


def test_amara_reads_that_she_may_vote_and_where(client: BrowserLikeClient, amara: User) -> None:
    people.sign_in(client, amara)

    page = client.get("/account")

    assert "You may vote" in page.text
    assert "live in Riverside" in page.text
    assert "amara@example.org" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_bo_reads_what_to_do_to_vote(client: BrowserLikeClient, bo: User) -> None:
    people.sign_in(client, bo)

    page = client.get("/account").text

    assert "Not yet" in page
    assert "Bring an identity document to the town hall" in page
    assert "/account/residency" in page
    assert "bo@example.org" in page


def test_nobody_reads_an_account_without_signing_in(client: BrowserLikeClient) -> None:
    assert client.get("/account").status_code == 302
    assert client.get("/account").headers["Location"] == "/login?next=/account"


def test_upper_rooms_add_their_sections(app: Flask, client: BrowserLikeClient, bo: User) -> None:
    section = {
        "title": "My <things>",
        "template": "core/colophon.html",
        "context": {},
    }
    slots.put(app, "account_sections", lambda person, _at: [section] if person.id == bo.id else [])
    people.sign_in(client, bo)

    assert "<h2>My &lt;things&gt;</h2>" in client.get("/account").text


def test_bo_changes_his_name(client: BrowserLikeClient, bo: User) -> None:
    people.sign_in(client, bo)

    answer = client.post("/account/name", data={"display_name": " Bo\u202e  Berg "})

    assert answer.headers["Location"] == "/account"
    assert "“Bo Berg”" in client.get("/account").text


@pytest.mark.parametrize("name", ["", "Admin", "x" * 61, "\u200b", "!!!"])
def test_a_name_that_will_not_do_is_shown_back(
    client: BrowserLikeClient, bo: User, name: str
) -> None:
    people.sign_in(client, bo)

    answer = client.post("/account/name", data={"display_name": name})

    assert answer.status_code == 422
    assert "Nothing was saved yet" in answer.text
    assert bo.display_name == "Bo"


def test_markup_in_a_name_stays_text(client: BrowserLikeClient, bo: User) -> None:
    people.sign_in(client, bo)

    client.post("/account/name", data={"display_name": "<b>Bo</b> & co"})

    page = client.get("/account").text
    assert "<b>Bo</b>" not in page
    assert "&lt;b&gt;Bo&lt;/b&gt; &amp; co" in page
