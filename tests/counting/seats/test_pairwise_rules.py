"""Schulze's method and ranked pairs: who beats whom, and the ranking that follows."""

import pytest
from hypothesis import given, settings

from tests.counting.seats.races import Ranks, count, races
from voting.counting.seats import Papers, Race, elect

RULES = ("schulze", "ranked-pairs")
CYCLE = {"A B C": 4, "B C A": 3, "C A B": 2}

SCHULZES_EXAMPLE = {
    "A C B E D": 5, "A D E C B": 5, "B E D A C": 8, "C A B E D": 3,
    "C A E B D": 7, "C B A D E": 2, "D C E B A": 7, "E B A D C": 8,
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_the_example_told_to_voters_is_true(rule: str) -> None:
    result = count(rule, 1, CYCLE)
    pairwise = result.outcome.pairwise
    assert pairwise is not None
    assert pairwise.matrix == ((0, 6, 4), (3, 0, 7), (5, 2, 0))
    assert pairwise.ranking == ("A", "B", "C")
    assert result.elected == ("A",)


def test_the_strongest_paths_of_schulzes_own_example() -> None:
    """45 voters, five candidates: the matrix and the paths that his paper and others print."""
    result = count("schulze", 1, SCHULZES_EXAMPLE)
    pairwise = result.outcome.pairwise
    assert pairwise is not None
    assert pairwise.matrix == (
        (0, 20, 26, 30, 22), (25, 0, 16, 33, 18), (19, 29, 0, 17, 24),
        (15, 12, 28, 0, 14), (23, 27, 21, 31, 0),
    )  # fmt: skip
    assert pairwise.paths == (
        (0, 28, 28, 30, 24), (25, 0, 28, 33, 24), (25, 29, 0, 29, 24),
        (25, 28, 28, 0, 24), (25, 28, 28, 31, 0),
    )  # fmt: skip
    assert pairwise.ranking == ("E", "A", "C", "B", "D")


def test_without_a_majority_there_is_no_path() -> None:
    equal = count("schulze", 1, {"A B": 2, "B A": 2}).outcome.pairwise
    assert equal is not None
    assert equal.paths == ((0, 0), (0, 0))


def test_a_pair_against_those_before_it_is_left_out() -> None:
    pairwise = count("ranked-pairs", 1, CYCLE).outcome.pairwise
    assert pairwise is not None
    assert [(pair.winner, pair.loser, pair.kept) for pair in pairwise.pairs] == [
        ("B", "C", True),
        ("A", "B", True),
        ("C", "A", False),
    ]


def test_margins_and_winning_votes_can_differ() -> None:
    """A over B 6 to 3, B over C 4 to 2, C over A 5 to 4: a circle, cut at its weakest majority.

    By margins that is C over A with 1; by winning votes it is B over C with 4.
    """
    marks = {"A B": 4, "C A": 2, "B=C A": 3}
    assert count("ranked-pairs", 1, marks).elected == ("A",)
    assert count("ranked-pairs", 1, marks, strength="winning-votes").elected == ("C",)


def test_equally_strong_pairs_go_in_the_order_of_the_lot() -> None:
    marks = {"A B C": 1, "B C A": 1, "C A B": 1}
    for lot, by_pairs in (("ABC", "ABC"), ("BCA", "BCA"), ("CBA", "CAB")):
        pairs = count("ranked-pairs", 1, marks, lot=lot).outcome.pairwise
        paths = count("schulze", 1, marks, lot=lot).outcome.pairwise
        assert pairs is not None
        assert paths is not None
        assert "".join(pairs.ranking) == by_pairs, "the luckiest loses last"
        assert "".join(paths.ranking) == lot, "all paths are equally strong"
        assert paths.ties[0].candidates == ("A", "B", "C")


@pytest.mark.parametrize("rule", RULES)
def test_who_is_left_out_stands_below_all_listed_and_equal_ranks_are_equal(rule: str) -> None:
    pairwise = count(rule, 1, {"A": 3, "B=C A": 2}, names="ABCD").outcome.pairwise
    assert pairwise is not None
    assert pairwise.matrix == ((0, 3, 3, 5), (2, 0, 0, 2), (2, 0, 0, 2), (0, 0, 0, 0))


@pytest.mark.parametrize("rule", RULES)
def test_only_papers_that_name_nobody_are_blank(rule: str) -> None:
    found = count(rule, 1, {"A B": 4, "A=B": 2, "- A": 1, "": 4}).outcome
    assert (found.valid, found.blank, found.refused) == (7, 4, 0)


@pytest.mark.parametrize("rule", RULES)
def test_the_withdrawn_are_not_ranked(rule: str) -> None:
    result = count(rule, 2, {"A B C": 3, "C B": 1}, gone="A")
    assert result.elected == ("B", "C")


def plain_matrix(race: Race, marks: dict[Ranks, int]) -> list[list[int]]:
    """The matrix by its definition, pair by pair and paper by paper."""
    size = len(race.ids)

    def place(paper: Ranks, number: int) -> int:
        return next((at for at, rank in enumerate(paper) if number in rank), 99)

    return [
        [
            sum(n for paper, n in marks.items() if place(paper, a) < place(paper, b))
            for b in range(size)
        ]
        for a in range(size)
    ]


@given(races())
@settings(max_examples=80, deadline=None)
def test_the_matrix_is_what_its_definition_says(example: tuple[Race, dict[Ranks, int]]) -> None:
    race, marks = example
    pairwise = elect(race, Papers.of_marks(marks.items()), "schulze").outcome.pairwise
    assert pairwise is not None
    assert [list(row) for row in pairwise.matrix] == plain_matrix(race, marks)


@given(races(seats=1))
@settings(max_examples=80, deadline=None)
def test_whoever_would_beat_each_of_the_others_is_elected(
    example: tuple[Race, dict[Ranks, int]],
) -> None:
    race, marks = example
    beats = plain_matrix(race, marks)
    others = range(len(race.ids))
    winner = [a for a in others if all(beats[a][b] > beats[b][a] for b in others if b != a)]
    if winner:
        for rule in RULES:
            result = elect(race, Papers.of_marks(marks.items()), rule)
            assert result.elected == (race.ids[winner[0]],)
