"""What the pages say of a ballot that is kept, and when it is, with scripts and without."""

from datetime import datetime, timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in, sign_out
from tests.harness.world import World
from tests.voting.ballot_forms import (
    ballots,
    cast,
    keep,
    kept_ballots,
    open_paper,
    press,
    ranking_on,
    review,
    words_of,
)
from transparency.queries.turnout import turnout_of
from voting import link_keys
from voting.models import Contest
from voting.queries.contests import ballots_cast
from voting.queries.rolls import roll_entry_of
from voting.services.closing import seal_contest
from voting.services.paper_marks import give_papers

COUNTS = "your ballot counts as it stands when voting closes on"
NOTHING_YET = "Rank 1 more project. Nothing is kept yet."


def test_after_each_change_the_page_is_told_whether_the_ballot_is_kept(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    contest = world.city_contest
    contest.min_length = 2

    first = keep(voter, contest, ["0-1"], change="1")
    second = keep(voter, contest, ["0-1", "0-3"], change="2")

    assert (first.status_code, second.status_code) == (200, 200)
    assert NOTHING_YET in words_of(first)
    assert COUNTS in words_of(second)
    assert "Cast it to get your receipt" in words_of(second)
    assert 'data-change="2"' in second.get_data(as_text=True)
    assert second.headers["Cache-Control"] == "no-store"
    assert "lot 3" not in words_of(second)
    assert kept_ballots(db) == 1
    assert NOTHING_YET in words_of(keep(voter, contest, ["0-1"], change="3"))
    assert kept_ballots(db) == 0


def test_a_plain_post_keeps_too_and_leads_back_to_the_paper(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    address = f"/ballots/{world.city_contest.ref}"

    response = voter.post(f"{address}/kept", data={"ranking": ["0-1"]})

    assert (response.status_code, response.headers["Location"]) == (303, address)
    assert kept_ballots(db) == 1


def test_without_scripts_a_ballot_is_kept_when_its_review_is_opened(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    contest = world.city_contest

    marked = press(voter, contest, "add:0-2", [])
    assert "Not kept yet: it is kept when you review it." in words_of(marked)
    assert kept_ballots(db) == 0
    assert COUNTS in words_of(review(voter, contest, ["0-2"]))
    assert (kept_ballots(db), ballots(db)) == (1, 0)

    again = press(voter, contest, "add:0-3", ["0-2"])
    assert "This ranking takes its place when you review it" in words_of(again)
    assert review(voter, contest, []).status_code == 422
    assert kept_ballots(db) == 0


def test_a_change_on_the_review_is_kept_as_it_is_shown(
    voter: BrowserLikeClient, world: World
) -> None:
    contest = world.city_contest
    review(voter, contest, ["0-2", "0-1"])

    moved = review(voter, contest, ["0-2", "0-1"], act="up:0-1")

    assert COUNTS in words_of(moved)
    assert ranking_on(press(voter, contest, "mine", [])) == ["0-1", "0-2"]


def test_who_comes_back_finds_an_empty_paper_and_her_marks_at_the_press_of_a_button(
    voter: BrowserLikeClient, world: World
) -> None:
    contest = world.city_contest
    assert "Nothing is kept yet" in words_of(open_paper(voter, contest))
    keep(voter, contest, ["0-2", "0-1"])

    paper = open_paper(voter, contest)
    mine = press(voter, contest, "mine", [])

    assert "You marked a ballot here and did not cast it" in words_of(paper)
    assert "You have voted" not in words_of(paper)
    assert ranking_on(paper) == []
    assert ranking_on(mine) == ["0-2", "0-1"]
    assert COUNTS in words_of(mine)
    assert mine.headers["Cache-Control"] == "no-store"


def test_the_receipt_of_a_ballot_that_was_kept_before_says_of_no_replacement(
    voter: BrowserLikeClient, world: World
) -> None:
    contest = world.city_contest
    keep(voter, contest, ["0-2"])
    assert "It replaces the one you cast before" not in words_of(review(voter, contest, ["0-1"]))

    cast(voter, contest, ["0-1"])
    receipt = words_of(voter.get(f"/ballots/{contest.ref}/receipt"))
    assert "It replaces the ballot that you cast before" not in receipt

    cast(voter, contest, ["0-3"])
    receipt = words_of(voter.get(f"/ballots/{contest.ref}/receipt"))
    assert "It replaces the ballot that you cast before" in receipt


def test_a_cast_ballot_counts_until_another_is_cast(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    contest = world.city_contest
    cast(voter, contest, ["0-1"])
    words = "Your cast ballot counts as it is until you cast this one."

    for page in (keep(voter, contest, ["0-2"]), review(voter, contest, ["0-2"])):
        assert words in words_of(page)

    assert words in words_of(open_paper(voter, contest))
    assert ranking_on(press(voter, contest, "mine", [])) == ["0-1"]
    assert (ballots(db), kept_ballots(db)) == (1, 0)


@pytest.mark.parametrize("change", ["1e309", "-1", "NaN", str(2**63), "１", "", "x" * 9_999])
def test_a_change_without_a_proper_number_is_the_newest(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, change: str
) -> None:
    keep(voter, world.city_contest, ["0-1"], change="7")

    response = keep(voter, world.city_contest, ["0-2"], change=change)

    assert 'data-change="8"' in response.get_data(as_text=True)
    assert ranking_on(press(voter, world.city_contest, "mine", [])) == ["0-2"]


def test_a_page_that_is_left_behind_by_another_is_told_so(
    voter: BrowserLikeClient, world: World
) -> None:
    keep(voter, world.city_contest, ["0-1"], change="5")

    late = keep(voter, world.city_contest, ["0-2"], change="3").get_data(as_text=True)

    assert 'data-state="older"' in late
    assert 'data-change="5"' in late


@pytest.mark.parametrize("ranking", [["0-1", "0-1"], ["82-1"], ["0-1", "0-2", "0-3", "0-4"]])
def test_what_cannot_be_kept_is_said_in_words(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, ranking: list[str]
) -> None:
    response = keep(voter, world.city_contest, ranking)

    assert response.status_code == 422
    assert 'data-state="refused"' in response.get_data(as_text=True)
    assert "Nothing was cast" in words_of(response)
    assert kept_ballots(db) == 0


def test_who_may_not_vote_here_keeps_nothing(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, chen: User, bo: User
) -> None:
    for person in (chen, bo):
        sign_in(client, person)
        assert keep(client, world.riverside_contest, ["1-1"]).status_code == 403
    sign_out(client)
    assert keep(client, world.riverside_contest, ["1-1"]).status_code == 401
    assert kept_ballots(db) == 0


def test_where_the_box_is_out_of_reach_the_page_is_told_to_try_again(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    open_paper(voter, world.city_contest)
    link_keys.destroy(world.city_contest.ref)

    response = keep(voter, world.city_contest, ["0-1"])

    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert kept_ballots(db) == 0


def closing_of(world: World) -> datetime:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.ends_at


@pytest.mark.parametrize("milliseconds", [0, 1])
def test_after_closing_a_page_says_of_each_what_counts_and_only_what_is_true(
    voter: BrowserLikeClient, world: World, chen: User, amara: User, milliseconds: int
) -> None:
    """Amara marked one contest and cast in another; Chen did nothing. All press once too late."""
    city, river = world.city_contest, world.riverside_contest
    one = river.options[0].ref
    keep(voter, city, ["0-1"])
    cast(voter, river, [one])

    with time_machine.travel(closing_of(world) + timedelta(milliseconds=milliseconds), tick=False):
        sign_in(voter, amara)
        marked = [keep(voter, city, ["0-2"]), review(voter, city, ["0-2"]), open_late(voter, city)]
        voted = review(voter, river, [one])
        sign_in(voter, chen)
        neither = review(voter, city, ["0-2"])

    for page in marked:
        assert page.status_code == 409
        assert "Voting closed at" in words_of(page)
        assert "What you had marked before closing was kept, and counts" in words_of(page)
        assert "Your ballot was not counted" not in words_of(page)
    assert "Your ballot of before closing stays in the box and is counted" in words_of(voted)
    assert "Your ballot was not counted" in words_of(neither)
    assert "You had neither cast a ballot" in words_of(neither)
    assert "lot 2" in words_of(neither)


def test_of_a_sealed_contest_the_mark_tells_what_counts(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User
) -> None:
    contest, late = world.city_contest, closing_of(world) + timedelta(minutes=1)
    keep(voter, contest, ["0-1"])
    seal_contest(contest, at=late)
    db.session.commit()
    link_keys.destroy(contest.ref)

    with time_machine.travel(late, tick=False):
        sign_in(voter, amara)
        page = review(voter, contest, ["0-2"])

    assert "Your ballot of before closing stays in the box and is counted" in words_of(page)


def test_turnout_before_closing_counts_what_was_cast_and_officers_read_what_is_kept(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User, chen: User, eli: User
) -> None:
    contest = world.city_contest
    sign_in(client, amara)
    keep(client, contest, ["0-1"])
    sign_in(client, chen)
    cast(client, contest, ["0-2"])

    sign_in(client, eli)
    page = words_of(client.get(f"/staff/rounds/{world.voting_round.ref}/count"))

    assert ballots_cast([contest]) == {contest.id: 1}
    assert [each.cast for each in turnout_of([contest])] == [1]
    assert "Beside them, 1 ballot was marked and not cast." in page


def test_her_account_and_her_papers_say_that_a_ballot_is_kept(
    voter: BrowserLikeClient, world: World
) -> None:
    keep(voter, world.city_contest, ["0-1"])

    assert "You marked a ballot and did not cast it." in words_of(voter.get("/account"))
    assert "Kept, not cast" in words_of(voter.get("/vote"))
    assert "Go on with my ballot" in words_of(voter.get("/"))


def test_to_who_was_given_papers_nobody_says_that_her_marks_count(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User, clara: User
) -> None:
    entry = roll_entry_of(amara.id)
    assert entry is not None
    keep(voter, world.city_contest, ["0-1"])
    give_papers(world.voting_round, entry, [world.city_contest], by=clara, at=clock.now())
    db.session.commit()

    assert "You marked a ballot" not in words_of(voter.get("/account"))
    assert keep(voter, world.city_contest, ["0-2"]).status_code == 409
    with time_machine.travel(closing_of(world), tick=False):
        sign_in(voter, amara)
        assert "was kept, and counts" not in words_of(review(voter, world.city_contest, ["0-2"]))


def open_late(client: BrowserLikeClient, contest: Contest) -> TestResponse:
    return client.get(f"/ballots/{contest.ref}")
