"""One run of pabutools for `benchmarks.counting`, by its own interpreter; imports nothing of ours.

The mode is `points` (the city's rule: the same winners), `borda` (its ready-made Borda, flagged
additive, which is its fast path: other winners), `shares`, `add1` or `phragmen`.
"""

import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pabutools.election import Additive_Borda_Sat, AdditiveSatisfaction, Cost_Sat, parse_pabulib
from pabutools.rules import (
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)


def main() -> None:
    modes: dict[str, Callable[[Any, Any], Any]] = {
        "points": partial(greedy, satisfaction=PointsTimesCost),
        "borda": partial(greedy, satisfaction=Additive_Borda_Sat),
        "shares": partial(method_of_equal_shares, sat_class=Cost_Sat),
        "add1": partial(method_of_equal_shares, sat_class=Cost_Sat, voter_budget_increment=1),
        "phragmen": sequential_phragmen,
    }
    begun = time.process_time()
    instance, profile = parse_pabulib(sys.argv[2])
    have_read = time.process_time()
    funded = modes[sys.argv[1]](instance, profile)
    counted = time.process_time()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    outcome = {
        "read": have_read - begun,
        "count": counted - have_read,
        "memory": int(status.split("VmHWM:")[1].split()[0]) / 1024,
        "winners": sorted(project.name for project in funded),
    }
    print(json.dumps(outcome))


def greedy(instance: Any, profile: Any, satisfaction: type) -> Any:
    return greedy_utilitarian_welfare(
        instance, profile, sat_class=satisfaction, is_sat_additive=True
    )


class PointsTimesCost(AdditiveSatisfaction):
    """Points by rank; times the cost, since the rule divides by the cost again."""

    def __init__(self, instance: object, profile: object, ballot: object) -> None:
        super().__init__(instance, profile, ballot, points_times_cost)


def points_times_cost(
    instance: object,  # noqa: ARG001 - pabutools calls with these five
    profile: object,  # noqa: ARG001
    ballot: object,
    project: object,
    precomputed: object,  # noqa: ARG001
) -> object:
    if project not in ballot:  # type: ignore[operator]
        return 0
    return (len(ballot) - ballot.position(project)) * project.cost  # type: ignore[arg-type,attr-defined]


if __name__ == "__main__":
    main()
