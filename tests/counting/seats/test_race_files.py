"""A race is read from whatever file it comes in, told apart by the ending of the file's name."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from tests.counting.elections import ballots_of, contest_of, written
from voting.counting import CountingError, TooLarge, write_json
from voting.counting.seats import read_race

ORDERS = "# TITLE: A jury\n# ALTERNATIVE NAME 1: Ada\n# ALTERNATIVE NAME 2: Ben\n3: 2,1\n1: 1\n"
BLT = '2 2\n3 2 1 0\n1 1 0\n0\n"Ada" "Ben"\n"A jury"\n'
MONEY = contest_of(100, {"park": 70, "bridge": 60, "benches": 30}, ["bridge", "benches", "park"])


@pytest.mark.parametrize("ending", ["soc", "soi", "toc", "toi", "SOI"])
@pytest.mark.parametrize(("seats", "filled"), [(None, 1), (2, 2)])
def test_a_file_of_orders_fills_one_seat_unless_more_are_asked_for(
    ending: str, seats: int | None, filled: int, tmp_path: Path
) -> None:
    path = tmp_path / f"jury.{ending}"
    path.write_text(ORDERS)
    race, papers = read_race(path, seats)
    assert [each.name for each in race.candidates] == ["Ada", "Ben"]
    assert race.seats == filled
    assert dict(papers) == {((1,), (0,)): 3, ((0,),): 1}


@pytest.mark.parametrize(("seats", "filled"), [(None, 2), (1, 1)])
def test_a_blt_file_says_itself_how_many_seats_there_are(seats: int | None, filled: int) -> None:
    race, papers = read_race(io.BytesIO(BLT.encode()), seats, name="jury.BLT")
    assert (race.seats, len(papers)) == (filled, 4)


@pytest.mark.parametrize(("seats", "filled"), [(None, 1), (2, 2)])
def test_ranked_ballots_about_money_keep_their_lot(seats: int | None, filled: int) -> None:
    file = io.BytesIO(written(MONEY, ballots_of(MONEY, "park,bridge", "benches")))
    race, papers = read_race(file, seats, name="money.pb")
    assert race.ids == ("park", "bridge", "benches")
    assert race.tie_order == ("bridge", "benches", "park")
    assert race.seats == filled
    assert dict(papers) == {((0,), (1,)): 1, ((2,),): 1}


def test_ranked_ballots_as_json_are_read_within_the_memory_allowed() -> None:
    file = io.BytesIO()
    write_json(MONEY, ballots_of(MONEY, "park,bridge", "benches"), file)
    file.seek(0)
    race, papers = read_race(file, name="money.json")
    assert (race.ids, len(papers)) == (("park", "bridge", "benches"), 2)
    file.seek(0)
    with pytest.raises(TooLarge):
        read_race(file, name="money.json", most_bytes=100)


def test_ticks_fill_no_seat() -> None:
    contest = replace(MONEY, vote_type="approval")
    file = io.BytesIO(written(contest, ballots_of(contest, "park,bridge").unordered()))
    with pytest.raises(CountingError, match="ranked ballots, and these are of the kind approval"):
        read_race(file, name="money.pb")
