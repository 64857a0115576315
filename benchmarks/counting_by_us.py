"""One run of ours for `benchmarks.counting`: read a file, count it by a rule, print what it took.

`python -m benchmarks.counting_by_us RULE FILE`; the rule as the command line knows it, or one for
seats, with the number of seats: `scottish-stv:10`.
"""

import json
import sys
import time
from dataclasses import replace
from pathlib import Path

from voting.counting import Ballots, Contest, count, read_pb
from voting.counting.seats import Candidate, Papers, Race, elect

QUICK = 0.05
TIMES = 20


def main() -> None:
    rule, _, seats = sys.argv[1].partition(":")
    begun = time.process_time()
    contest, ballots = read_pb(sys.argv[2])
    have_read = time.process_time()
    found = run(contest, ballots, rule, int(seats or 0))
    counted = time.process_time()
    times = TIMES if counted - have_read < QUICK else 1
    for _ in range(times):
        run(contest, ballots, rule, int(seats or 0))
    counted_again = time.process_time()
    outcome = {
        "read": have_read - begun,
        "count": counted - have_read,
        "again": (counted_again - counted) / times,
        "memory": peak_memory(),
        "winners": sorted(found),
    }
    print(json.dumps(outcome))


def run(contest: Contest, ballots: Ballots, rule: str, seats: int) -> tuple[str, ...]:
    return elected(contest, ballots, rule, seats) if seats else funded(contest, ballots, rule)


def funded(contest: Contest, ballots: Ballots, rule: str) -> tuple[str, ...]:
    if rule == "phragmen":
        contest = replace(contest, rule=rule, rule_version="", parameters={"no_skip": True})
        return count(contest, ballots).funded
    return count(contest, ballots, rule).funded


def elected(contest: Contest, ballots: Ballots, rule: str, seats: int) -> tuple[str, ...]:
    candidates = [Candidate(ref) for ref in contest.ids]
    race = Race.build(contest.title, candidates, seats, tie_order=contest.tie_order)
    return elect(race, Papers.of_ballots(ballots), rule).elected


def peak_memory() -> float:
    """The most resident memory this process has had, in megabytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("The kernel does not tell the peak memory of a process.")


if __name__ == "__main__":
    main()
