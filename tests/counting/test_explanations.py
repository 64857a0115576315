"""Whatever an explanation says is true when the count is run again with it, under every rule."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.counting.elections import ballots_of, contest_of, small_elections
from voting.counting import Ballots, Contest, Explanation, count, explain

Election = tuple[Contest, Ballots]


def told(contest: Contest, ballots: Ballots) -> dict[str, Explanation]:
    return {each.option: each for each in explain(contest, count(contest, ballots))}


def shares(contest: Contest, **parameters: object) -> Contest:
    return replace(contest, rule="equal-shares", parameters=parameters)


class Again:
    """The election with one thing changed, and counted from the start."""

    def __init__(self, contest: Contest, ballots: Ballots) -> None:
        self.contest, self.ballots = contest, ballots

    def at_cost(self, ref: str, cost: int) -> bool:
        options = [replace(o, cost=cost) if o.id == ref else o for o in self.contest.options]
        contest = replace(self.contest, options=tuple(options))
        return cost > 0 and ref in count(contest, self.ballots).funded

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
            totals = [sum(each) for each in given]
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
                options = tuple(
                    replace(o, cost=contest.budget + 1) if o.id == each.rival else o
                    for o in contest.options
                )
                assert ref in count(replace(contest, options=options), ballots).funded


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
]


@pytest.mark.parametrize(("rule", "parameters"), ORDINAL, ids=lambda value: str(value)[:50])
@given(election=small_elections())
def test_every_figure_is_true_when_the_count_is_run_again(
    election: Election, rule: str, parameters: Mapping[str, Any]
) -> None:
    contest, ballots = election
    if "exclusive" in parameters and len(contest.ids) < 2:
        return
    assert_true(replace(contest, rule=rule, parameters=parameters), ballots)
