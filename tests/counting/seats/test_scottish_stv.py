"""Scotland's STV, stage by stage: small counts worked by hand from SSI 2007/42, rules 45 to 52.

No worked example of the Order's own was at hand; each of these derives its figures beside them.
"""

from hypothesis import given, settings

from tests.counting.seats.races import Ranks, count, races, tallies
from voting.counting.seats import Papers, Race, elect

QUOTA_OF_FOUR = 400_000


def test_a_count_worked_by_hand() -> None:
    """Three seats, 41 papers: two surpluses, one of them in transferred papers, then exclusions.

    Quota: 41 / 4 = 10.25, so 11.

    1. A 17, B 8, C 6, D 5, E 5. A is elected with a surplus of 6.
    2. A's 17 papers move at 6 x 1 / 17 = 0.35294 (0.352941...): 12 to B, 4.23528; 3 to C, 1.05882;
       2 name nobody else, 0.70588. Together 5.99998: 0.00002 is lost. B has 12.23528, C 7.05882.
       B is elected with a surplus of 1.23528.
    3. All of B's papers move. The 8 first preferences at 1.23528 / 12.23528 = 0.10096 (0.10096...):
       5 to D, 0.50480; 3 name nobody else, 0.30288. The 12 that came from A at
       1.23528 x 0.35294 / 12.23528 = 0.03563 (0.035632...): all to E, 0.42756.
       Together 1.23524: 0.00004 more is lost, 0.00006 in all. D has 5.50480, E 5.42756, C 7.05882.
    4. E is excluded with 5.42756. The 5 first preferences go to C at 1; the 12 papers of A and B go
       to D at 0.03563, 0.42756. C has 12.05882 and is elected: all seats are taken.
    """
    marks = {
        "A B E D": 12, "A C": 3, "A": 2, "B D": 5, "B": 3, "C": 6, "D": 5, "E C": 5,
    }  # fmt: skip
    result = count("scottish-stv", 3, marks)
    assert result.elected == ("A", "B", "C")
    assert [(stage.action, stage.of) for stage in result.stages] == [
        ("first preferences", ()),
        ("surplus", ("A",)),
        ("surplus", ("B",)),
        ("exclusion", ("E",)),
    ]
    assert {stage.quota for stage in result.stages} == {1_100_000}
    assert [tallies(result, number) for number in (1, 2, 3, 4)] == [
        {"A": 1_700_000, "B": 800_000, "C": 600_000, "D": 500_000, "E": 500_000},
        {"A": 1_100_000, "B": 1_223_528, "C": 705_882, "D": 500_000, "E": 500_000},
        {"A": 1_100_000, "B": 1_100_000, "C": 705_882, "D": 550_480, "E": 542_756},
        {"A": 1_100_000, "B": 1_100_000, "C": 1_205_882, "D": 593_236},
    ]
    assert [stage.non_transferable for stage in result.stages] == [0, 70_588, 100_876, 100_876]
    assert [stage.lost for stage in result.stages] == [0, 2, 6, 6]
    assert [stage.elected for stage in result.stages] == [("A",), ("B",), (), ("C",)]


def test_the_example_told_to_voters_is_true() -> None:
    result = count("scottish-stv", 2, {"A B": 6, "C": 3, "B": 2})
    assert result.stages[0].quota == QUOTA_OF_FOUR
    assert tallies(result, 2) == {"A": QUOTA_OF_FOUR, "B": 399_998, "C": 300_000}
    assert result.stages[2].of == ("C",)
    assert result.elected == ("A", "B")
    assert result.stages[2].filled == ("B",), "B has 3.99998 and needs no quota (rule 52)"


def test_equally_few_votes_are_decided_by_the_latest_unequal_stage() -> None:
    result = count("scottish-stv", 2, {"A B": 1, "B": 2, "C": 3, "D": 4, "E": 5})
    third = result.stages[2]
    assert third.of == ("B",), "B and C have three, but B had two at the first stage"
    assert third.ties[0].broken_by == "stage 1"
    assert result.elected == ("E", "D"), "the last seats go to the higher first"


def test_votes_always_equal_are_decided_by_lot() -> None:
    marks = {"A C": 10, "B": 8, "C": 6, "D": 5, "E D": 3, "F D": 3}
    for lot, out in (("ABCDEF", "F"), ("FEDCBA", "E")):
        result = count("scottish-stv", 4, marks, lot=lot)
        assert result.stages[2].of == (out,)
        assert result.stages[2].ties[0].broken_by == "lot"
        assert result.elected == ("A", "B", "C", "D")


def test_a_quota_exactly_reached_leaves_no_surplus() -> None:
    result = count("scottish-stv", 2, {"A B": 4, "B": 2, "C": 3})
    assert [stage.action for stage in result.stages] == ["first preferences", "exclusion"]
    assert result.stages[0].elected == ("A",)


def test_the_larger_surplus_goes_first_and_equal_ones_as_they_differed_before() -> None:
    larger = count("scottish-stv", 3, {"A C": 9, "B D": 12, "C": 4, "D": 3, "E": 1})
    assert [stage.of for stage in larger.stages[1:3]] == [("B",), ("A",)]
    equal = count("scottish-stv", 3, {"A C": 12, "B D": 12, "C": 4, "D": 3, "E": 1}, lot="BACDE")
    assert [stage.of for stage in equal.stages[1:3]] == [("B",), ("A",)]
    assert equal.stages[1].ties[0].question == "surplus"


def test_a_gap_ends_a_paper_and_so_does_a_rank_given_twice() -> None:
    result = count("scottish-stv", 1, {"A - C": 1, "B=D C": 1, "- C": 1, "C": 1})
    assert tallies(result, 1) == {"A": 100_000, "C": 100_000}
    assert (result.outcome.valid, result.outcome.blank) == (2, 2)


def test_no_more_candidates_than_seats_are_all_elected() -> None:
    result = count("scottish-stv", 4, {"A": 3, "B": 2}, names="ABC")
    assert result.elected == ("A", "B", "C")
    assert len(result.stages) == 1
    assert count("scottish-stv", 2, {}, names="ABC", lot="CAB").elected == ("C", "A")


@given(races())
@settings(max_examples=80, deadline=None)
def test_at_every_stage_all_papers_are_accounted_for(
    example: tuple[Race, dict[Ranks, int]],
) -> None:
    race, marks = example
    for rule in ("scottish-stv", "irv") if race.seats == 1 else ("scottish-stv",):
        result = elect(race, Papers.of_marks(marks.items()), rule)
        for stage in result.stages:
            together = sum(stage.tallies) + stage.non_transferable + stage.lost
            assert together == result.outcome.valid * result.outcome.unit
            assert min(*stage.tallies, 0, stage.lost) == 0
        assert len(set(result.elected)) == min(race.seats, len(race.ids))
