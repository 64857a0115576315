"""Money by district beside where the voters live, without telling of few of them."""

import gzip
import io
import json
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.elections import ballots_of, contest_of
from voting.counting import (
    Contest,
    District,
    DistrictShare,
    alternatives,
    count,
    districts_of,
    read_districts,
    read_pb,
    statistics,
)
from voting.counting.__main__ import main
from voting.counting.districts import told_together

COSTS = {"park": 70, "bridge": 60, "benches": 30}
PLACES = {"park": "North", "bridge": "South", "benches": ""}
VOTERS = {"North": 60, "South": 40}
CONTEST = contest_of(100, COSTS)


def test_each_district_has_its_money_beside_the_number_of_its_voters() -> None:
    ballots = ballots_of(CONTEST, "park,bridge", "bridge,park", "benches")
    districts = districts_of(CONTEST, PLACES, VOTERS)
    told = statistics(CONTEST, ballots, ["park", "benches"], districts=districts)

    assert told.districts == (
        DistrictShare(("North",), options=1, funded=1, spent=70, voters=60),
        DistrictShare(("South",), options=1, funded=0, spent=0, voters=40),
        DistrictShare(("",), options=1, funded=1, spent=30, voters=0),
    )


def test_a_district_pays_for_what_is_topped_up_only_what_was_left() -> None:
    districts = districts_of(CONTEST, PLACES, VOTERS)
    told = statistics(CONTEST, ballots_of(CONTEST, "park"), ["park", "bridge"], None, districts)
    assert [each.spent for each in told.districts] == [70, 30, 0]


def test_under_every_other_rule_the_voters_are_the_same_and_the_money_is_not() -> None:
    ballots = ballots_of(CONTEST, *["park,bridge"] * 2, *["bridge,benches"] * 3)
    districts = districts_of(CONTEST, PLACES, VOTERS)
    result = count(CONTEST, ballots)
    (other,) = alternatives(result, [("equal-shares", {})], districts)
    here = statistics(CONTEST, ballots, result.funded, districts=districts)

    assert [each.voters for each in other.statistics.districts] == [60, 40, 0]
    assert sum(each.spent for each in other.statistics.districts) == other.spent
    assert sum(each.spent for each in here.districts) == result.spent


def test_where_nothing_lies_in_a_district_there_is_no_table() -> None:
    assert districts_of(CONTEST, {}, VOTERS) == ()
    assert districts_of(CONTEST, {"park": "Elsewhere"}, VOTERS) == ()


def test_where_nobody_knows_where_voters_live_there_is_no_table() -> None:
    assert districts_of(CONTEST, PLACES, {}) == ()
    assert districts_of(CONTEST, PLACES, {"": 100}) == ()


def test_those_who_told_no_district_stand_at_the_end() -> None:
    districts = districts_of(CONTEST, PLACES, {**VOTERS, "": 3})
    assert districts[-1] == District(("",), options=(2,), voters=3)


def test_a_district_of_few_voters_is_told_together_with_the_next_smallest() -> None:
    voters = {"North": 60, "South": 9, "East": 20, "West": 30}
    districts = districts_of(CONTEST, PLACES, voters)
    assert [(each.names, each.voters) for each in districts] == [
        (("North",), 60), (("West",), 30), (("East", "South"), 29), (("",), 0),
    ]  # fmt: skip


def test_nobody_is_told_that_nobody_voted_in_a_district() -> None:
    voters = {"North": 60, "South": 40, "East": 0}
    assert told_together(voters) == {"South", "East"}


def test_two_districts_of_few_voters_are_not_told_as_a_sum_of_few() -> None:
    """Nine and nine would be no more than eighteen: with a third, nobody can tell."""
    assert told_together({"A": 9, "B": 9, "C": 30, "D": 50}) == {"A", "B", "C"}


def test_where_two_districts_cannot_be_told_apart_there_is_no_table() -> None:
    assert districts_of(CONTEST, PLACES, {"North": 60, "South": 9}) == ()
    assert districts_of(CONTEST, PLACES, {"North": 4, "South": 9}) == ()


FEW = 3
NUMBERS = st.integers(0, 6)


