"""Nothing about results leaves before they are published: on no page, feed, file or header.

The whole site is read twice, as nobody, a resident, a moderator and a clerk: with no ballot in the
boxes and with 500. Every answer must be the same, byte for byte, the turnout aside.
"""

import random
import re
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete

from accounts.models import User
from core import access
from core.database import db as database
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import become
from tests.harness.examples import examples, routes
from tests.harness.town import Town, complete
from tests.harness.world import World
from tests.transparency import decided
from voting.models import Ballot, Contest

Clock = time_machine.Traveller
READERS = ("nobody", "amara", "dana", "clara")
KEPT_HEADERS = ("Content-Type", "ETag", "Last-Modified", "Cache-Control", "Content-Disposition")

TOKENS = re.compile(r'(name="(?:csrf_token|key|form_key)"[^>]* value=")[^"]+')
TURNOUT = re.compile(
    r'<section class="section" aria-labelledby="turnout-title">.*?</section>', re.DOTALL
)

DRAWN_ANEW = "/account/second-factor/app"
"""The page that draws a secret each time that it is opened."""
CLOSING_SHOWS = ("/ballot-log/", "/staff/paper", "/staff/register")
"""Closing adds seals to the public log, and opens the desk's pages: neither tells a choice."""

Answer = tuple[int, tuple[str | None, ...], str]


@pytest.fixture
def town(clock: Clock, world: World) -> Town:
    """The town in full, on a day that does not move by itself."""
    return complete(world)


def read_all(
    app: Flask, client: BrowserLikeClient, town: Town, readers: Sequence[str] = READERS
) -> dict[str, Answer]:
    """Every address of the site as every reader sees it, tokens and turnout masked."""
    world = town.world
    addresses = [route.url for route in routes(app, examples(town)) if route.method == "GET"]
    addresses.remove(DRAWN_ANEW)
    for contest in (world.city_contest, world.hillside_contest):
        addresses.append(f"/rounds/{world.voting_round.ref}?contest={contest.ref}")
        addresses.append(f"/rounds/{world.voting_round.ref}/contests/{contest.ref}")
        addresses.append(f"/rounds/{world.voting_round.ref}/data/{contest.ref}.pb")
    addresses += [f"/proposals/{world.on_ballot.ref}", f"/proposals?round={world.voting_round.ref}"]
    answers = {}
    for reader in readers:
        become(client, reader)
        for address in addresses:
            answers[f"{reader} {address}"] = read(client, address)
    return answers


def read(client: BrowserLikeClient, address: str) -> Answer:
    response = client.get(address)
    text = TURNOUT.sub("", TOKENS.sub(r"\1masked", response.get_data().decode("latin-1")))
    headers = tuple(response.headers.get(name) for name in KEPT_HEADERS)
    return response.status_code, headers, text


def differences(before: dict[str, Answer], after: dict[str, Answer]) -> list[str]:
    assert before.keys() == after.keys()
    return [address for address in before if before[address] != after[address]]


def contests_of(town: Town) -> list[Contest]:
    world = town.world
    return [world.city_contest, world.riverside_contest, world.hillside_contest]


def lopsided(number: int) -> list[list[int]]:
    """Ballots that nearly all prefer the same options."""
    draw = random.Random(4)
    return [[3, 2] if draw.random() < 0.9 else [1] for _ in range(number)]


@pytest.mark.attack("B19")
def test_five_hundred_ballots_in_the_boxes_change_no_answer(
    app: Flask, client: BrowserLikeClient, town: Town
) -> None:
    before = read_all(app, client, town)
    for contest in contests_of(town):
        decided.cast(contest, lopsided(500))
    after = read_all(app, client, town)

    assert differences(before, after) == []
    assert database.session.query(Ballot).count() == 1500


@pytest.mark.attack("B19")
def test_counting_and_certifying_change_no_answer(
    app: Flask, client: BrowserLikeClient, clock: Clock, town: Town, eli: User
) -> None:
    clock.shift(timedelta(days=20))
    before = read_all(app, client, town)
    for contest in contests_of(town):
        decided.seal(contest, lopsided(500))
    decided.certify(town.world.voting_round, eli)
    after = read_all(app, client, town)

    changed = differences(before, after)
    assert [each for each in changed if not any(part in each for part in CLOSING_SHOWS)] == []


@pytest.mark.sqlite
@pytest.mark.attack("B19")
def test_whichever_way_the_votes_go_those_in_charge_read_the_same(
    app: Flask, client: BrowserLikeClient, town: Town
) -> None:
    in_charge = ("eli", "adam")
    for contest in contests_of(town):
        decided.cast(contest, lopsided(60))
    before = read_all(app, client, town, in_charge)
    database.session.execute(delete(Ballot))
    for contest in contests_of(town):
        decided.cast(contest, [[0, 1]] * 60)
    after = read_all(app, client, town, in_charge)

    assert differences(before, after) == []


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "leak",
    [
        lambda: str(database.session.query(Ballot).count() // 100),
        lambda: "b" if database.session.query(Ballot.ranking).first() else "a",
    ],
)
def test_a_leak_would_be_noticed(
    app: Flask, client: BrowserLikeClient, town: Town, leak: Callable[[], str]
) -> None:
    app.add_url_rule("/leak", "leak", access.public(leak))
    before = read_all(app, client, town)
    decided.cast(town.world.city_contest, lopsided(500))
    after = read_all(app, client, town)

    assert differences(before, after) == [f"{reader} /leak" for reader in READERS]


def test_an_officer_of_another_round_sees_no_result_on_the_publication_screen(
    client: BrowserLikeClient, town: Town, eli: User
) -> None:
    for contest in contests_of(town):
        decided.seal(contest, lopsided(60))
    decided.certify(town.world.voting_round, eli)
    become(client, "ewa")
    page = client.get(f"/staff/rounds/{town.world.voting_round.ref}/publication")
    text = page.get_data(as_text=True)

    assert page.status_code == 200
    assert [
        option.title for option in town.world.city_contest.options if option.title in text
    ] == []
