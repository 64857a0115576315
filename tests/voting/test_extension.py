"""Voting may last longer: asked for by one officer, confirmed by another, read by everybody."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from budgets.phases import PhaseKind
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.second_person import confirm_as
from tests.harness.world import World, build
from tests.voting.ballot_forms import cast

MONTH = timedelta(days=30)
REASON = "The site was down on Sunday."


@pytest.fixture
def town(clock: time_machine.Traveller, app: Flask, db: SQLAlchemy) -> World:
    return build()


def end_of(town: World) -> str:
    voting = town.voting_round.span_of(PhaseKind.VOTING)
    assert voting is not None
    return voting.ends_at.isoformat()


def ask(client: BrowserLikeClient, town: World, until: str, reason: str = REASON) -> int:
    data = {"until": until, "reason": reason}
    return client.post(f"/staff/extensions/{town.voting_round.ref}", data=data).status_code


def test_two_officers_extend_it_and_everybody_reads_why(
    app: Flask,
    client: BrowserLikeClient,
    clock: time_machine.Traveller,
    db: SQLAlchemy,
    town: World,
    amara: User,
    eli: User,
    ewa: User,
) -> None:
    people.sign_in(client, amara)
    assert cast(client, town.city_contest, ["0-1"]).status_code == 303
    people.sign_in(client, eli)
    before, round_ends = end_of(town), town.voting_round.ends_at
    assert ask(client, town, "2026-05-30T18:00") == 303
    assert end_of(town) == before, "one officer alone changes nothing"
    page = text_of(client.get(f"/staff/extensions/{town.voting_round.ref}").text)
    assert "Waiting for a second person" in page
    assert "You asked for this yourself." in page

    assert confirm_as(app, ewa) == 303

    db.session.expire_all()
    assert end_of(town) == "2026-05-30T16:00:00+00:00"
    assert round_ends is not None
    assert town.voting_round.ends_at == round_ends + timedelta(days=3, hours=7, minutes=30)
    people.sign_out(client)
    page = text_of(client.get(f"/rounds/{town.voting_round.ref}").text)
    assert "The voting was extended until Saturday 30 May 2026, 18:00" in page
    assert f"Reason given: {REASON}" in page

    clock.shift(timedelta(days=17))
    people.sign_in(client, amara)
    assert cast(client, town.city_contest, ["0-2"]).status_code == 303


def test_it_is_never_made_shorter(client: BrowserLikeClient, town: World, eli: User) -> None:
    people.sign_in(client, eli)
    assert ask(client, town, "2026-05-20T18:00") == 409
    assert ask(client, town, "2026-05-27T10:30") == 409


def test_a_reason_is_needed(client: BrowserLikeClient, town: World, eli: User) -> None:
    people.sign_in(client, eli)
    assert ask(client, town, "2026-05-30T18:00", reason="") == 422
    assert ask(client, town, "soon") == 422


def test_what_is_closed_is_not_opened_again(
    app: Flask,
    client: BrowserLikeClient,
    clock: time_machine.Traveller,
    db: SQLAlchemy,
    town: World,
    eli: User,
    ewa: User,
) -> None:
    people.sign_in(client, eli)
    assert ask(client, town, "2026-05-30T18:00") == 303
    clock.shift(MONTH)
    assert confirm_as(app, ewa) == 409

    people.sign_in(client, eli)
    assert ask(client, town, "2026-08-30T18:00") == 409
    page = client.get(f"/staff/extensions/{town.voting_round.ref}")
    assert "never opened again" in text_of(page.text)


def test_nobody_else_asks(client: BrowserLikeClient, town: World, dana: User) -> None:
    people.sign_in(client, dana)
    assert ask(client, town, "2026-05-30T18:00") == 403
