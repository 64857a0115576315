"""At closing it is kept how many of those who voted live in each district: in sums, for good."""

from pathlib import Path

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from budgets import services as budgets
from core import clock
from core.database import db as database
from proposals.lifecycle import State
from tests.harness import people
from tests.harness.world import World, make_proposal
from tests.voting.test_closing import cast, closing
from voting.models import Contest, DistrictTurnout
from voting.queries.turnout import voters_by_district
from voting.services.closing import seal_contest
from voting.services.contests import hand_over_options
from voting.services.imports import import_past_contest
from voting.services.rolls import enter_on_roll

FILE = """META
key;value
description;Benches
country;Poland
unit;Riverside
instance;2020
num_projects;3
num_votes;6
budget;100
vote_type;ordinal
rule;greedy
date_begin;2020
date_end;2020
min_length;1
max_length;2
currency;PLN
PROJECTS
project_id;cost;name;neighborhood
A;60;Bench A;RIVERSIDE
B;60;Bench B;Hillside
C;40;Bench C;Everywhere
VOTES
voter_id;vote;age;district
1;A,B;30;RIVERSIDE
2;B,A;31;RIVERSIDE
3;C;32;Hillside
4;A,C;33;
5;A;34;Lakeside
6;A;35;RIVERSIDE
"""


def vote_from(world: World, contest: Contest, *homes: str) -> None:
    """One person votes in each of these districts."""
    districts = {"river": world.riverside, "hill": world.hillside}
    refs = [contest.options[0].ref]
    for number, home in enumerate(homes):
        entry = enter_on_roll(f"{number:064}", districts[home].id, at=clock.now())
        cast(contest, entry, refs)


def test_those_who_voted_are_counted_by_where_they_live(db: SQLAlchemy, world: World) -> None:
    people.district("Lakeside")
    vote_from(world, world.city_contest, "river", "hill", "river")

    seal_contest(world.city_contest, at=closing(world.city_contest))

    assert voters_by_district(world.city_contest) == {"Riverside": 2, "Hillside": 1, "Lakeside": 0}


def test_who_moves_after_closing_changes_no_number(db: SQLAlchemy, world: World) -> None:
    vote_from(world, world.city_contest, "river", "river")
    seal_contest(world.city_contest, at=closing(world.city_contest))

    enter_on_roll(f"{0:064}", world.hillside.id, at=closing(world.city_contest))

    assert voters_by_district(world.city_contest) == {"Riverside": 2, "Hillside": 0}


def test_where_a_proposal_lies_is_noted_on_the_paper(db: SQLAlchemy, world: World) -> None:
    at = clock.now()
    proposals = [
        make_proposal(world.voting_round, home, "A bench", at, state=State.FEASIBLE)
        for home in (world.riverside, None)
    ]
    hand_over_options(world.city_contest, proposals, at=at)

    places = [option.district_id for option in world.city_contest.options]
    assert places == [world.riverside.id, None]


def test_a_contest_of_one_district_keeps_none(db: SQLAlchemy, world: World) -> None:
    vote_from(world, world.riverside_contest, "river")
    seal_contest(world.riverside_contest, at=closing(world.riverside_contest))

    assert db.session.scalars(select(DistrictTurnout)).all() == []
    assert voters_by_district(world.riverside_contest) == {}


def test_only_sums_are_kept() -> None:
    assert set(DistrictTurnout.__table__.columns.keys()) == {"contest_id", "district_id", "voters"}


def test_a_citys_file_says_where_its_projects_lie_and_its_voters_lived(
    db: SQLAlchemy, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "benches.pb"
    path.write_text(FILE)
    contest = imported(path)

    assert [option.district_id for option in contest.options] == [
        world.riverside.id, world.hillside.id, None,
    ]  # fmt: skip
    assert voters_by_district(contest) == {"Riverside": 3, "Hillside": 1, "": 2}


def test_a_file_that_says_nothing_of_voters_leaves_them_unknown(
    db: SQLAlchemy, world: World, tmp_path: Path
) -> None:
    path = tmp_path / "benches.pb"
    path.write_text(FILE.replace(";age;district", ";age;education"))
    contest = imported(path)

    assert voters_by_district(contest) == {}
    assert {option.district_id for option in contest.options} == {None}


def imported(path: Path) -> Contest:
    at = clock.now()
    round_ = budgets.create_round(
        name="Riverside 2020", currency="PLN", total_minor=100_00, summary="", by=None, at=at
    )
    pot = budgets.add_pot(round_, "Whole city", 100_00, None, by=None, at=at)
    contest = import_past_contest(round_, pot, path, at=at)
    database.session.commit()
    return contest
