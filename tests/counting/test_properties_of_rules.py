"""What holds for every rule for money, whatever people vote: new rules are held to it as they come.

The second program is held against the first in the tests of both; here a rule stands alone.
"""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.counting import RULES, Ballots, Contest, Count, Option, count

Row = tuple[list[int], list[int]]

CHOICES: dict[str, dict[str, list[Any]]] = {
    "equal-shares": {
        "completion": ["none", "greedy", "add1", "add1-greedy", "epsilon"],
        "start": ["floor", "exact"],
        "utility": ["cost", "cardinality"],
        "entry_share": ["1/2", "2/1", "4/1"],
        "ties": [["votes", "cheaper"], ["place"]],
    },
    "expanding-approvals": {"completion": ["none", "greedy"]},
    "budget-stv": {"completion": ["none", "greedy"]},
    "minimal-transfers": {"completion": ["none", "greedy"]},
    "phragmen": {"no_skip": [True]},
    "points-by-rank": {"no_skip": [True]},
}
"""Parameters to draw beside the plain form; what a rule refuses on these ballots is not drawn."""

each_rule = pytest.mark.parametrize("rule", RULES)


class Vote(NamedTuple):
    contest: Contest
    rows: list[Row]

    def counted(self, rows: list[Row] | None = None) -> Count:
        return count(self.contest, ballots_of(self.contest, self.rows if rows is None else rows))


def ballots_of(contest: Contest, rows: list[Row]) -> Ballots:
    if contest.vote_type in ("cumulative", "scoring"):
        return Ballots.from_points(rows)
    ranked = contest.vote_type == "ordinal"
    return Ballots.from_rows([named if ranked else sorted(named) for named, _ in rows])


@st.composite
def votes(draw: st.DrawFn, rule: str) -> Vote:
    """A small vote that is counted by this rule, with few distinct costs, so that many tie."""
    vote_type = draw(st.sampled_from(RULES[rule].vote_types))
    number = draw(st.integers(1, 6))
    refs = [f"P{n}" for n in range(number)]
    parameters = {
        key: draw(st.sampled_from(values))
        for key, values in CHOICES.get(rule, {}).items()
        if draw(st.booleans())
    }
    contest = Contest.build(
        "Drawn",
        draw(st.integers(1, 30)) * 500,
        [Option.build(ref, draw(st.integers(1, 8)) * 500) for ref in refs],
        vote_type=vote_type,
        rule=rule,
        tie_order=draw(st.permutations(refs)),
        parameters=parameters,
    )
    most = 1 if vote_type == "choose-1" else number
    named = st.lists(st.integers(0, number - 1), min_size=1, max_size=most, unique=True)
    row = named.flatmap(
        lambda marks: st.tuples(
            st.just(marks), st.lists(st.integers(0, 4), min_size=len(marks), max_size=len(marks))
        )
    )
    return Vote(contest, draw(st.lists(row, min_size=1, max_size=9)))


def for_drawn(test: Callable[[Vote, int], None]) -> Callable[[str], None]:
    """The test, made for each rule on drawn votes and with a drawn number."""

    @each_rule
    def run(rule: str) -> None:
        @settings(max_examples=25)
        @given(votes(rule), st.integers(0, 1000))
        def drawn(vote: Vote, number: int) -> None:
            test(vote, number)

        drawn()

    run.__doc__ = test.__doc__
    return run


@for_drawn
def test_ballots_in_any_order_give_the_same_bytes(vote: Vote, seed: int) -> None:
    shuffled = list(vote.rows)
    random.Random(seed).shuffle(shuffled)
    assert vote.counted(shuffled).as_json() == vote.counted().as_json()


@for_drawn
def test_projects_by_other_ids_fund_the_same(vote: Vote, seed: int) -> None:
    """The ids play no part where nothing is drawn from them."""
    contest = vote.contest
    new = [f"{(n * 37 + seed) % 1009}-X" for n in range(len(contest.ids))]
    name = dict(zip(contest.ids, new, strict=True))
    options = tuple(replace(option, id=name[option.id]) for option in contest.options)
    renamed = replace(
        contest, options=options, tie_order=tuple(name[ref] for ref in contest.tie_order)
    )
    assert Vote(renamed, vote.rows).counted().funded == tuple(
        name[ref] for ref in vote.counted().funded
    )


@for_drawn
def test_projects_in_another_order_fund_the_same(vote: Vote, seed: int) -> None:
    """The tie order is what decides, not the place on the list."""
    contest, number = vote.contest, len(vote.contest.ids)
    places = random.Random(seed).sample(range(number), number)
    at = {old: new for new, old in enumerate(places)}
    moved = replace(contest, options=tuple(contest.options[old] for old in places))
    rows = [([at[mark] for mark in named], given) for named, given in vote.rows]
    assert Vote(moved, rows).counted().funded == vote.counted().funded


@for_drawn
def test_every_ballot_several_times_funds_the_same(vote: Vote, number: int) -> None:
    """Not where shares are raised or rounded by whole currency units, or units of a ballot."""
    given = vote.contest.parameters
    whole_units = str(given.get("completion", "")).startswith("add1") or "floor" in given.values()
    if whole_units or vote.contest.rule in ROUNDED:
        return
    times = 2 + number % 4
    assert vote.counted(vote.rows * times).funded == vote.counted().funded


ROUNDED = {"expanding-approvals", "budget-stv", "minimal-transfers"}
"""Rules by definition in billionths of a ballot, which may round otherwise among more ballots."""


@for_drawn
def test_money_is_never_overspent_and_always_accounted_for(vote: Vote, number: int) -> None:
    result = vote.counted()
    cost = dict(zip(result.contest.ids, result.contest.costs, strict=True))
    assert sum(cost[ref] for ref in result.funded) == result.spent <= result.contest.budget
    money = result.contest.budget
    for stage in result.stages:
        assert stage.money_before == money
        money -= stage.cost if stage.is_funded else 0
        assert stage.money_after == money
    assert {stage.option for stage in result.stages} == set(result.contest.ids)


@for_drawn
def test_completed_rules_leave_nothing_supported_that_fits(vote: Vote, number: int) -> None:
    """Rules by score fund even what nobody names."""
    result = vote.counted()
    given = vote.contest.parameters
    usual = "greedy" if vote.contest.vote_type == "ordinal" else "none"
    by_score = vote.contest.rule in ("points-by-rank", "approvals", "points")
    completed = by_score or str(given.get("completion", usual)).endswith("greedy")
    if not completed or ("no_skip" in given and "completion" not in given):
        return
    takes_part = {stage.option for stage in result.stages if stage.outcome != "below_entry"}
    left_out = takes_part - set(result.funded)
    named = {result.contest.ids[mark] for marks, _ in vote.rows for mark in marks}
    cost = dict(zip(result.contest.ids, result.contest.costs, strict=True))
    wanted = left_out if by_score else left_out & named
    assert all(cost[ref] > result.left for ref in wanted)
