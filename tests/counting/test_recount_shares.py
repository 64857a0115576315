"""`recount.py` on equal shares, held against the definition written down without any shortcut."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.proportional_definitions import chain, helped_by_all, points_of_ranks
from tests.counting.recount_files import VoteFile, chains, scales, vote_files

Gains = list[dict[str, Fraction]]


def gains_of(vote: VoteFile, settings: dict[str, Any]) -> Gains:
    """What each ballot gains from each project it names."""
    gains = []
    for ballot in vote.ballots:
        projects, _, marks = ballot.partition(";")
        named = projects.split(",")
        by_rank = [Fraction(points) for points in points_of_ranks(vote, len(named), settings)]
        points = {
            "cost": [Fraction(1) for _ in named],
            "cardinality": [Fraction(1) for _ in named],
            "points": [Fraction(mark) for mark in marks.split(",") if mark],
            "rank-points": by_rank,
            "rank-points-cost": by_rank,
        }[settings["utility"]]
        size = vote.costs if settings["utility"].endswith("cost") else dict.fromkeys(vote.costs, 1)
        gain = {one: mark * size[one] for one, mark in zip(named, points, strict=True)}
        gains.append({one: worth for one, worth in gain.items() if worth > 0})
    return gains


def least_rho(cost: int, gain: list[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The least rho at which everybody's min(money, rho x gain) add up to the cost."""
    if sum(money for money, _ in gain) < cost:
        return None
    paid, weight = Fraction(0), sum(worth for _, worth in gain)
    for money, worth in sorted(gain, key=lambda one: one[0] / one[1]):
        if paid + money / worth * weight >= cost:
            return (cost - paid) / weight
        paid, weight = paid + money, weight - worth
    raise AssertionError("They had enough together.")


def shares(
    vote: VoteFile, gains: Gains, share: Fraction, ties: Callable[[str], list[Any]]
) -> tuple[list[str], list[Fraction]]:
    """One run, project by project, ballot by ballot; and the money that each has left."""
    money = [share for _ in gains]
    funded: list[str] = []
    while True:
        offers = []
        for project, cost in vote.costs.items():
            supporters = [
                (money[i], gain[project]) for i, gain in enumerate(gains) if project in gain
            ]
            rho = least_rho(cost, supporters) if supporters and project not in funded else None
            if rho is not None:
                offers.append((rho, ties(project), project))
        if not offers:
            return funded, money
        rho, _, best = min(offers)
        funded.append(best)
        for i, gain in enumerate(gains):
            money[i] -= min(money[i], rho * gain.get(best, Fraction(0)))


def by_definition(vote: VoteFile, settings: dict[str, Any]) -> list[str]:
    """Equal shares with all that belongs to it."""
    named = [ballot.partition(";")[0].split(",") for ballot in vote.ballots]
    least = Fraction(settings.get("entry_share", 0))
    barred = [
        one
        for one, cost in vote.costs.items()
        if sum(one in ballot for ballot in named) * vote.budget < least * cost * len(named)
    ]
    funded = by_shares(vote, settings, barred)
    if settings.get("comparison"):
        other = filled_up(vote, [], barred, {})
        ahead = [len({*ballot} & {*other}) - len({*ballot} & {*funded}) for ballot in named]
        if sum(more > 0 for more in ahead) > sum(more < 0 for more in ahead):
            return other
    return funded


