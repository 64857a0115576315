"""From the first ballot on, no officer changes what is voted on, or how, or until when."""

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting import traces
from tests.voting.ballot_forms import cast
from voting.permissions import why_not_change_contest


@pytest.fixture
def voted(client: BrowserLikeClient, world: World, amara: User) -> World:
    """The town, after Amara cast the first ballot of the round."""
    sign_in(client, amara)
    assert cast(client, world.city_contest, ["0-1"]).status_code == 303
    return world


def settings_addresses(app: Flask, world: World) -> list[str]:
    """Every address at which an officer changes something of the round that is in voting."""
    contest = world.city_contest.ref
    refs = {
        "/staff/rounds/<ref>": f"/staff/rounds/{world.voting_round.ref}",
        "/staff/contests/<ref>": f"/staff/contests/{world.city_contest.ref}",
    }
    return [
        rule.rule.replace(start, address).replace("<contest_ref>", contest)
        for rule in app.url_map.iter_rules()
        for start, address in refs.items()
        if "POST" in (rule.methods or set())
        and rule.rule.startswith(start)
        and "/paper/" not in rule.rule  # the desk's papers are ballots, not settings
    ]


@pytest.mark.attack("B20")
def test_no_post_of_an_officer_changes_a_round_in_which_somebody_voted(
    app: Flask, db: SQLAlchemy, client: BrowserLikeClient, voted: World, eli: User
) -> None:
    sign_in(client, eli)
    addresses = settings_addresses(app, voted)
    assert len(addresses) >= 6
    before = traces.footprint(db, deep=False)

    statuses = {address: client.post(address).status_code for address in addresses}

    assert {address: status for address, status in statuses.items() if status != 409} == {}
    assert traces.touched(before, traces.footprint(db, deep=False)) == set()


def test_the_officer_is_told_that_ballots_have_been_cast(
    db: SQLAlchemy, client: BrowserLikeClient, voted: World, eli: User
) -> None:
    refusal = why_not_change_contest(eli, voted.hillside_contest, clock.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("frozen", 409)
    assert "Nothing was changed" in refusal.next_step


def test_before_the_first_ballot_an_officer_may_and_others_may_not(
    world: World, eli: User, amara: User, dana: User
) -> None:
    at = clock.now()

    assert why_not_change_contest(eli, world.city_contest, at) is None
    for person in (amara, dana, None):
        refusal = why_not_change_contest(person, world.city_contest, at)
        assert refusal is not None
        assert refusal.status == 403
