"""Instant runoff: who is excluded, where papers go, and what ends the count."""

import pytest
from hypothesis import given, settings

from tests.counting.seats.races import Ranks, count, papers_of, race_of, races, tallies
from voting.counting import CountingError
from voting.counting.seats import Papers, Race, elect


def test_the_last_is_excluded_until_somebody_has_a_majority() -> None:
    result = count("irv", 1, {"A": 4, "B A": 3, "C B": 2})
    assert result.elected == ("B",)
    assert [stage.of for stage in result.stages] == [(), ("C",)]
    assert tallies(result, 2) == {"A": 4, "B": 5}


def test_a_paper_passes_over_whoever_was_excluded_before() -> None:
    result = count("irv", 1, {"A": 4, "B": 5, "C D A": 2, "D": 1})
    assert [stage.of for stage in result.stages] == [(), ("D",), ("C",)]
    assert tallies(result, 3) == {"A": 6, "B": 5}
    assert result.elected == ("A",)


def test_half_of_the_papers_is_no_majority() -> None:
    result = count("irv", 1, {"A": 4, "B": 3, "C B": 1})
    assert len(result.stages) == 3, "4 of 8 is half, and 4 against 4 is a tie"
    assert result.stages[2].ties[0].candidates == ("A", "B")


def test_a_majority_is_one_of_the_papers_that_still_count() -> None:
    result = count("irv", 1, {"A": 4, "B": 3, "C": 2})
    assert result.elected == ("A",)
    assert result.stages[1].quota == 4
    assert result.stages[1].non_transferable == 2


def test_a_tie_is_broken_by_the_latest_stage_that_differs() -> None:
    marks = {"A": 5, "B": 3, "C": 2, "D C": 1}
    latest = count("irv", 1, marks)
    assert latest.stages[2].of == ("C",), "C had two papers where B had three"
    assert latest.stages[2].ties[0].broken_by == "stage 1"
    by_lot = count("irv", 1, marks, ties="lot", lot="CADB")
    assert by_lot.stages[2].of == ("B",)
    assert by_lot.stages[2].ties[0].broken_by == "lot"


def test_the_first_and_the_latest_stage_that_differ_can_disagree() -> None:
    marks = {"A": 10, "B": 5, "C": 6, "D B": 2, "E C": 1, "E": 2}
    latest = count("irv", 1, marks, ties="earlier-stages").stages[3]
    first = count("irv", 1, marks, ties="first-stages").stages[3]
    assert (latest.of, latest.ties[0].broken_by) == (("C",), "stage 2"), "7 to 6 before"
    assert (first.of, first.ties[0].broken_by) == (("B",), "stage 1"), "5 to 6 at first"


def test_whoever_comes_first_in_the_lot_stays() -> None:
    assert count("irv", 1, {"A": 1, "B": 1}, lot="BA").elected == ("B",)
    assert count("irv", 1, {"A": 1, "B": 1}, lot="AB").elected == ("A",)


def test_the_hopeless_leave_together() -> None:
    marks = {"A": 10, "B": 8, "C B": 2, "D A": 1}
    singly, batched = count("irv", 1, marks), count("irv", 1, marks, batches="hopeless")
    assert [stage.of for stage in batched.stages] == [(), ("C", "D")]
    assert batched.elected == singly.elected == ("A",)


def test_as_many_as_together_have_one_paper_less_than_the_next_are_hopeless() -> None:
    result = count("irv", 1, {"A": 6, "B": 4, "C": 2, "D": 1}, batches="hopeless")
    assert result.stages[1].of == ("C", "D")


def test_in_batches_too_the_equally_low_are_told_apart_by_the_lot_and_it_is_on_record() -> None:
    result = count("irv", 1, {"A": 3, "B": 2, "C": 2}, lot="CBA", batches="hopeless")
    assert result.stages[1].of == ("B",)
    assert result.stages[1].ties[0].candidates == ("B", "C")


def test_who_could_still_be_equal_to_the_next_is_not_hopeless() -> None:
    result = count("irv", 1, {"A": 5, "B": 3, "C": 2, "D": 1}, batches="hopeless")
    assert result.stages[1].of == ("D",), "C and D together have as many as B"


@pytest.mark.parametrize(
    ("overvote", "skipped", "first"),
    [
        ("exhaust", "skip", {"A": 1, "D": 1}),
        ("skip", "skip", {"A": 1, "C": 1, "D": 1}),
        ("refuse", "skip", {"A": 1, "D": 1}),
        ("skip", "stop", {"A": 1, "C": 1}),
        ("skip", "stop-after-two", {"A": 1, "C": 1}),
    ],
)
def test_bad_marks_are_read_as_the_settings_say(
    overvote: str, skipped: str, first: dict[str, int]
) -> None:
    marks = {"A": 1, "A=B C": 1, "- - D": 1}
    result = count("irv", 1, marks, overvote=overvote, skipped=skipped)
    assert tallies(result, 1) == first
    assert result.outcome.refused == (overvote == "refuse")
    assert result.outcome.valid + result.outcome.refused + result.outcome.blank == 3


def test_one_skipped_rank_is_no_two() -> None:
    assert tallies(count("irv", 1, {"- D": 1}, skipped="stop-after-two"), 1) == {"D": 1}
    assert tallies(count("irv", 1, {"A - D": 2, "D": 1}, skipped="stop"), 1) == {"A": 2, "D": 1}


def test_a_withdrawn_candidate_is_passed_over() -> None:
    result = count("irv", 1, {"A B": 3, "B": 1, "C": 2}, gone="A")
    assert result.elected == ("B",)
    assert tallies(result, 1) == {"B": 4, "C": 2}


def test_without_any_paper_the_lot_decides() -> None:
    assert count("irv", 1, {}, names="ABC", lot="BCA").elected == ("B",)


def test_several_seats_are_refused() -> None:
    with pytest.raises(CountingError, match="one seat only"):
        count("irv", 2, {"A": 1, "B": 1})


@pytest.mark.parametrize(
    ("setting", "value"), [("ties", "dice"), ("quota", "hare"), ("overvote", "")]
)
def test_unknown_settings_are_refused_in_a_sentence(setting: str, value: str) -> None:
    with pytest.raises(CountingError, match=setting):
        count("irv", 1, {"A": 1}, **{setting: value})


@given(races(seats=1))
@settings(max_examples=80, deadline=None)
def test_whom_a_majority_ranks_first_is_elected(example: tuple[Race, dict[Ranks, int]]) -> None:
    race, marks = example
    result = elect(race, Papers.of_marks(marks.items()), "irv")
    first = result.stages[0].tallies
    ahead = [ref for ref, tally in zip(race.ids, first, strict=True) if tally * 2 > sum(first)]
    assert not ahead or result.elected == tuple(ahead)


@given(races(seats=1))
@settings(max_examples=80, deadline=None)
def test_batches_never_change_the_winner_where_no_tie_is_met(
    example: tuple[Race, dict[Ranks, int]],
) -> None:
    race, marks = example
    papers = Papers.of_marks(marks.items())
    singly, batched = (
        elect(race, papers, "irv"),
        elect(race, papers, "irv", {"batches": "hopeless"}),
    )
    if not any(stage.ties for stage in (*singly.stages, *batched.stages)):
        assert singly.elected == batched.elected


def test_papers_name_only_candidates_of_the_race() -> None:
    papers = papers_of(race_of("ABC"), {"C": 1})
    with pytest.raises(CountingError, match="not in the race"):
        elect(race_of("AB"), papers, "irv")