def by_shares(vote: VoteFile, settings: dict[str, Any], barred: list[str]) -> list[str]:
    """Equal shares and its completions, one currency unit at a time."""
    gains = [
        {one: worth for one, worth in gain.items() if one not in barred}
        for gain in gains_of(vote, settings)
    ]
    ties = chain(vote, settings)
    completion = settings["completion"]
    share = Fraction(vote.budget, max(1, len(gains)))
    if settings.get("start", "floor" if completion.startswith("add1") else "exact") == "floor":
        share = Fraction(share // vote.unit * vote.unit)
    funded, money = shares(vote, gains, share, ties)
    supported = {one for gain in gains for one in gain}
    while completion.startswith("add1") and set(funded) < supported:
        if settings.get("stop") == "exhaustive" and not fitting(vote, funded, barred):
            break
        share += vote.unit
        more, _ = shares(vote, gains, share, ties)
        if spent(vote, more) > vote.budget:
            break
        funded = more
    if completion == "epsilon":
        supporters = [set(gain) for gain in gains]
        return helped_by_all(vote, money, supporters, [*barred, *funded], settings)[len(barred) :]
    return filled_up(vote, funded, barred, settings) if completion.endswith("greedy") else funded


def filled_up(
    vote: VoteFile, funded: list[str], barred: list[str], settings: dict[str, Any]
) -> list[str]:
    """Spend what is left by falling scores."""
    score, place = scores(vote, settings), vote.ties or list(vote.costs)
    for project in sorted(vote.costs, key=lambda one: (-score[one], place.index(one))):
        if project in fitting(vote, funded, barred):
            funded = [*funded, project]
    return funded


def scores(vote: VoteFile, settings: dict[str, Any]) -> dict[str, Fraction]:
    total = dict.fromkeys(vote.costs, Fraction(0))
    for ballot in vote.ballots:
        projects, _, marks = ballot.partition(";")
        named = projects.split(",")
        given = [Fraction(mark) for mark in marks.split(",") if mark]
        if vote.kind == "ordinal":
            given = [Fraction(one) for one in points_of_ranks(vote, len(named), settings)]
        for project, points in zip(named, given or [Fraction(1)] * len(named), strict=True):
            total[project] += points
    return total


def spent(vote: VoteFile, funded: Iterable[str]) -> int:
    return sum(vote.costs[one] for one in funded)


def fitting(vote: VoteFile, funded: list[str], barred: Iterable[str] = ()) -> list[str]:
    left = vote.budget - spent(vote, funded)
    out = {*funded, *barred}
    return [one for one, cost in vote.costs.items() if cost <= left and one not in out]


@st.composite
def settled(draw: st.DrawFn) -> tuple[VoteFile, dict[str, Any]]:
    vote = draw(vote_files(decimals=(0, 0, 1, 2, 3, 5)))
    utilities = ["cost", "cardinality"]
    utilities += ["rank-points", "rank-points-cost"] * (vote.kind == "ordinal")
    utilities += ["points"] * (vote.kind in ("cumulative", "scoring"))
    chosen: dict[str, Any] = {
        "utility": draw(st.sampled_from(utilities)),
        "completion": draw(st.sampled_from(["none", "greedy", "add1", "add1-greedy", "epsilon"])),
    }
    if draw(st.booleans()):
        chosen["start"] = draw(st.sampled_from(["floor", "exact"]))
        if chosen["completion"].startswith("add1"):
            chosen["stop"] = draw(st.sampled_from(["overspend", "exhaustive"]))
        chosen |= draw(chains(vote.kind)) | draw(scales(vote))
    if draw(st.booleans()):
        chosen |= {"comparison": True} if vote.kind in ("approval", "choose-1") else {}
        chosen["entry_share"] = draw(st.sampled_from(["1/3", "1/1", "3/2"]))
    vote.rule, vote.parameters = "equal-shares", chosen
    return vote, chosen


@settings(max_examples=250)
@given(settled())
def test_the_shortcuts_change_nothing(drawn: tuple[VoteFile, dict[str, Any]]) -> None:
    vote, chosen = drawn
    assert vote.winners() == by_definition(vote, chosen)
    assert "is left." in vote.account()


@settings(max_examples=150)
@given(settled(), st.integers(3, 20), st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_steps_that_change_nothing_may_be_skipped(
    drawn: tuple[VoteFile, dict[str, Any]], times: int, more: list[int]
) -> None:
    """Larger costs: many steps, between most of which every decision is the same."""
    vote, chosen = drawn
    chosen["completion"] = "add1"
    for project, extra in zip(vote.costs, more, strict=False):
        vote.costs[project] = vote.costs[project] * times + extra
    vote.budget *= times
    assert vote.winners() == by_definition(vote, chosen)


def test_many_small_steps_are_taken_as_few() -> None:
    """Two million units of currency for three voters: one step after another would take hours."""
    costs = {"park": 900_000, "bridge": 1_100_000, "benches": 700_000}
    vote = VoteFile(
        "approval", costs, ["park,benches", "bridge", "park"], 2_000_000, "equalshares/add1"
    )
    # The first and the third pay 450,000 each for the park. From 1,100,000 on the second pays for
    # the bridge; from 1,150,000 on the first would have the benches, too, and that is too much.
    assert vote.winners() == ["park", "bridge"]
    assert "Every ballot had a share of 1149999.0000" in vote.account()


@pytest.fixture
def divided() -> VoteFile:
    """Three quarters want the park, which takes all; a quarter wants benches, trees and a swing."""
    costs = {"park": 100, "benches": 8, "trees": 8, "swing": 8}
    ballots = ["park"] * 2 + ["park,swing"] + ["benches,trees,swing"] * 2
    return VoteFile("approval", costs, ballots, 100)


def test_each_ballot_pays_only_for_what_it_names(divided: VoteFile) -> None:
    assert divided.winners("--rule", "greedy") == ["park"]
    assert divided.winners("--rule", "equalshares") == ["swing", "benches", "trees"]


def test_the_comparison_takes_greedy_where_more_ballots_gain_by_it(divided: VoteFile) -> None:
    assert divided.winners("--rule", "equalshares-comparison") == ["swing", "benches", "trees"]
    divided.ballots += ["park"]
    account = divided.account("--rule", "equalshares-comparison")
    assert "greedy is the result" in account
    assert divided.winners("--rule", "equalshares/add1-comparison") == ["park"]


def test_what_too_few_name_for_its_cost_is_left_out(divided: VoteFile) -> None:
    divided.rule, divided.parameters = "equal-shares", {"entry_share": "1/1", "completion": "none"}
    divided.costs = {"park": 61, "benches": 40, "trees": 41, "swing": 8}
    account = divided.account()
    assert "Named too rarely for its cost to be considered: park" in account
    assert "considered: trees" in account
    assert "considered: benches" not in account, "two of five ballots for 40 of 100 are just enough"


def test_the_account_tells_what_supporters_paid(divided: VoteFile) -> None:
    account = divided.account("--rule", "equalshares")
    assert "Every ballot had a share of 20.0000 (rounded)." in account
    assert "3 supporters paid at most 2.6667 for swing, which costs 8, leaves 92" in account
    assert "2 supporters paid at most 4.0000 for benches" in account
    assert "park           costs 100, its supporters had too little" in account
