"""Meek's STV in whole billionths: figures of the reference rule, and what must always hold."""

import numpy as np
from hypothesis import given, settings

from tests.counting.seats.races import Ranks, count, papers_of, race_of, races, tallies
from voting.counting.seats import Papers, Race, elect
from voting.counting.seats.reading import Reading, read_papers
from voting.counting.seats.rules.meek_stv import distribute

WHOLE = 1_000_000_000


def test_the_keep_factor_leaves_just_the_quota() -> None:
    """The race "513" of Lundell's Droop, whose reference count has the same figures.

    Quota: 9 / 3 + 0.000000001. A has 5, so A's factor becomes 1 x 3.000000001 / 5 = 0.6000000002,
    rounded up 0.600000001, and A keeps 5 times that, 3.000000005. The surplus of 0.000000004 is
    below omega; B, with 2.999999995, has less than C by more than it, and is excluded.
    """
    result = count("meek-stv", 2, {"A B": 5, "B": 1, "C": 3})
    second = result.stages[1]
    assert result.stages[0].quota == 3_000_000_001
    assert second.factors == (600_000_001, WHOLE, WHOLE)
    assert tallies(result, 2) == {"A": 3_000_000_005, "B": 2_999_999_995, "C": 3_000_000_000}
    assert [stage.passes for stage in result.stages] == [1, 2, 1]
    assert result.stages[2].of == ("B",)
    assert result.elected == ("A", "C")


def test_of_the_last_billionth_of_a_paper_nothing_is_lost() -> None:
    race = race_of("AB")
    read = read_papers(papers_of(race, {"A B": 3, "A": 2}), race, Reading())
    assert distribute(read, np.array([WHOLE - 1, WHOLE])) == [5 * WHOLE - 5, 3, 2]


def test_papers_go_on_through_those_already_elected() -> None:
    """By Scotland's rule a paper never reaches somebody elected before; by Meek's it does.

    Three seats, 16 papers: the quota is just over 4, in Scotland 5. A and B are elected at once. By
    Meek A's surplus goes to B, who keeps only what is needed and passes on the rest to C. In
    Scotland B has no surplus, and all of A's, 3 papers' worth, goes to C.
    """
    marks = {"A B C": 8, "B": 5, "C": 1, "D": 2}
    meek, scotland = (count(rule, 3, marks) for rule in ("meek-stv", "scottish-stv"))
    assert meek.stages[0].elected == scotland.stages[0].elected == ("A", "B")
    assert meek.elected[2] == "C"
    received = tallies(meek, 2)["C"] - WHOLE
    assert 0 < received < 4 * WHOLE, "a part of A's papers went through B to C"
    assert tallies(scotland, 2)["C"] == 400_000


def test_naming_somebody_twice_gives_no_second_share() -> None:
    once = count("meek-stv", 2, {"A B": 5, "B": 1, "C": 3})
    twice = count("meek-stv", 2, {"A A B A": 5, "B": 1, "C": 3})
    assert twice.stages == once.stages


def test_the_quota_falls_as_papers_run_out_of_names() -> None:
    result = count("meek-stv", 2, {"A": 10, "B": 4, "C": 3, "D": 2})
    quotas = [stage.quota for stage in result.stages]
    assert quotas == sorted(quotas, reverse=True)
    assert quotas[0] > quotas[-1]
    assert result.elected == ("A", "B")


def test_whoever_is_within_the_surplus_of_the_lowest_is_tied_and_the_lot_decides() -> None:
    """Half of A's six papers are passed on, so B, C and D would have two each but for rounding.

    Quota 9 / 3 + 0.000000001. A's factor is 0.500000001, A keeps 3.000000006: a surplus of
    0.000000005. B has 1.999999996, C 1.999999998, D 2, all within the surplus of the lowest.
    """
    marks = {"A B": 4, "A C": 2, "C": 1, "D": 2}
    for lot, out in (("ABCD", "D"), ("ADCB", "B"), ("ADBC", "C")):
        result = count("meek-stv", 2, marks, lot=lot)
        assert [tallies(result, 2)[name] for name in "BCD"] == [
            1_999_999_996, 1_999_999_998, 2_000_000_000,
        ]  # fmt: skip
        assert result.stages[2].of == (out,)
        assert result.stages[2].ties[0].candidates == ("B", "C", "D")
        assert result.stages[2].ties[0].broken_by == "lot"


def test_seats_that_nobody_reaches_go_to_those_left() -> None:
    result = count("meek-stv", 3, {"A": 1}, names="ABC", lot="CBA")
    assert result.elected == ("A", "C", "B")
    assert result.stages[0].filled == ("C", "B")


@given(races())
@settings(max_examples=80, deadline=None)
def test_at_every_stage_all_papers_are_accounted_for(
    example: tuple[Race, dict[Ranks, int]],
) -> None:
    race, marks = example
    result = elect(race, Papers.of_marks(marks.items()), "meek-stv")
    for stage in result.stages:
        assert sum(stage.tallies) + stage.non_transferable == result.outcome.valid * WHOLE
        assert all(0 <= factor <= WHOLE for factor in stage.factors)
        assert stage.quota * (race.seats + 1) > sum(stage.tallies)
    assert len(set(result.elected)) == min(race.seats, len(race.ids))
