"""One run of pyrankvote for `benchmarks.counting`: instant runoff, by the peers' interpreter.

It reads no `.pb` files, so reading is not timed; its ballots are made before.
"""

import json
import sys
import time
from pathlib import Path

from pyrankvote import Ballot, Candidate, instant_runoff_voting


def main() -> None:
    head, _, votes = Path(sys.argv[2]).read_text(encoding="utf-8").partition("\nVOTES\n")
    ids = [line.split(";")[0] for line in head.partition("\nPROJECTS\n")[2].splitlines()[1:]]
    candidates = {ref: Candidate(ref) for ref in ids}
    place = votes.splitlines()[0].split(";").index("vote")
    rankings = [line.split(";")[place].strip('"') for line in votes.splitlines()[1:]]
    ballots = [Ballot([candidates[ref] for ref in ranking.split(",")]) for ranking in rankings]
    begun = time.process_time()
    result = instant_runoff_voting(list(candidates.values()), ballots)
    counted = time.process_time()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    outcome = {
        "read": 0.0,
        "count": counted - begun,
        "memory": int(status.split("VmHWM:")[1].split()[0]) / 1024,
        "winners": [winner.name for winner in result.get_winners()],
    }
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
