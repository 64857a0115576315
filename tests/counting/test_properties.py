"""What holds for every ranked vote: two programs agree, and files and tables give it back."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.elections import recounted, small_elections, written
from voting.counting import (
    Ballots,
    Contest,
    CountingError,
    RankTable,
    count,
    read_pb,
    read_rank_table,
    write_rank_table,
)

Election = tuple[Contest, Ballots]


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="votes-"))


@given(small_elections())
def test_engine_and_recount_agree(folder: Path, election: Election) -> None:
    contest, ballots = election
    path = folder / "vote.pb"
    path.write_bytes(written(contest, ballots))
    assert recounted(path) == list(count(contest, ballots).funded)


@given(small_elections())
def test_a_file_gives_back_what_was_written(folder: Path, election: Election) -> None:
    contest, ballots = election
    path = folder / "vote.pb"
    path.write_bytes(written(contest, ballots))
    contest_again, ballots_again = read_pb(path)
    assert ballots_again.digest(contest.ids) == ballots.digest(contest.ids)
    assert contest_again.tie_order == contest.tie_order
    assert written(contest_again, ballots_again) == path.read_bytes()


@given(small_elections())
def test_the_rank_table_gives_the_same_count_as_its_ballots(
    folder: Path, election: Election
) -> None:
    contest, ballots = election
    path = folder / "table.pb"
    write_rank_table(contest, RankTable.of_ballots(ballots), path)
    contest_again, table = read_rank_table(path)
    from_ballots = count(contest, ballots)
    assert len(table) == len(ballots)
    assert count(contest_again, table).stages == from_ballots.stages
    assert recounted(path) == list(from_ballots.funded)


@settings(max_examples=30)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=5))
def test_a_ballot_that_ranks_twice_is_refused_in_either_form(ranking: list[int]) -> None:
    packed = b"".join(number.to_bytes(2, "big") for number in ranking)
    if len(set(ranking)) == len(ranking):
        ids = list("abcdef")
        assert Ballots.from_rows([ranking]).digest(ids) == Ballots.from_packed([packed]).digest(ids)
        return
    with pytest.raises(CountingError, match="twice"):
        Ballots.from_rows([ranking])
    with pytest.raises(CountingError, match="twice"):
        Ballots.from_packed([packed])
