"""Whatever an explanation says is true when the count is run again with it, under every rule."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.elections import (
    KRAKOW_2024,
    ballots_of,
    contest_of,
    small_elections,
    told,
    wins,
    with_cost,
)
from voting.counting import RULES, Ballots, Contest, count, explain, read_pb
from voting.counting.explanations.search import turning_point
from voting.counting.explanations.trials import Trials
from voting.counting.parameters import canonical_json

Election = tuple[Contest, Ballots]


class Again:
    """The election with one thing changed, and counted from the start."""

    def __init__(self, contest: Contest, ballots: Ballots) -> None:
        self.contest, self.ballots = contest, ballots

    def at_cost(self, ref: str, cost: int) -> bool:
        return cost > 0 and wins(with_cost(self.contest, ref, cost), self.ballots, ref)

    def with_budget(self, ref: str, budget: int) -> bool:
        return ref in count(replace(self.contest, budget=budget), self.ballots).funded

    def with_ballots(self, ref: str, more: int) -> bool:
        number = self.contest.ids.index(ref)
        rows, given = [], []
        bounds = zip(self.ballots.starts.tolist(), self.ballots.starts.tolist()[1:], strict=False)
        for (start, end), copies in zip(bounds, self.ballots.copies.tolist(), strict=True):
            rows += [self.ballots.options[start:end].tolist()] * copies
            if self.ballots.points is not None:
                given += [self.ballots.points[start:end].tolist()] * copies
        if self.ballots.points is None:
            ballots = Ballots.from_rows([*rows, *[[number]] * more])
        else:
            totals = [sum(each) for each in given] or [1]
            usual = max(totals, key=lambda total: (totals.count(total), total))
            rows, given = rows + [[number]] * more, given + [[usual]] * more
            ballots = Ballots.from_points(zip(rows, given, strict=True))
        return ref in count(self.contest, ballots).funded


def assert_true(contest: Contest, ballots: Ballots) -> None:
    again, result = Again(contest, ballots), count(contest, ballots)
    explained = explain(contest, result)
    assert [each.option for each in explained] == [stage.option for stage in result.outcomes]
    for each in explained:
        ref = each.option
        if each.cost_limit is not None:
            assert (each.cost_limit >= each.cost) == (ref in result.funded)
            assert again.at_cost(ref, each.cost_limit)
            assert not again.at_cost(ref, each.cost_limit + 1)
        if each.budget_limit is not None:
            assert ref not in result.funded
            assert again.with_budget(ref, each.budget_limit)
            assert not again.with_budget(ref, each.budget_limit - 1)
        if each.ballots_more is not None:
            assert ref not in result.funded
            assert again.with_ballots(ref, each.ballots_more)
            assert not again.with_ballots(ref, each.ballots_more - 1)
        if each.rival is not None:
            assert each.rival in result.funded
            assert ref not in result.funded
            if not contest.parameters.get("no_skip"):
                assert wins(with_cost(contest, each.rival, contest.budget + 1), ballots, ref)


ORDINAL: list[tuple[str, Mapping[str, Any]]] = [
    ("points-by-rank", {}),
    ("points-by-rank", {"ties": ["cheaper", "votes"]}),
    ("points-by-rank", {"no_skip": True, "top_up": 80}),
    ("points-by-rank", {"threshold_share": "1/3", "ties": ["first_ranks"]}),
    ("points-by-rank", {"exclusive": [["P0", "P1"]]}),
    ("equal-shares", {}),
    ("equal-shares", {"utility": "rank-points", "completion": "none"}),
    ("equal-shares", {"utility": "cardinality", "ties": ["votes", "cheaper"]}),
    ("equal-shares", {"utility": "cost", "entry_share": "1/2"}),
    ("equal-shares", {"completion": "add1"}),
    ("equal-shares", {"completion": "add1-greedy", "stop": "exhaustive"}),
    ("equal-shares", {"completion": "epsilon", "utility": "cost"}),
    ("expanding-approvals", {"completion": "none"}),
]


TICKED: list[tuple[str, Mapping[str, Any]]] = [
    ("approvals", {}),
    ("equal-shares", {}),
    ("equal-shares", {"completion": "greedy", "utility": "cardinality"}),
    ("equal-shares", {"comparison": True, "completion": "add1"}),
]
ALL_RULES: dict[str, list[tuple[str, Mapping[str, Any]]]] = {
    kind: [(name, {}) for name, rule in RULES.items() if kind in rule.vote_types]
    for kind in ("ordinal", "approval", "cumulative", "scoring")
}


def by_name(value: object) -> str:
    return str(value)[:60]


@pytest.mark.parametrize(("rule", "parameters"), [*ORDINAL, *ALL_RULES["ordinal"]], ids=by_name)
@settings(max_examples=25)
@given(election=small_elections())
def test_every_figure_is_true_when_the_count_is_run_again(
    election: Election, rule: str, parameters: Mapping[str, Any]
) -> None:
    contest, ballots = election
    if "exclusive" in parameters and len(contest.ids) < 2:
        return
    assert_true(replace(contest, rule=rule, parameters=parameters), ballots)


@pytest.mark.parametrize(("rule", "parameters"), [*TICKED, *ALL_RULES["approval"]], ids=by_name)
@settings(max_examples=20)
@given(election=small_elections())
def test_every_figure_is_true_for_those_who_tick(
    election: Election, rule: str, parameters: Mapping[str, Any]
) -> None:
    contest, ballots = election
    ticked = replace(contest, vote_type="approval", rule=rule, parameters=parameters)
    assert_true(ticked, ballots.unordered() if len(ballots) else ballots)


@pytest.mark.parametrize("kind", ["cumulative", "scoring"])
@settings(max_examples=20)
@given(election=small_elections(), data=st.data())
def test_every_figure_is_true_for_those_who_give_points(
    election: Election, data: st.DataObject, kind: str
) -> None:
    contest, ranked = election
    points = st.integers(0 if kind == "cumulative" else -2, 4)
    rows = [
        (row, data.draw(st.lists(points, min_size=len(row), max_size=len(row))))
        for row in ([contest.ids.index(ref) for ref in r] for r, _ in ranked.rankings(contest.ids))
    ]
    for rule, _ in ALL_RULES[kind]:
        assert_true(replace(contest, vote_type=kind, rule=rule), Ballots.from_points(rows))


@pytest.mark.parametrize(
    "parameters", [given for name, given in ORDINAL if name == "equal-shares"], ids=by_name
)
@settings(max_examples=25)
@given(election=small_elections())
def test_what_a_trial_funds_is_what_the_count_funds(
    election: Election, parameters: Mapping[str, Any]
) -> None:
    contest, ballots = election
    result = count(replace(contest, rule="equal-shares", parameters=parameters), ballots)
    assert result.rule.funds is not None
    assert result.rule.funds(result.contest, ballots) == set(result.funded)


def ten_neighbours() -> Election:
    """100.00 shared by ten: six want the park, five of them the bridge too, four the benches."""
    contest = replace(
        contest_of(10000, {"park": 4800, "bridge": 4000, "benches": 3000}),
        vote_type="approval",
        rule="equal-shares",
    )
    return contest, ballots_of(contest, *["park,bridge"] * 5, "park", *["benches"] * 4)


def test_supporters_without_money_learn_what_was_missing() -> None:
    contest, ballots = ten_neighbours()
    bridge = told(contest, ballots)["bridge"]
    assert bridge.code == "unpaid"
    assert bridge.cost_limit == 1000, "five had 2.00 left each"
    assert bridge.budget_limit == 16000, "eight for the park, and eight more from each of five"
    assert bridge.ballots_more == 1, "with six supporters it is as good a buy, and cheaper"
    assert bridge.rival == "park", "that is what its supporters spent their money on"


def test_what_was_bought_learns_how_dear_it_might_have_been() -> None:
    contest, ballots = ten_neighbours()
    found = told(contest, ballots)
    park, benches = found["park"], found["benches"]
    assert (benches.code, benches.cost_limit) == ("funded", 4000), "all that the four had"
    assert park.cost_limit is not None
    assert Again(contest, ballots).at_cost("park", park.cost_limit)
    assert (park.budget_limit, park.ballots_more, park.rival) == (None, None, None)


def test_a_loser_by_points_learns_its_rival_and_the_missing_ballots() -> None:
    contest = contest_of(100, {"park": 70, "bridge": 60, "benches": 30})
    ballots = ballots_of(contest, *["park"] * 5, *["bridge"] * 3, "benches")
    bridge = told(contest, ballots)["bridge"]
    assert (bridge.ballots_more, bridge.rival) == (3, "park")


def test_a_further_ballot_gives_as_many_points_as_most_do() -> None:
    contest = replace(contest_of(10, {"a": 10, "b": 10}), vote_type="cumulative", rule="points")
    ballots = Ballots.from_points([([0, 1], [4, 2]), ([0, 1], [4, 2]), ([1], [1])])
    b = told(contest, ballots)["b"]
    assert (b.points, b.points_limit) == (5, 9)
    assert (b.ballots_more, b.rival) == (1, "a"), "a ballot more gives it six points"


def test_one_dearer_than_all_the_money_is_not_told_to_find_more_voters() -> None:
    contest = contest_of(100, {"palace": 101, "hut": 1})
    for rule in ("points-by-rank", "equal-shares"):
        found = told(replace(contest, rule=rule), ballots_of(contest, "palace,hut", "palace"))
        palace = found["palace"]
        assert (palace.code, palace.ballots_more, palace.rival) == ("over_budget", None, None)
        assert palace.budget_limit is not None


def test_a_limit_of_a_list_is_part_of_what_it_could_have_cost() -> None:
    limits = [{"ids": ["a", "b"], "money": 50}]
    contest = replace(contest_of(100, {"a": 30, "b": 30}), parameters={"limits": limits})
    b = told(contest, ballots_of(contest, "a,b"))["b"]
    assert (b.code, b.cost_limit, b.rival) == ("limit_reached", 20, "a")


def test_the_document_of_an_explanation_is_plain() -> None:
    contest, ballots = ten_neighbours()
    document = told(contest, ballots)["bridge"].as_document()
    assert list(document)[:2] == ["option", "code"]
    assert json.loads(canonical_json(document)) == document
    assert {"ballots_more": 1, "rival": "park", "points_limit": None}.items() <= document.items()


def test_a_few_further_first_choices_reach_the_quota() -> None:
    """Ten ballots share 100: the park costs 60 and needs six of them, and has five."""
    contest = replace(
        contest_of(100, {"park": 60, "benches": 40}),
        rule="expanding-approvals",
        parameters={"completion": "none"},
    )
    ballots = ballots_of(contest, *["park"] * 5, *["benches"] * 5)
    park = told(contest, ballots)["park"]
    assert park.code == "unpaid"
    assert park.cost_limit == 50, "five of ten ballots are worth half of the budget"
    assert park.budget_limit == 120, "of which five of ten are worth the sixty"
    assert park.ballots_more == 3, "eight of thirteen are more than 60 in 100, seven of twelve not"


TIED: list[tuple[str, str, Mapping[str, Any]]] = [
    ("expanding-approvals", "ordinal", {}),
    ("budget-stv", "ordinal", {"completion": "none"}),
    ("equal-shares", "ordinal", {"completion": "none"}),
    ("phragmen", "approval", {}),
]


@pytest.mark.parametrize(("rule", "vote_type", "parameters"), TIED, ids=by_name)
def test_who_lost_a_tie_is_told_so_under_every_rule(
    rule: str, vote_type: str, parameters: Mapping[str, Any]
) -> None:
    """Two neighbours want either of two things, and there is money for one."""
    contest = replace(
        contest_of(50, {"a": 50, "b": 50}), vote_type=vote_type, rule=rule, parameters=parameters
    )
    ballots = ballots_of(contest, "a,b", "b,a")
    found = told(contest, ballots.unordered() if vote_type == "approval" else ballots)
    assert (found["a"].code, found["b"].code) == ("funded", "lost_tie")


def test_who_would_not_have_been_paid_for_anyhow_lost_no_tie() -> None:
    contest = replace(contest_of(50, {"a": 50, "b": 60}), rule="budget-stv")
    assert told(contest, ballots_of(contest, "a,b", "b,a"))["b"].code == "over_budget"


@pytest.mark.parametrize("rule", ["equal-shares", "expanding-approvals", "budget-stv"])
def test_in_a_real_district_everybody_learns_what_was_missing(rule: str) -> None:
    path = next(path for path in KRAKOW_2024 if "czyzyny" in path.name)
    contest, ballots = read_pb(path)
    result = count(contest, ballots, rule)
    explained = explain(result.contest, result)
    lost = [each for each in explained if each.option not in result.funded]
    assert len(lost) == 18
    assert all(each.cost_limit is not None for each in explained)
    assert all(each.ballots_more is not None for each in lost)
    assert all(each.budget_limit is not None for each in lost)
    assert sum(each.rival is not None for each in lost) >= 3


def test_no_more_trials_are_made_than_were_allowed() -> None:
    contest, ballots = ten_neighbours()
    for allowed, limit in ((1, None), (2, 1000)):
        trials = Trials(count(contest, ballots), most=allowed)
        found = turning_point(
            contest.budget + 1, lambda _: 1000, partial(trials.funds_at_cost, "bridge"), -1
        )
        assert found == limit
