"""The rule, on votes small enough to follow with a pencil."""

import pytest

from tests.counting.elections import ballots_of, contest_of
from voting.counting import RULES, Ballots, CountingError, UnknownRule, count


def test_the_first_of_k_ranks_gets_k_points_and_the_last_gets_one() -> None:
    contest = contest_of(100, {"a": 1, "b": 1, "c": 1})
    result = count(contest, ballots_of(contest, "a,b,c", "c,b", "b"))
    points = {stage.option: stage.points for stage in result.stages}
    assert points == {"a": 3, "b": 2 + 1 + 1, "c": 1 + 2}


def test_what_no_longer_fits_is_skipped_and_the_next_has_its_turn() -> None:
    contest = contest_of(100, {"park": 70, "bridge": 60, "benches": 30})
    result = count(contest, ballots_of(contest, *["park,bridge,benches"] * 5))
    assert result.funded == ("park", "benches")
    assert [stage.outcome for stage in result.stages] == ["funded", "skipped", "funded"]
    assert [stage.money_before for stage in result.stages] == [100, 30, 30]
    assert (result.spent, result.left) == (100, 0)


@pytest.mark.parametrize(
    ("tie_order", "winner"), [(None, "a"), (["a", "b", "c"], "a"), (["c", "b", "a"], "b")]
)
def test_equal_points_follow_the_published_tie_order(
    tie_order: list[str] | None, winner: str
) -> None:
    contest = contest_of(50, {"a": 50, "b": 50, "c": 60}, tie_order)
    result = count(contest, ballots_of(contest, "a,b", "b,a", "c"))
    assert result.funded == (winner,)


def test_a_tie_that_decides_who_wins_is_on_record() -> None:
    contest = contest_of(50, {"a": 30, "b": 30, "c": 60})
    first, second, last = count(contest, ballots_of(contest, "a", "b")).stages
    assert (first.tied_with, first.tie_decides) == (("b",), True)
    assert (second.tied_with, second.tie_decides) == (("a",), True)
    assert (last.tied_with, last.tie_decides) == ((), False)


def test_a_tie_that_changes_nothing_is_told_apart() -> None:
    contest = contest_of(60, {"a": 30, "b": 30, "c": 61})
    stages = count(contest, ballots_of(contest, "a", "b", "c")).stages
    assert not any(stage.tie_decides for stage in stages)
    assert stages[0].tied_with == ("b", "c")


def test_an_option_that_nobody_ranked_comes_last() -> None:
    contest = contest_of(100, {"unseen": 60, "liked": 60})
    result = count(contest, ballots_of(contest, "liked"))
    assert result.funded == ("liked",)
    assert result.stages[-1].points == 0


def test_the_count_is_a_document_of_whole_numbers_and_texts() -> None:
    contest = contest_of(100, {"park": 70, "bridge": 60})

    def kinds(value: object) -> set[type]:
        if isinstance(value, dict):
            return set().union(*map(kinds, value), *map(kinds, value.values()))
        return set().union(*map(kinds, value)) if isinstance(value, list) else {type(value)}

    result = count(contest, ballots_of(contest, "park,bridge", "bridge"))
    document = result.as_document()
    assert kinds(document) == {int, str}
    assert document["contest"]["rule"] == "points-by-rank"
    assert document["contest"]["rule_version"] == "1"
    assert document["contest"]["parameters"] == {"tie_order": ["park", "bridge"]}
    assert document["funded"] == ["park"]
    again = count(contest, ballots_of(contest, "bridge", "park,bridge"))
    assert again.as_json() == result.as_json()


def test_an_unknown_rule_is_refused_with_those_that_are_known() -> None:
    contest = contest_of(100, {"park": 70})
    with pytest.raises(UnknownRule, match="points-by-rank"):
        count(contest, ballots_of(contest, "park"), "by-beauty")


def test_ballots_of_another_contest_are_refused() -> None:
    with pytest.raises(CountingError, match="not in the contest"):
        count(contest_of(100, {"park": 70}), Ballots.from_rows([(3,)]))


def test_every_rule_is_explained_in_at_most_150_words_with_an_example() -> None:
    for rule in RULES.values():
        assert len(rule.explanation.split()) <= 150
        assert "For example" in rule.explanation
