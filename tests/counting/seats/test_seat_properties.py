"""What holds of every rule for seats, whatever the papers say."""

import hashlib
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.elections import ROOT
from tests.counting.seats.races import Ranks, count, races
from voting.counting import CountingError
from voting.counting.seats import SEAT_RULES, Candidate, Election, Papers, Race, elect

COMMITTEE = ROOT / "tests" / "data" / "races" / "committee-2005.blt"
Example = tuple[Race, dict[Ranks, int]]


def rules_for(race: Race) -> list[str]:
    return [name for name, rule in SEAT_RULES.items() if race.seats == 1 or not rule.one_seat]


def has_tie(election: Election) -> bool:
    found = election.outcome
    return any(stage.ties for stage in found.stages) or bool(found.pairwise and found.pairwise.ties)


@given(races(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_the_papers_changes_no_byte(example: Example, chance: Any) -> None:
    race, marks = example
    singly = [(paper, 1) for paper, copies in marks.items() for _ in range(copies)]
    chance.shuffle(singly)
    for rule in rules_for(race):
        one = elect(race, Papers.of_marks(marks.items()), rule)
        other = elect(race, Papers.of_marks(singly), rule)
        assert one.as_json() == other.as_json()


@given(races(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_numbering_of_the_candidates_changes_nothing(example: Example, chance: Any) -> None:
    race, marks = example
    order = list(range(len(race.ids)))
    chance.shuffle(order)
    relabelled = Race.build(
        race.title, [race.candidates[old] for old in order], race.seats, tie_order=race.tie_order
    )
    place = {old: new for new, old in enumerate(order)}
    papers = Papers.of_marks(
        (tuple(tuple(place[number] for number in rank) for rank in paper), copies)
        for paper, copies in marks.items()
    )
    for rule in rules_for(race):
        first = elect(race, Papers.of_marks(marks.items()), rule)
        assert elect(relabelled, papers, rule).elected == first.elected


@given(races(), st.integers(2, 5))
@settings(max_examples=40, deadline=None)
def test_all_papers_several_times_give_the_same_ranking(example: Example, times: int) -> None:
    """Not by STV, whose quota adds one paper or a billionth however many there are."""
    race, marks = example
    for rule in ("schulze", "ranked-pairs", *(["irv"] if race.seats == 1 else [])):
        once = elect(race, Papers.of_marks(marks.items()), rule)
        more = elect(race, Papers.of_marks((paper, n * times) for paper, n in marks.items()), rule)
        assert once.elected == more.elected


@given(races(plain=True), st.data())
@settings(max_examples=100, deadline=None)
def test_a_group_with_so_many_quotas_gets_so_many_seats(example: Example, data: Any) -> None:
    """Droop proportionality for solid coalitions: who ranks the same ones above all others."""
    race, marks = example
    order = data.draw(st.permutations(range(len(race.ids))))
    marks = {**marks, tuple((number,) for number in order): data.draw(st.integers(5, 60))}
    for rule in [name for name in rules_for(race) if name.endswith(("stv", "irv"))]:
        result = elect(race, Papers.of_marks(marks.items()), rule)
        won = {race.ids.index(ref) for ref in result.elected}
        for size in range(1, len(order) + 1):
            group = set(order[:size])
            loyal = sum(copies for paper, copies in marks.items() if is_solid(paper, group))
            quotas = loyal * result.outcome.unit // result.stages[0].quota
            assert len(won & group) >= min(quotas, size, race.seats)


def is_solid(paper: Ranks, coalition: set[int]) -> bool:
    return {number for rank in paper[: len(coalition)] for number in rank} == coalition


@given(races(most=4))
@settings(max_examples=40, deadline=None)
def test_the_published_document_has_only_whole_numbers_and_texts(example: Example) -> None:
    race, marks = example
    for rule in rules_for(race):
        election = elect(race, Papers.of_marks(marks.items()), rule)
        text = election.as_json()
        document = json.loads(text, parse_float=lambda found: pytest.fail(f"a float: {found}"))
        assert document["elected"] == list(election.elected)
        assert document["ballots"]["number"] == sum(marks.values())
        lines = "".join(f"{line}\n" for line in election.papers.published_lines(race.ids))
        assert document["ballots"]["sha256"] == hashlib.sha256(lines.encode()).hexdigest()


def test_the_published_document_says_who_was_tied_for_what_and_what_decided() -> None:
    by_stage = count("irv", 1, {"A": 5, "B": 3, "C": 2, "D C": 1}).as_document()["stages"][2]
    assert by_stage["ties"] == [
        {"question": "exclusion", "candidates": ["B", "C"], "chosen": "C", "broken_by": "stage 1"}
    ]
    by_lot = count("schulze", 1, {"A": 1, "B": 1}, lot="BA").as_document()["pairwise"]
    assert by_lot["ties"] == [
        {"question": "order", "candidates": ["A", "B"], "chosen": "B", "broken_by": "lot"}
    ]


@given(races(), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_lot_matters_only_where_a_tie_is_on_record(example: Example, chance: Any) -> None:
    race, marks = example
    lot = list(race.ids)
    chance.shuffle(lot)
    other = Race.build(race.title, race.candidates, race.seats, tie_order=lot)
    for rule in (name for name in rules_for(race) if name != "ranked-pairs"):
        first = elect(race, Papers.of_marks(marks.items()), rule)
        if not has_tie(first):
            assert elect(other, Papers.of_marks(marks.items()), rule).elected == first.elected


@pytest.mark.parametrize("rule", SEAT_RULES.values(), ids=SEAT_RULES)
def test_every_rule_explains_itself_in_at_most_150_words(rule: Any) -> None:
    assert 110 <= len(rule.explanation.split()) <= 150
    assert 25 <= len(rule.example.split()) <= 80
    assert all(parameter.meaning.endswith(".") for parameter in rule.parameters.values())


def test_a_candidate_who_is_preferred_by_everybody_always_wins() -> None:
    race = Race.build("x", [Candidate(name) for name in "ABC"], 2)
    papers = Papers.of_marks([(((1,), (0,)), 5), (((1,), (2,)), 2)])
    for rule in rules_for(race):
        assert elect(race, papers, rule).elected[0] == "B"


def test_more_papers_than_64_bits_can_hold_are_refused() -> None:
    race = Race.build("x", [Candidate(name) for name in "AB"])
    papers = Papers.of_marks([(((0,),), 999_999_999), (((1,),), 2)])
    for rule in SEAT_RULES:
        with pytest.raises(CountingError, match="1,000,000,000"):
            elect(race, papers, rule)


def test_a_billion_papers_are_counted_to_the_last() -> None:
    race = Race.build("x", [Candidate(name) for name in "ABC"], 2)
    papers = Papers.of_marks([(((0,), (1,)), 600_000_000), (((2,),), 399_999_999), (((1,),), 1)])
    for rule in ("scottish-stv", "meek-stv"):
        result = elect(race, papers, rule)
        assert result.elected == ("A", "C")
        for stage in result.stages:
            together = sum(stage.tallies) + stage.non_transferable + stage.lost
            assert together == 1_000_000_000 * result.outcome.unit


@pytest.mark.parametrize("rule", SEAT_RULES)
def test_hashing_decides_nothing(rule: str) -> None:
    command = ["-m", "voting.counting", "elect", str(COMMITTEE), "--rule", rule, "--json"]
    seats = ["--seats", "1"] if SEAT_RULES[rule].one_seat else []
    found = {
        subprocess.run(
            [sys.executable, *command, *seats], cwd=ROOT, capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1
