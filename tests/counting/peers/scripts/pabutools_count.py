"""Counts by pabutools. Each case names a contest, its ballots and what to count by.

    {"budget": 500, "projects": [["a", 300]], "tie_order": ["a"],
     "ballots": [{"named": ["a"], "points": null, "copies": 2}],
     "rule": "shares", "worth": "cost", "ties": ["cheaper", "votes", "place"]}

Money is in hundredths. The answer to a case is the list of what is funded, in pabutools' order.
"""

import json
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from pabutools import fractions
from pabutools.election import (
    Additive_Borda_Sat,
    AdditiveSatisfaction,
    ApprovalBallot,
    ApprovalProfile,
    Cardinality_Sat,
    CumulativeBallot,
    CumulativeProfile,
    Instance,
    OrdinalBallot,
    OrdinalProfile,
    Project,
)
from pabutools.rules import (
    exhaustion_by_budget_increase,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    popularity_comparison,
    sequential_phragmen,
)
from pabutools.tiebreaking import TieBreakingRule

cstv = sys.modules["pabutools.rules.cstv"]  # of the same name as its function

UNIT = 100
Case = dict[str, Any]


def counted(case: Case) -> list[str]:
    instance, profile = election(case)
    ways = {
        "greedy": greedy, "shares": shares, "add1": add1, "comparison": comparison,
        "preferred": preferred, "phragmen": phragmen, "transfers": transfers,
    }  # fmt: skip
    return [project.name for project in ways[case["rule"]](case, instance, profile)]


def election(case: Case) -> tuple[Any, Any]:
    """The contest and its ballots as pabutools keeps them, equal ballots once."""
    projects = {ref: Project(ref, cost) for ref, cost in case["projects"]}
    instance = Instance(projects.values(), budget_limit=case["budget"])
    kinds = {
        "approval": (ApprovalProfile, ApprovalBallot),
        "ordinal": (OrdinalProfile, OrdinalBallot),
        "cumulative": (CumulativeProfile, CumulativeBallot),
    }
    profile_class, ballot_class = kinds[case["kind"]]
    profile = profile_class(instance=instance)
    for ballot in case["ballots"]:
        named = [projects[ref] for ref in ballot["named"]]
        marks = (
            named if ballot["points"] is None else dict(zip(named, ballot["points"], strict=True))
        )
        profile.extend([ballot_class(marks)] * ballot["copies"])
    return instance, profile.as_multiprofile()


def greedy(case: Case, instance: Any, profile: Any) -> Any:
    """By score. The rule divides by the cost, so that a score has to be times the cost."""
    worth = Additive_Borda_Sat if case["worth"] == "borda" else worth_of(case["worth"])
    return greedy_utilitarian_welfare(
        instance, profile, sat_class=worth, is_sat_additive=True, tie_breaking=ties_of(case)
    )


def shares(case: Case, instance: Any, profile: Any) -> Any:
    return method_of_equal_shares(
        instance, profile, sat_class=worth_of(case["worth"]), tie_breaking=ties_of(case)
    )


def add1(case: Case, instance: Any, profile: Any) -> Any:
    """Everybody's share grows by one unit; `increment` is pabutools' own short way to ask.

    It goes on where everything that anybody supports is funded; at the bound each supporter could
    pay for all of it alone.
    """
    if case.get("increment"):
        return method_of_equal_shares(
            instance, profile, sat_class=worth_of(case["worth"]), tie_breaking=ties_of(case),
            voter_budget_increment=UNIT,
        )  # fmt: skip
    ballots = profile.num_ballots()

    def run(growing: Any, profile: Any, **_: Any) -> Any:
        if case["start"] == "floor":
            share = Fraction(growing.budget_limit) / ballots
            growing = Instance(growing, budget_limit=int(share // UNIT) * UNIT * ballots)
        return shares(case, growing, profile)

    return exhaustion_by_budget_increase(
        instance, profile, run, exhaustive_stop=case["stop"] == "exhaustive",
        budget_step=UNIT * ballots,
        budget_bound=ballots * max(case["budget"], sum(cost for _, cost in case["projects"])),
    )  # fmt: skip


def comparison(case: Case, instance: Any, profile: Any) -> Any:
    """Equal shares, unless more voters prefer greedy funding."""
    return outcomes_preferred(case, instance, profile)[0]


def preferred(case: Case, instance: Any, profile: Any) -> Any:
    """Both outcomes, one after the other, where as many prefer the one as the other."""
    return [p for outcome in outcomes_preferred(case, instance, profile) for p in outcome]


def outcomes_preferred(case: Case, instance: Any, profile: Any) -> Any:
    return popularity_comparison(
        instance, profile, Cardinality_Sat,
        [lambda *_, **__: shares(case, instance, profile),
         lambda *_, **__: greedy(case | {"ties": ["place"]}, instance, profile)],
    )  # fmt: skip


def phragmen(case: Case, instance: Any, profile: Any) -> Any:
    return sequential_phragmen(instance, profile, tie_breaking=ties_of(case))


def transfers(case: Case, instance: Any, _profile: Any) -> Any:
    """Cumulative support transfer voting with the parts that our rule has, and nothing afterwards.

    Every ballot donates its share of the budget by its points. With exact numbers the rounds in
    which donations move need not end, so that these are floats.
    """
    ballots = sum(ballot["copies"] for ballot in case["ballots"])
    profile = CumulativeProfile(instance=instance)
    for ballot in case["ballots"]:
        unit = case["budget"] / ballots / sum(ballot["points"])
        given = dict(zip(ballot["named"], ballot["points"], strict=True))
        donations = {project: unit * given.get(project.name, 0) for project in instance}
        profile.extend([CumulativeBallot(donations)] * ballot["copies"])
    usual, fractions.FRACTION = fractions.FRACTION, fractions.FLOAT_FRAC
    try:
        return cstv.cstv(
            instance, profile, tie_breaking=ties_of(case),
            select_project_to_fund_func=cstv.select_project_gsc,
            eligible_projects_func=cstv.is_eligible_gsc,
            no_eligible_project_func=cstv.minimal_transfer,
            exhaustiveness_postprocess_func=lambda *_, **__: None,
        )  # fmt: skip
    finally:
        fractions.FRACTION = usual


def ties_of(case: Case) -> Any:
    named = [(set(ballot["named"]), ballot["copies"]) for ballot in case["ballots"]]
    costs = dict(case["projects"])
    ways: dict[str, Callable[[str], int]] = {
        "cheaper": lambda ref: costs[ref],
        "votes": lambda ref: -sum(copies for refs, copies in named if ref in refs),
        "place": case["tie_order"].index,
    }
    keys = {ref: tuple(ways[way](ref) for way in case["ties"]) for ref in costs}
    return TieBreakingRule(lambda _instance, _profile, project: keys[project.name])


def worth_of(name: str) -> type:
    """What a named project is worth to a ballot, as one of pabutools' additive satisfactions."""

    def worth(_instance: Any, _profile: Any, ballot: Any, project: Any, _known: Any) -> Any:
        if project not in ballot:
            return 0
        if name == "cardinality":
            return 1
        if name == "cost":
            return project.cost
        if name.startswith("rank-points"):
            points = len(ballot) - ballot.position(project)
        else:
            points = ballot[project]
        return points * project.cost if name.endswith("-cost") else points

    class Worth(AdditiveSatisfaction):
        def __init__(self, instance: Any, profile: Any, ballot: Any) -> None:
            super().__init__(instance, profile, ballot, worth)

    return Worth


if __name__ == "__main__":
    json.dump([counted(case) for case in json.load(sys.stdin)], sys.stdout)
