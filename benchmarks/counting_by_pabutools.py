"""One run of pabutools for `benchmarks.counting`, by its own interpreter; imports nothing of ours.

The mode is `points` (the city's rule: the same winners) or `borda` (its ready-made Borda, flagged
additive, which is its fast path: other winners).
"""

import json
import sys
import time
from pathlib import Path

from pabutools.election import Additive_Borda_Sat, AdditiveSatisfaction, parse_pabulib
from pabutools.rules import greedy_utilitarian_welfare


def main() -> None:
    sat_class = {"points": PointsTimesCost, "borda": Additive_Borda_Sat}[sys.argv[2]]
    begun = time.process_time()
    instance, profile = parse_pabulib(sys.argv[1])
    have_read = time.process_time()
    funded = greedy_utilitarian_welfare(
        instance, profile, sat_class=sat_class, is_sat_additive=True
    )
    counted = time.process_time()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    outcome = {
        "read": have_read - begun,
        "count": counted - have_read,
        "memory": int(status.split("VmHWM:")[1].split()[0]) / 1024,
        "winners": [project.name for project in funded],
    }
    print(json.dumps(outcome))


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
