"""One run for `benchmarks.scale`: group and count the packed ballots of a file, print what it took.

Memory is the peak, in megabytes, above what the idle process holds: this one, with every module
loaded and the contest made, before it loads the packed ballots. They themselves are part of the
peak, and stay there to the end.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.counting_by_us import peak_memory
from voting.counting import Ballots, Contest, Option, count

BUDGET = 30_000_000
DEAREST = 6_000_000


def main() -> None:
    contest = Contest.build("Scale", BUDGET, _options())
    idle = _memory_now()
    packed = np.load(sys.argv[1])
    begun = time.process_time()
    ballots = Ballots.from_matrix(packed)
    grouped = time.process_time()
    result = count(contest, ballots, sys.argv[2])
    counted = time.process_time()
    outcome = {
        "group": grouped - begun,
        "count": counted - grouped,
        "distinct": len(ballots.narrow_copies),
        "memory": peak_memory() - idle,
        "funded": len(result.funded),
    }
    print(json.dumps(outcome))


def _options() -> list[Option]:
    costs = np.random.default_rng(7).integers(200_000, DEAREST, 119).tolist()
    return [Option.build(f"P{number}", cost) for number, cost in enumerate(costs)]


def _memory_now() -> float:
    """The resident memory of this process, in megabytes."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(text.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    main()
