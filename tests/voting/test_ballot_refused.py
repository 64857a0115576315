"""A ballot that is refused: the reason in words, the right status, and the ranking kept."""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from accounts.models import User
from budgets.phases import PhaseKind
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import (
    ballots,
    cast,
    key_on,
    open_paper,
    ranking_on,
    refs_of,
    review,
    words_of,
)
from voting.models import Contest

WRONG_RANKINGS = [
    (["0-1", "0-2", "0-1"], ["0-1", "0-2"], "more than once: “Trees for the city, lot 1”"),
    (["0-1", "82-1"], ["0-1"], "“82-1” is not on this ballot paper"),
    (["no-such", "0-2", "nor-this"], ["0-2"], "These are not on this ballot paper"),
    (["0-1", "0-2", "0-3", "0-4"], ["0-1", "0-2", "0-3", "0-4"], "takes 3 at most"),
    ([], [], "Rank at least one project"),
    (["", " "], [], "Rank at least one project"),
    (["null", "-1", "1e309", "NaN", str(2**63)], [], "not on this ballot paper"),
    (["<script>alert(1)</script>"], [], "not on this ballot paper"),
    (["x" * 100_000], [], "not on this ballot paper"),
]


@pytest.mark.parametrize(
    ("name", "button", "address"),
    [("bo", "See the ways", "/account/residency"), ("chen", "See my ballot papers", "/vote")],
)
def test_who_is_told_no_reads_on_the_button_where_it_leads(
    client: BrowserLikeClient, world: World, name: str, button: str, address: str
) -> None:
    sign_in(client, people.cast(name))

    page = client.get(f"/ballots/{world.riverside_contest.ref}")

    assert page.status_code == 403
    assert f'href="{address}">{button}</a>' in page.get_data(as_text=True)


@pytest.mark.attack("B4", "B6", "B8")
@pytest.mark.parametrize(("marked", "kept", "words"), WRONG_RANKINGS)
@pytest.mark.parametrize("step", [review, cast])
def test_a_wrong_ranking_is_refused_in_words_and_what_is_right_of_it_is_kept(
    db: SQLAlchemy,
    voter: BrowserLikeClient,
    world: World,
    step: Callable[..., TestResponse],
    marked: list[str],
    kept: list[str],
    words: str,
) -> None:
    response = step(voter, world.city_contest, marked)

    assert response.status_code == 422
    assert words in words_of(response)
    assert "Nothing was cast" in words_of(response)
    assert ranking_on(response) == kept
    assert ballots(db) == 0


@pytest.mark.attack("B5")
def test_a_gap_in_the_ranking_is_closed_and_shown_on_the_review(
    voter: BrowserLikeClient, world: World
) -> None:
    assert ranking_on(review(voter, world.city_contest, ["0-3", "", "0-1"])) == ["0-3", "0-1"]


@pytest.mark.attack("B8")
def test_ten_thousand_entries_are_refused_at_once(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    key = key_on(open_paper(voter, world.city_contest))
    began = perf_counter()

    response = cast(voter, world.city_contest, ["0-1", "0-2"] * 5_000, key)

    assert response.status_code == 422
    assert perf_counter() - began < 20, "seconds, on however busy a machine"
    assert ballots(db) == 0


@pytest.mark.attack("B12")
@pytest.mark.parametrize("step", ["", "/review", "/casts"])
@pytest.mark.parametrize(
    ("name", "status", "words"),
    [("bo", 403, "See the ways to be confirmed"), ("chen", 403, "another district")],
)
def test_who_may_not_vote_here_is_told_why_and_keeps_what_was_ranked(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    contest: Contest,
    step: str,
    name: str,
    status: int,
    words: str,
) -> None:
    sign_in(client, people.cast(name))

    looked = client.get(f"/ballots/{contest.ref}")
    sent = client.post(f"/ballots/{contest.ref}{step}", data={"ranking": refs_of(contest)[:2]})

    assert (looked.status_code, sent.status_code) == (status, status)
    assert words in words_of(looked)
    assert words in words_of(sent)
    assert "lot 2" in words_of(sent)
    assert ballots(db) == 0


def test_verification_takes_effect_in_the_running_session(
    client: BrowserLikeClient, world: World, bo: User
) -> None:
    sign_in(client, bo)
    assert client.get(f"/ballots/{world.city_contest.ref}").status_code == 403

    people.verify(bo, world.riverside, "register id of Bo")

    assert cast(client, world.city_contest, ["0-1"]).status_code == 303


@pytest.mark.attack("B9")
@pytest.mark.parametrize(("milliseconds", "status"), [(-1, 303), (0, 409), (1, 409)])
def test_a_ballot_counts_up_to_the_moment_of_closing(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    amara: User,
    world: World,
    milliseconds: int,
    status: int,
) -> None:
    closing = closing_of(world)
    with time_machine.travel(closing - timedelta(hours=1), tick=False):
        sign_in(client, amara)
        key = key_on(open_paper(client, world.city_contest))

    with time_machine.travel(closing + timedelta(milliseconds=milliseconds), tick=False):
        response = cast(client, world.city_contest, ["0-1", "0-2"], key)

    assert response.status_code == status
    assert ballots(db) == (1 if status == 303 else 0)
    if status == 409:
        local = closing.astimezone(ZoneInfo("Europe/Warsaw"))
        words = words_of(response)
        assert f"Voting closed at {local:%H:%M}. Your ballot was not counted." in words
        assert "lot 2" in words


def test_before_opening_the_page_says_when_it_opens(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    with time_machine.travel(span.starts_at - timedelta(milliseconds=1), tick=False):
        sign_in(client, amara)
        looked = client.get(f"/ballots/{world.city_contest.ref}")
        sent = client.post(f"/ballots/{world.city_contest.ref}/casts", data={"ranking": ["0-1"]})

    assert (looked.status_code, sent.status_code) == (409, 409)
    assert "Voting opens on" in words_of(looked)
    assert ballots(db) == 0


def test_after_closing_the_paper_says_that_a_cast_ballot_counts(
    client: BrowserLikeClient, world: World, amara: User
) -> None:
    with time_machine.travel(closing_of(world) - timedelta(hours=1), tick=False):
        sign_in(client, amara)
        cast(client, world.city_contest, ["0-1"])

    with time_machine.travel(closing_of(world) + timedelta(days=2), tick=False):
        looked = client.get(f"/ballots/{world.city_contest.ref}")
        receipt = client.get(f"/ballots/{world.city_contest.ref}/receipt")

    assert looked.status_code == 409
    assert "Your ballot was not counted" not in words_of(looked)
    assert "stays in the box and is counted" in words_of(looked)
    assert receipt.status_code == 200
    assert "You may still change it" not in words_of(receipt)


def closing_of(world: World) -> datetime:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.ends_at
