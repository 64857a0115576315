"""The ballot over HTTP: marked without scripts, reviewed, cast, and changed."""

import pytest
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import (
    ballots,
    cast,
    key_on,
    open_paper,
    press,
    ranking_on,
    receipt_of,
    refs_of,
    review,
    words_of,
)
from voting.models import Contest


def test_the_paper_stands_in_the_order_of_the_lot_and_is_kept_by_no_cache(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    for option in contest.options:
        option.paper_position = 10 - option.number

    response = open_paper(voter, contest)

    page = response.get_data(as_text=True)
    places = [page.index(f'id="option-{ref}"') for ref in refs_of(contest)]
    assert places == sorted(places, reverse=True)
    assert response.headers["Cache-Control"] == "no-store"
    assert ranking_on(response) == []


def test_without_scripts_each_button_answers_with_the_paper_again(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, two, three, four = refs_of(contest)
    key = key_on(open_paper(voter, contest))

    steps = [
        (f"add:{one}", [one]),
        (f"add:{two}", [one, two]),
        (f"add:{three}", [one, two, three]),
        (f"add:{four}", [one, two, three]),
        (f"up:{three}", [one, three, two]),
        (f"up:{one}", [one, three, two]),
        (f"down:{one}", [three, one, two]),
        (f"down:{two}", [three, one, two]),
        (f"remove:{one}", [three, two]),
        (f"remove:{one}", [three, two]),
        (f"add:{two}", [three, two]),
        ("add:no-such", [three, two]),
        ("nonsense", [three, two]),
    ]
    ranking: list[str] = []
    for act, expected in steps:
        response = press(voter, contest, act, ranking, key=key)
        ranking = ranking_on(response)
        assert (response.status_code, ranking) == (200, expected), act
        assert key_on(response) == key
        assert response.headers["Cache-Control"] == "no-store"
    assert ballots(db) == 0


def test_a_button_that_changes_nothing_says_why(voter: BrowserLikeClient, contest: Contest) -> None:
    one, two, three, four = refs_of(contest)

    assert "that is the most" in words_of(press(voter, contest, f"add:{four}", [one, two, three]))
    assert "already first" in words_of(press(voter, contest, f"up:{one}", [one, two]))
    assert "already last" in words_of(press(voter, contest, f"down:{two}", [one, two]))
    assert "not on this ballot paper" in words_of(press(voter, contest, "add:zzz", [one]))


def test_without_scripts_projects_are_found_by_words_and_kind_and_the_ranking_stays(
    voter: BrowserLikeClient, contest: Contest
) -> None:
    one, *_ = refs_of(contest)

    found = press(voter, contest, "filter", [one], q="LOT 2")
    none = press(voter, contest, "filter", [one], q="łódź")
    everything = press(voter, contest, "show-all", [one], q="łódź")

    assert "1 of 4 projects shown" in words_of(found)
    assert "0 of 4 projects shown" in words_of(none)
    assert "projects shown" not in words_of(everything)
    assert ranking_on(found) == ranking_on(none) == ranking_on(everything) == [one]


def test_the_review_shows_the_ranking_in_order_with_its_cost(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, _, three, _ = refs_of(contest)

    response = review(voter, contest, [three, one])
    moved = review(voter, contest, [three, one], act=f"up:{one}")

    assert response.status_code == 200
    assert ranking_on(response) == [three, one]
    assert "PLN 800,000" in words_of(response)
    assert ranking_on(moved) == [one, three]
    assert ballots(db) == 0


def test_amara_casts_and_ends_on_her_receipt(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, two, *_ = refs_of(contest)

    response = cast(voter, contest, [two, one])

    assert response.status_code == 303
    assert response.headers["Location"] == f"/ballots/{contest.ref}/receipt"
    page = voter.get(response.headers["Location"])
    assert "What happens next" in words_of(page)
    assert "lot 1" not in words_of(page)
    assert page.headers["Cache-Control"] == "no-store"
    assert ballots(db) == 1


@pytest.mark.attack("B1")
def test_the_same_ballot_posted_twice_gives_one_row_and_the_same_receipt(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    key = key_on(open_paper(voter, contest))
    ranking = refs_of(contest)[:2]

    codes = []
    for _ in range(3):
        assert cast(voter, contest, ranking, key).status_code == 303
        codes.append(receipt_of(voter, contest))

    assert len(set(codes)) == 1
    assert ballots(db) == 1


def test_a_ballot_is_changed_until_closing_and_the_pages_say_so(
    db: SQLAlchemy, voter: BrowserLikeClient, contest: Contest
) -> None:
    one, two, three, _ = refs_of(contest)
    cast(voter, contest, [one])
    first = receipt_of(voter, contest)

    paper = open_paper(voter, contest)
    assert "the new ballot replaces the old one" in words_of(paper)
    assert ranking_on(paper) == []
    assert "It replaces the one you cast before" in words_of(review(voter, contest, [two]))
    cast(voter, contest, [two, three])

    assert receipt_of(voter, contest) != first
    assert ballots(db) == 1
    mine = press(voter, contest, "mine", [])
    assert ranking_on(mine) == [two, three]
    assert mine.headers["Cache-Control"] == "no-store"


@pytest.mark.attack("B57")
def test_a_ballot_is_shown_to_nobody_but_its_voter(
    voter: BrowserLikeClient, world: World, chen: User
) -> None:
    cast(voter, world.city_contest, refs_of(world.city_contest)[:2])
    sign_in(voter, chen)

    assert ranking_on(press(voter, world.city_contest, "mine", [])) == []
    assert voter.get(f"/ballots/{world.city_contest.ref}/receipt").status_code == 404


@pytest.mark.attack("B57")
def test_a_receipt_is_not_shown_to_the_next_person_at_the_same_computer(
    voter: BrowserLikeClient, contest: Contest, amara: User, chen: User
) -> None:
    cast(voter, contest, refs_of(contest)[:1])
    with voter.session_transaction() as session:
        hers = session["receipts"]
    sign_in(voter, chen)
    with voter.session_transaction() as session:
        session["receipts"] = hers

    assert voter.get(f"/ballots/{contest.ref}/receipt").status_code == 404