@given(st.lists(NUMBERS, min_size=2, max_size=4))
def test_whoever_knows_all_that_is_told_cannot_tell_which_district_has_few_voters(
    numbers: list[int],
) -> None:
    """Every way in which the sum could have come about that gives the same table is tried."""
    voters = dict(zip("ABCD", numbers, strict=False))
    together = sorted(told_together(voters, FEW))
    told = _told(voters)
    ways = [
        way
        for split in product(range(sum(numbers) + 1), repeat=len(together))
        if _told(way := {**voters, **dict(zip(together, split, strict=True))}) == told
    ]
    for name in together if len(together) < len(voters) else ():
        assert {way[name] < FEW for way in ways} == {True, False}
    assert all(number >= FEW for name, number in voters.items() if name not in together)


@given(st.dictionaries(st.sampled_from("ABCDEFGH"), st.integers(0, 40)))
def test_no_number_of_voters_that_is_told_is_small_and_none_is_lost(voters: dict[str, int]) -> None:
    places = dict(zip(COSTS, "ABC", strict=True))
    districts = districts_of(CONTEST, places, voters)
    assert all(each.voters >= 10 for each in districts if each.names != ("",))
    if districts:
        assert sum(each.voters for each in districts) == sum(voters.values())
        assert sorted(n for each in districts for n in each.options) == [0, 1, 2]


def _told(voters: dict[str, int]) -> tuple[object, ...]:
    """What everybody can see: who is told alone with what number, who together, and the sum."""
    together = told_together(voters, FEW)
    alone = {name: number for name, number in voters.items() if name not in together}
    return alone, together, sum(voters[name] for name in together)


FILE = """META
key;value
description;Parks of Riverside
country;Nowhere
unit;Riverside
instance;2025
num_projects;3
num_votes;{number}
budget;100
vote_type;approval
rule;greedy
date_begin;01.09.2025
date_end;15.09.2025
PROJECTS
project_id;cost;votes;name;{place}
1;70;{number};A park;North
2;60;0;A bridge;South
3;30;0;Benches;Everywhere
VOTES
voter_id;vote;age;{home}
"""


def file_of(homes: list[str], place: str = "neighborhood", home: str = "district") -> io.BytesIO:
    rows = [f"{number};1;30;{where}\n" for number, where in enumerate(homes, 1)]
    text = FILE.format(number=len(homes), place=place, home=home) + "".join(rows)
    return io.BytesIO(text.encode())


HOMES = ["North"] * 30 + ["South"] * 12 + [""] * 5


@pytest.mark.parametrize("place", ["district", "subunit", "neighborhood"])
@pytest.mark.parametrize("home", ["district", "neighborhood"])
def test_a_files_own_columns_say_where_its_voters_live(place: str, home: str) -> None:
    stream = file_of(HOMES, place, home)
    contest, _ = read_pb(stream)
    assert read_districts(stream, contest) == (
        District(("North",), options=(0,), voters=30),
        District(("South",), options=(1,), voters=12),
        District(("",), options=(2,), voters=5),
    )


def test_columns_that_speak_of_other_places_are_not_compared() -> None:
    stream = file_of(["Northern part"] * 30 + ["South"] * 20)
    contest, _ = read_pb(stream)
    assert read_districts(stream, contest) == ()


def test_a_file_that_says_nothing_of_its_voters_has_no_such_table() -> None:
    stream = file_of(HOMES, home="education")
    contest, _ = read_pb(stream)
    assert read_districts(stream, contest) == ()


def test_compressed_files_tell_the_same(tmp_path: Path) -> None:
    path = tmp_path / "riverside.pb.gz"
    path.write_bytes(gzip.compress(file_of(HOMES).getvalue()))
    contest, _ = read_pb(path)
    assert [each.voters for each in read_districts(path, contest)] == [30, 12, 5]


def test_the_ballots_that_are_read_say_nothing_of_where_anybody_lives() -> None:
    stream = file_of(HOMES)
    contest, ballots = read_pb(stream)
    other, same = read_pb(file_of(HOMES[::-1]))
    assert ballots.digest(contest.ids) == same.digest(other.ids)
    assert not set(Contest.__dataclass_fields__) & {"voters", "homes", "residents"}


def test_the_command_line_tells_of_districts_what_the_engine_tells(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "riverside.pb"
    path.write_bytes(file_of(HOMES).getvalue())

    assert main(["statistics", str(path)]) == 0
    said = capsys.readouterr().out
    assert main(["statistics", "--json", str(path)]) == 0
    document = json.loads(capsys.readouterr().out)

    rows = [" ".join(line.split()) for line in said.splitlines()]
    assert "North 1 of 1 70 100.0 % 30 71.4 %" in rows
    assert "(none, or not known) 1 of 1 30 - 5 -" in rows
    assert [each["voters"] for each in document["districts"]] == [30, 12, 5]
