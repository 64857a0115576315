"""For which districts one may vote: one's own, some by choice, all; never more than allowed."""

import threading

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from core import clock
from core.database import db as database
from core.refusals import Refused
from tests.harness.client import BrowserLikeClient
from tests.harness.people import district, sign_in
from tests.harness.world import World, make_contest
from tests.voting.ballot_forms import ballots, cast, refs_of, words_of
from tests.voting.letter_voters import on_the_roll
from voting import sealing
from voting.district_rules import may_vote_for, most_districts
from voting.models import Ballot, Contest, RollEntry
from voting.queries.paper import contests_on_paper_for
from voting.services.ballots import cast_ballot
from voting.services.kept import keep_ballot


@pytest.fixture
def contests(db: SQLAlchemy, world: World) -> list[Contest]:
    """The contests of three districts."""
    lakeside = make_contest(world.voting_round, district("Lakeside"), clock.now())
    db.session.commit()
    return [world.riverside_contest, world.hillside_contest, lakeside]


def choose(world: World, rule: str, most: int = 1) -> None:
    world.voting_round.district_rule, world.voting_round.districts_most = rule, most
    database.session.commit()


def statuses(client: BrowserLikeClient, contests: list[Contest]) -> list[int]:
    """What comes of casting in each of these, one after another."""
    answers = []
    for contest in contests:
        paper = client.get(f"/ballots/{contest.ref}")
        if paper.status_code != 200:
            answers.append(paper.status_code)
        else:
            answers.append(cast(client, contest, refs_of(contest)[:1]).status_code)
    return answers


@pytest.mark.parametrize(
    ("rule", "most", "expected"),
    [
        ("home", 1, [303, 403, 403]),
        ("some", 1, [303, 409, 409]),
        ("some", 2, [303, 303, 409]),
        ("all", 1, [303, 303, 303]),
    ],
)
def test_a_round_says_for_how_many_districts_one_votes(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    world: World,
    amara: User,
    contests: list[Contest],
    rule: str,
    most: int,
    expected: list[int],
) -> None:
    choose(world, rule, most)
    sign_in(client, amara)

    assert statuses(client, contests) == expected
    assert cast(client, world.city_contest, ["0-1"]).status_code == 303
    assert ballots(db) == expected.count(303) + 1


def test_who_has_chosen_reads_so_and_may_still_change_that_ballot(
    client: BrowserLikeClient, world: World, amara: User, contests: list[Contest]
) -> None:
    choose(world, "some", 1)
    sign_in(client, amara)
    cast(client, contests[1], refs_of(contests[1])[:1])

    refused = client.get(f"/ballots/{contests[0].ref}")

    assert "everybody may vote for 1 district, and you have" in words_of(refused)
    assert cast(client, contests[1], refs_of(contests[1])[1:2]).status_code == 303


def test_the_list_of_papers_says_how_many_she_may_choose(
    client: BrowserLikeClient, world: World, amara: User, contests: list[Contest]
) -> None:
    choose(world, "some", 2)
    sign_in(client, amara)
    page = words_of(client.get("/vote"))

    assert "You may vote for 2 districts of your choice" in page
    for contest in contests:
        assert contest.title in page


@pytest.mark.parametrize(("most", "kept"), [(1, 1), (2, 1), (3, 3)])
def test_what_is_only_kept_never_makes_more_districts_than_allowed(
    db: SQLAlchemy, world: World, contests: list[Contest], most: int, kept: int
) -> None:
    choose(world, "some", most)
    entry = on_the_roll(world.riverside)
    for contest in contests:
        keep_ballot(contest, entry, refs_of(contest)[:1], at=clock.now())
        db.session.commit()

    assert db.session.scalar(select(func.count()).select_from(Ballot)) == kept


def test_only_what_the_rule_allows_is_handed_out_on_paper(
    world: World, contests: list[Contest]
) -> None:
    entry = on_the_roll(world.riverside)
    assert contests[1] not in contests_on_paper_for(world.voting_round.id, entry)

    choose(world, "all")
    assert set(contests) <= set(contests_on_paper_for(world.voting_round.id, entry))


def test_casts_in_several_districts_at_once_are_never_more_than_allowed(
    app: Flask, db: SQLAlchemy, world: World, contests: list[Contest]
) -> None:
    """The limit is looked at under the voter's lock, in the transaction that casts."""
    choose(world, "some", 1)
    voters = [on_the_roll(world.riverside, f"LETTER 2{n:03}").id for n in range(6)]
    places = [each.id for each in contests]
    db.session.commit()
    start = threading.Barrier(len(places))

    def vote(contest_id: int) -> None:
        with app.app_context():
            for voter in voters:
                start.wait()
                try:
                    contest = database.session.get_one(Contest, contest_id)
                    entry = database.session.get_one(RollEntry, voter)
                    ref, key = contest.options[0].ref, sealing.new_form_key()
                    cast_ballot(contest, entry, [ref], key, at=clock.now())
                    database.session.commit()
                except Refused:
                    database.session.rollback()

    clients = [threading.Thread(target=vote, args=(place,)) for place in places]
    for each in clients:
        each.start()
    for each in clients:
        each.join()

    counted = db.session.scalar(select(func.count()).select_from(Ballot))
    assert counted == len(voters)


def test_the_rules_in_short() -> None:
    assert may_vote_for("home", None, 1)
    assert [may_vote_for("home", place, 1) for place in (1, 2)] == [True, False]
    assert may_vote_for("some", 2, 1)
    assert [most_districts(rule, 3) for rule in ("home", "some", "all")] == [1, 3, None]
