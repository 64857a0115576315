"""Millions of ballots in packed arrays: grouped and added up as the same ballots one by one are."""

import tracemalloc
from collections import Counter
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.elections import contest_of, small_elections
from voting.counting import Ballots, Contest, CountingError, count
from voting.counting.ballots import Placings
from voting.counting.grouping import group_rows
from voting.counting.ranking import pack_ranking

rankings = st.integers(1, 4).flatmap(
    lambda length: st.lists(
        st.permutations(range(6)).map(lambda order: order[:length]), min_size=1, max_size=30
    )
)


@given(rankings)
def test_a_matrix_holds_the_same_ballots_as_its_rows(rows: list[list[int]]) -> None:
    ids = [f"P{number}" for number in range(6)]
    one, other = Ballots.from_matrix(np.array(rows, np.uint8)), Ballots.from_rows(rows)
    assert one.published_lines(ids) == other.published_lines(ids)
    assert len(one.copies) == len(other.copies)


@pytest.mark.parametrize(
    ("options", "length"), [(100, 3), (200, 5), (119, 10), (3_000, 5), (60_000, 4), (65_535, 12)]
)
def test_rows_are_grouped_whatever_they_are_as_numbers(options: int, length: int) -> None:
    random = np.random.default_rng(options)
    few = random.integers(0, options, (40, length)).astype(np.uint16)
    few[0] = options - 1
    matrix = few[random.integers(0, 40, 70_000)]
    rows, copies = group_rows(matrix)
    expected = Counter(map(tuple, matrix.tolist()))
    assert [tuple(row) for row in rows.tolist()] == sorted(expected)
    assert copies.tolist() == [expected[row] for row in sorted(expected)]


@given(st.lists(st.lists(st.integers(0, 300), min_size=1, max_size=20, unique=True), max_size=20))
def test_ballots_of_any_lengths_come_back_from_the_database(rows: list[list[int]]) -> None:
    ids = [f"P{number}" for number in range(301)]
    packed = [pack_ranking([ids[option] for option in row], ids) for row in rows]
    stored, cast = Ballots.from_packed(packed), Ballots.from_rows(rows)
    assert stored.published_lines(ids) == cast.published_lines(ids)
    assert (len(stored), len(stored.copies)) == (len(cast), len(cast.copies))


@pytest.mark.parametrize("voters", [127, 128, 32_768])
def test_as_many_may_vote_alike_as_will(voters: int) -> None:
    alike = Ballots.from_matrix(np.full((voters, 1), 1, np.uint8))
    assert (alike.narrow_copies.tolist(), alike.copies.tolist()) == ([voters], [voters])
    assert len(alike) == voters


@pytest.mark.parametrize("most_wide", [0, 1 << 19])
def test_columns_kept_narrow_give_every_rule_the_same_count(most_wide: int) -> None:
    random = np.random.default_rng(3)
    rows = np.argsort(random.random((40_000, 5)), axis=1)[:, :3].astype(np.uint8)
    contest = contest_of(1_000, {f"P{n}": 200 + 60 * n for n in range(5)})
    narrow, wide = Ballots.from_matrix(rows), Ballots.from_rows(rows.tolist())
    assert (narrow.options.itemsize, wide.options.itemsize) == (1, 2)
    for rule in ("points-by-rank", "equal-shares", "expanding-approvals", "budget-stv"):
        expected = count(contest, wide, rule).as_json()
        with patch("voting.counting.rules.equal_shares.electorate.MOST_WIDE", most_wide):
            assert count(contest, narrow, rule).as_json() == expected


@pytest.mark.parametrize(("voters", "length"), [(1_000_000, 3), (200_000, 10)])
def test_grouping_takes_about_twice_the_memory_of_what_it_groups(voters: int, length: int) -> None:
    matrix = np.random.default_rng(1).integers(0, 119, (voters, length)).astype(np.uint8)
    tracemalloc.start()
    try:
        group_rows(matrix)
        assert tracemalloc.get_traced_memory()[1] <= 2.2 * matrix.nbytes
    finally:
        tracemalloc.stop()


def test_ballots_from_the_database_take_little_more_memory_than_they_have_there() -> None:
    rows = np.argsort(np.random.default_rng(1).random((100_000, 8)), axis=1)[:, :5].astype(">u2")
    tracemalloc.start()
    try:
        Ballots.from_packed(row.tobytes() for row in rows)
        assert tracemalloc.get_traced_memory()[1] <= 3 * rows.nbytes
    finally:
        tracemalloc.stop()


def test_no_rows_are_no_ballots() -> None:
    assert len(Ballots.from_matrix(np.empty((0, 3), np.uint8))) == 0


@pytest.mark.parametrize(("rows", "word"), [([[1, 2, 1]], "twice"), ([[]], "nothing")])
def test_a_row_that_is_no_ranking_is_refused(rows: list[list[int]], word: str) -> None:
    with pytest.raises(CountingError, match=word):
        Ballots.from_matrix(np.array(rows, np.uint8))


def test_a_project_beyond_the_contest_is_refused() -> None:
    contest = contest_of(100, {"a": 1, "b": 1})
    with pytest.raises(CountingError, match="not in the contest"):
        count(contest, Ballots.from_matrix(np.array([[0, 2]], np.uint8)))


@given(small_elections())
def test_added_up_or_not_the_places_are_the_same(election: tuple[Contest, Ballots]) -> None:
    _, ballots = election
    assert added_up(ballots.placings()) == added_up(ballots.summed_placings())


def added_up(placings: Placings) -> Counter[tuple[int, ...]]:
    found: Counter[tuple[int, ...]] = Counter()
    for *place, copies in zip(*(column.tolist() for column in placings), strict=True):
        found[tuple(place)] += copies
    return +found


def test_longer_ballots_than_a_table_can_hold_are_added_up_too() -> None:
    ballots = Ballots.from_rows([list(range(300)), list(range(100, 0, -1))])
    contest = contest_of(100, {f"P{n}": 1 for n in range(300)})
    stages = {stage.option: stage.points for stage in count(contest, ballots).stages}
    assert stages["P0"] == 300
    assert stages["P100"] == 200 + 100
