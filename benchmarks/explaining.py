"""All explanations of Krakow 2024 under each rule offered, as a multiple of one count's time.

`python -m benchmarks.explaining` counts the city-wide contest (65,101 ranked ballots, 119 projects)
several times and takes the median, then explains the result once: for every project what it could
have cost, how many further ballots or how much more money would have been enough, and its rival,
each figure confirmed on both sides by whole counts. CPU time. The target for all of it is the time
of 2,000 counts. `python -m benchmarks.explaining add1` explains equal shares with each form of add1
instead, which takes a quarter of an hour each.
"""

import statistics
import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

from voting.counting import Contest, Count, Explanation, count, explain, read_pb

ROOT = Path(__file__).resolve().parent.parent
VOTE = ROOT / "data" / "krakow-2024" / "krakow_2024.pb.gz"
RULES = ("points-by-rank", "equal-shares", "expanding-approvals", "budget-stv")
ADD1 = ("add1", "add1-greedy")
FIGURES = ("cost_limit", "points_limit", "budget_limit", "ballots_more", "rival")
COUNTS = 15
TARGET = 2000


def main() -> int:
    contest, ballots = read_pb(VOTE)
    reached = True
    for name, asked in (added if sys.argv[1:] == ["add1"] else offered)(contest).items():
        result = count(asked, ballots)
        one = statistics.median(seconds(partial(count, asked, ballots)) for _ in range(COUNTS))
        begun = time.process_time()
        told = explain(asked, result)
        ratio = (time.process_time() - begun) / one
        reached = reached and ratio <= TARGET
        print(
            f"{name:20} one count {1000 * one:6.1f} ms   all {len(told)} explanations "
            f"{ratio:6.0f} counts' time   target {TARGET}: "
            f"{'reached' if ratio <= TARGET else 'MISSED'}"
        )
        print(f"{'':20} {found(told)}")
    return 0 if reached else 1


def offered(contest: Contest) -> dict[str, Contest]:
    """The contest by each rule offered."""
    return {rule: replace(contest, rule=rule, rule_version="1", parameters={}) for rule in RULES}


def added(contest: Contest) -> dict[str, Contest]:
    """The contest by equal shares with add1, in both forms."""
    plain = offered(contest)["equal-shares"]
    return {form: replace(plain, parameters={"completion": form}) for form in ADD1}


def seconds(act: partial[Count]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def found(told: tuple[Explanation, ...]) -> str:
    """How many of the projects that were not funded learn each figure."""
    lost = [each for each in told if each.code not in ("funded", "topped_up")]
    counts = (sum(getattr(each, figure) is not None for each in lost) for figure in FIGURES)
    figures = ", ".join(
        f"{figure} {number}" for figure, number in zip(FIGURES, counts, strict=True)
    )
    return f"of {len(lost)} not funded: {figures}"


if __name__ == "__main__":
    sys.exit(main())
