"""For which districts one may vote: one's own, some by choice, all; never more than allowed."""

import threading

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, func, select

from accounts.models import Residency, User
from core import clock
from core.database import db as database
from core.refusals import Refused
from tests.harness.client import BrowserLikeClient
from tests.harness.people import district, sign_in
from tests.harness.world import World, make_contest
from tests.voting.ballot_forms import (
    ballots,
    cast,
    keep,
    open_paper,
    refs_of,
    review,
    words_of,
)
from tests.voting.letter_voters import on_the_roll
from transparency.queries.turnout import turnout_of
from voting import sealing
from voting.district_rules import may_vote_for, most_districts
from voting.exports.letters import contests_in_letter
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


def test_the_list_of_papers_says_how_many_she_may_choose_and_then_which_she_chose(
    client: BrowserLikeClient, world: World, amara: User, contests: list[Contest]
) -> None:
    choose(world, "some", 2)
    sign_in(client, amara)
    unmarked = words_of(client.get("/vote"))
    cast(client, contests[0], refs_of(contests[0])[:1])
    once = words_of(client.get("/vote"))
    cast(client, contests[2], refs_of(contests[2])[:1])
    twice = client.get("/vote")

    assert "You may vote for up to 2 districts of your choice." in unmarked
    assert "You have voted for Riverside. You may vote for one more district." in once
    assert "You have voted for Lakeside and Riverside. That is all" in words_of(twice)
    assert "You chose other districts." in words_of(twice)
    links = [f"/ballots/{each.ref}" in twice.get_data(as_text=True) for each in contests]
    assert links == [True, False, True]


def test_what_is_only_kept_is_named_before_another_district_takes_its_place(
    client: BrowserLikeClient, world: World, amara: User, contests: list[Contest]
) -> None:
    choose(world, "some", 1)
    sign_in(client, amara)
    keep(client, contests[1], refs_of(contests[1])[:1])

    page = words_of(client.get("/vote"))

    assert "You may vote for one district of your choice." in page
    assert "What you marked for Hillside is kept, not cast: it is given up if you mark" in page


@pytest.mark.parametrize(
    ("most", "words"),
    [
        (1, "With this ballot you choose Riverside. You may vote for one district of your choice."),
        (2, "With this ballot you choose Riverside. You may vote for up to 2 districts"),
    ],
)
def test_the_paper_and_its_review_say_which_district_is_chosen_with_it(
    client: BrowserLikeClient,
    world: World,
    amara: User,
    contests: list[Contest],
    most: int,
    words: str,
) -> None:
    choose(world, "some", most)
    sign_in(client, amara)

    assert words in words_of(open_paper(client, contests[0]))
    assert words in words_of(review(client, contests[0], refs_of(contests[0])[:1]))
    assert "With this ballot" not in words_of(open_paper(client, world.city_contest))


@pytest.mark.parametrize(
    ("rule", "most", "words"),
    [
        ("home", 1, "For residents of Hillside"),
        ("some", 1, "For all residents: each chooses one district"),
        ("some", 3, "For all residents: each chooses up to 3 districts"),
        ("all", 1, "For all residents"),
    ],
)
def test_the_door_says_whose_ballots_a_district_takes(
    client: BrowserLikeClient,
    world: World,
    contests: list[Contest],
    rule: str,
    most: int,
    words: str,
) -> None:
    choose(world, rule, most)

    door = words_of(client.get("/vote"))

    assert words in door
    assert ("For residents of" in door) == (rule == "home")


def test_a_letter_lists_no_paper_that_its_reader_may_not_choose_besides_others(
    world: World, contests: list[Contest]
) -> None:
    choose(world, "some", 2)

    lines = contests_in_letter(world.voting_round, world.riverside.id)

    assert lines[-1] == "the projects of up to 2 districts of your choice"
    assert not any(each.title in line for each in contests for line in lines)


@pytest.mark.parametrize(("rule", "roll"), [("home", 1), ("some", 3), ("all", 3)])
def test_turnout_is_told_of_those_who_may_vote_there_and_are_on_the_roll(
    world: World, contests: list[Contest], rule: str, roll: int
) -> None:
    """One lives here, two elsewhere; a fourth has left the register."""
    choose(world, rule)
    database.session.execute(delete(Residency))
    database.session.execute(delete(RollEntry))
    homes = [world.riverside, world.hillside, world.hillside, world.riverside]
    entries = [on_the_roll(home, f"Person {number}") for number, home in enumerate(homes)]
    entries[-1].left_on = clock.city_day(clock.now())
    database.session.commit()

    assert [each.roll for each in turnout_of([contests[0]])] == [roll]


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
