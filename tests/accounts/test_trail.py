"""Who is in charge reads the trail; what is about single accounts, administrators alone."""

import re

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.act_words import WORDS, act_in_words
from accounts.models import User
from core import audit, clock
from proposals.lifecycle import State
from tests.harness import people
from tests.harness.application import ROOT
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of


@pytest.fixture
def trail(db: SQLAlchemy, eli: User, adam: User, bo: User) -> None:
    """Forty acts about a contest, and one about Bo."""
    for number in range(40):
        audit.record("change_contest", "contest:x", by=eli, at=clock.now(), reason=f"No {number}.")
    audit.record("set_password", f"account:{bo.ref}", by=bo, at=clock.now(), reason="Forgotten.")
    db.session.commit()


def test_the_newest_entry_comes_first_and_pages_lead_on(
    client: BrowserLikeClient, trail: None, eli: User
) -> None:
    people.sign_in(client, eli)
    page = client.get("/staff/trail")
    text = text_of(page.text)

    assert "No 39." in text
    assert "No 3." not in text
    assert "Older" in text


def test_it_is_filtered_by_act_and_subject(
    client: BrowserLikeClient, trail: None, adam: User, bo: User
) -> None:
    people.sign_in(client, adam)
    text = text_of(client.get("/staff/trail?act=set_password").text)
    assert "Forgotten." in text
    assert "No 39." not in text
    assert "Forgotten." in text_of(client.get(f"/staff/trail?subject=account:{bo.ref}").text)
    assert "No entry is like that." in text_of(client.get("/staff/trail?subject=nothing").text)


def test_an_officer_reads_that_something_was_done_about_an_account_and_not_which(
    client: BrowserLikeClient, trail: None, eli: User, bo: User
) -> None:
    people.sign_in(client, eli)
    page = client.get("/staff/trail").text

    assert "about an account" in text_of(page)
    assert bo.ref not in page
    assert "Forgotten." not in page


@pytest.mark.parametrize("name", ["amara", "clara", "dana", "farah"])
def test_nobody_else_reads_it(client: BrowserLikeClient, name: str) -> None:
    people.sign_in(client, people.cast(name))
    assert client.get("/staff/trail").status_code == 403


@pytest.mark.parametrize("query", ["after=x", "after=WzFd", "subject='||1--"])
def test_strange_addresses_show_a_page(
    client: BrowserLikeClient, trail: None, eli: User, query: str
) -> None:
    people.sign_in(client, eli)
    assert client.get(f"/staff/trail?{query}").status_code == 200


def test_every_act_that_is_recorded_has_words(client: BrowserLikeClient, eli: User) -> None:
    rooms = ("accounts", "budgets", "districts", "engagement", "forums", "proposals",
             "transparency", "voting")  # fmt: skip
    acts = set()
    for room in rooms:
        for source in (ROOT / room).rglob("*.py"):
            acts |= set(re.findall(r'audit\.record\(\s*"(\w+)"', source.read_text()))
            acts |= set(re.findall(r'took_effect\(\w+, \w+, "(\w+)"', source.read_text()))
    moderators = ("hide", "show", "keep", "lock", "unlock", "pin", "unpin")
    acts |= {f"{act}_by_moderator" for act in moderators}
    acts |= {State.CHOSEN.value, State.NOT_CHOSEN.value}

    assert len(acts) > 60
    assert sorted(act for act in acts if act not in WORDS) == []
    assert act_in_words("ask_certify_counts") == "Asked for: Certify counts"
    assert act_in_words("withdraw_give_role") == "Request taken back: Give a role"
    assert act_in_words("withdraw_option") == "Withdraw an option while people vote"
    assert act_in_words("something_new") == "Something new"
