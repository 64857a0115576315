"""Why each candidate was elected or not: every figure holds when the race is counted again."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.seats.races import Ranks, count, races
from voting.counting.seats import (
    SEAT_RULES,
    Candidate,
    Election,
    Explanation,
    Papers,
    Race,
    elect,
    explain,
    first_preferences,
    other_elections,
    read_blt,
    voters_figures,
)

COMMITTEE = Path(__file__).parents[2] / "data" / "races" / "committee-2005.blt"


def of(election: Election, ref: str) -> Explanation:
    return next(why for why in explain(election) if why.candidate == ref)


def elected_with(election: Election, ref: str, more: int) -> bool:
    """Counted again from scratch, with so many further papers that rank her alone."""
    own = ((election.race.ids.index(ref),),)
    papers = Papers.of_marks([*election.papers, (own, more)])
    return ref in elect(election.race, papers, election.rule, election.parameters).elected


# --- by hand -----------------------------------------------------------------------------------


def test_the_runner_up_is_told_how_many_papers_she_was_short_of() -> None:
    # A has 5 of 9. With one more paper B has 5 of 10 as well; excluding C first changes nothing,
    # and the lot has A before B. With two more it is 6 of 11.
    election = count("irv", 1, {"A": 5, "B": 4}, names="AB")
    assert of(election, "A").code == "by_quota"
    assert (of(election, "B").code, of(election, "B").ballots_more) == ("seats_taken", 2)
    lucky = count("irv", 1, {"A": 5, "B": 4}, names="AB", lot="BA")
    assert of(lucky, "B").ballots_more == 1


def test_the_excluded_are_told_when_and_with_how_many() -> None:
    # Four for A, three for B, two for C. C goes first, and both papers go on to B, who has five.
    # With two more C has four, B goes, and B's papers go on to A: seven of eleven. With five more
    # A and C have seven of fourteen each, and C had more at the stage before; so five are enough.
    election = count("irv", 1, {"A": 4, "B A": 3, "C B": 2})
    told = of(election, "C")
    assert (told.code, told.stage, told.tally, told.quota) == ("excluded", 2, 2, 5)
    assert told.ballots_more == 5
    assert [why.candidate for why in explain(election)] == ["B", "A", "C"]


def test_whom_another_lot_would_have_elected_lost_a_tie() -> None:
    election = count("irv", 1, {"A": 3, "B": 3}, lot="AB")
    assert election.elected == ("A",)
    assert of(election, "B").code == "lost_tie"
    assert of(election, "B").ballots_more == 1
    assert {of(election, "B").stage, of(election, "A").stage} == {2}


def test_a_spoiler_is_named_as_the_rival() -> None:
    # Without A, her four papers name nobody, and C's go to B: B is elected.
    election = count("irv", 1, {"A": 5, "B": 4, "C B": 1})
    assert of(election, "B").rival == "A"
    assert of(election, "C").rival is None


def test_the_elected_are_numbered_in_their_order_and_nobody_else_is() -> None:
    election = count("scottish-stv", 2, {"B A": 6, "C": 3, "A": 2})
    assert [(w.candidate, w.elected_as) for w in explain(election)] == [
        ("B", 1), ("A", 2), ("C", None),
    ]  # fmt: skip


def test_whoever_was_still_in_comes_before_whoever_left_last_even_against_the_lot() -> None:
    # D leaves, and B and C have three each; C had two before and leaves, and A has five of eight.
    election = count("irv", 1, {"A": 5, "B": 3, "C": 2, "D C": 1}, lot="CADB")
    assert [(w.candidate, w.tally) for w in explain(election)] == [
        ("A", 5), ("B", 3), ("C", 3), ("D", 1),
    ]  # fmt: skip


def test_the_last_seats_are_filled_without_the_quota() -> None:
    # Eleven papers, two seats, a quota of four: the example that explains the rule.
    election = count("scottish-stv", 2, {"A B": 6, "C": 3, "B": 2})
    assert [of(election, ref).code for ref in "ABC"] == ["by_quota", "to_last_seats", "excluded"]
    assert of(election, "B").tally == 399_998
    # B has 3.99998 when C is excluded with 3, so one more paper is enough.
    assert of(election, "C").ballots_more == 1
    assert of(election, "C").rival == "B"


def test_pairs_tell_the_place_in_the_ranking() -> None:
    election = count("schulze", 1, {"A C B": 3, "B C A": 2, "C B A": 2})
    assert election.elected == ("C",)
    assert [(w.candidate, w.code, w.ranked) for w in explain(election)] == [
        ("C", "by_ranking", 1),
        ("B", "ranked_below", 2),
        ("A", "ranked_below", 3),
    ]
    # C is above A on 4 papers and below on 3, above B on 5 and below on 2; the lot has A first.
    assert of(election, "A").ballots_more == 1
    assert of(election, "A").rival is None
    assert of(election, "B").rival == "C"


def test_who_withdrew_comes_last_and_has_no_figures() -> None:
    election = count("irv", 1, {"A": 5, "B": 4, "C": 3}, gone="B")
    last = explain(election)[-1]
    assert (last.candidate, last.code, last.ballots_more) == ("B", "withdrawn", None)


def test_a_lone_candidate_wins_without_any_paper() -> None:
    election = count("irv", 1, {"": 2}, names="A")
    assert [why.code for why in explain(election)] == ["to_last_seats"]
    assert other_elections(election)[0].elected == ("A",)


# --- every figure holds --------------------------------------------------------------------------


def assert_holds(election: Election, *, at_least: int = 0) -> None:
    """Every figure of every candidate, counted again from scratch."""
    told = explain(election)
    assert sorted(why.candidate for why in told) == sorted(election.race.ids)
    assert tuple(why.candidate for why in told if why.elected_as) == election.elected
    for why in told:
        if why.ballots_more is not None:
            assert elected_with(election, why.candidate, why.ballots_more)
            for fewer in range(at_least or why.ballots_more - 1, why.ballots_more):
                assert not elected_with(election, why.candidate, fewer)
        if why.rival is not None:
            race = replace(election.race, withdrawn=tuple(
                ref for ref in election.race.ids
                if ref == why.rival or ref in election.race.withdrawn
            ))  # fmt: skip
            again = elect(race, election.papers, election.rule, election.parameters)
            assert why.rival in election.elected
            assert why.candidate in again.elected


@settings(max_examples=60)
@given(races(), st.sampled_from(sorted(SEAT_RULES)))
def test_every_figure_holds_when_the_race_is_counted_again(
    drawn: tuple[Race, dict[Ranks, int]], rule: str
) -> None:
    race, marks = drawn
    if SEAT_RULES[rule].one_seat:
        race = replace(race, seats=1)
    assert_holds(elect(race, Papers.of_marks(marks.items()), rule))


@settings(max_examples=40)
@given(races(most=5, seats=1), st.sampled_from(["irv", "schulze", "ranked-pairs"]))
def test_for_one_seat_no_smaller_number_of_papers_is_enough(
    drawn: tuple[Race, dict[Ranks, int]], rule: str
) -> None:
    race, marks = drawn
    election = elect(race, Papers.of_marks(marks.items()), rule)
    assert_holds(election, at_least=1)
    told = [why for why in explain(election) if why.elected_as is None]
    assert all(why.ballots_more is not None for why in told)


@pytest.mark.parametrize(
    ("rule", "given"),
    [*((rule, {}) for rule in SEAT_RULES), ("ranked-pairs", {"strength": "winning-votes"})],
)
def test_a_real_election_is_explained_whole(rule: str, given: dict[str, str]) -> None:
    race, papers = read_blt(COMMITTEE)
    if SEAT_RULES[rule].one_seat:
        race = replace(race, seats=1)
    election = elect(race, papers, rule, given)
    assert_holds(election)
    lost = [why for why in explain(election) if why.elected_as is None]
    assert all(why.ballots_more for why in lost)


# --- what the voters got -------------------------------------------------------------------------


def test_papers_that_helped_somebody_are_counted() -> None:
    election = count("scottish-stv", 2, {"A B": 6, "C": 2, "B": 2, "C A": 1, "- D": 1, "": 4})
    figures = voters_figures(election)
    assert election.elected == ("A", "B")
    assert figures.as_document() == {"ballots": 12, "with_elected": 9, "with_first_elected": 8}
    firsts = {"A": 6, "B": 2, "C": 3, "D": 1}
    assert first_preferences(election.race, election.papers) == firsts


def test_who_withdrew_is_nobodys_first_preference() -> None:
    election = count("irv", 1, {"A B": 3, "B": 1, "A=B C": 2, "C": 2}, gone="A")
    firsts = first_preferences(election.race, election.papers)
    assert firsts == {"A": 0, "B": 6, "C": 2}
    assert voters_figures(election).with_first_elected == 6


def test_a_shared_first_rank_is_nobodys_first_preference() -> None:
    election = count("schulze", 1, {"A=B C": 2, "A": 1})
    assert first_preferences(election.race, election.papers) == {"A": 1, "B": 0, "C": 0}
    assert voters_figures(election).as_document() == {
        "ballots": 3, "with_elected": 3, "with_first_elected": 1,
    }  # fmt: skip


def test_the_other_rules_that_fit_the_seats_stand_beside() -> None:
    one = count("irv", 1, {"A": 4, "B A": 3, "C B": 2})
    assert {other.rule for other in other_elections(one)} == {*SEAT_RULES} - {"irv"}
    two = count("scottish-stv", 2, {"A": 4, "B A": 3, "C B": 2})
    assert {o.rule for o in other_elections(two)} == {*SEAT_RULES} - {"irv", "scottish-stv"}


def test_explaining_does_not_depend_on_the_order_of_the_papers() -> None:
    race = Race.build("x", [Candidate(name) for name in "ABC"], 2)
    marks = [(((0,), (1,)), 5), (((2,),), 3), (((1,), (2,)), 3), (((2,), (0,)), 1)]
    one, other = (Papers.of_marks(some) for some in (marks, marks[::-1]))
    for rule in ("scottish-stv", "meek-stv", "schulze"):
        assert explain(elect(race, one, rule)) == explain(elect(race, other, rule))
