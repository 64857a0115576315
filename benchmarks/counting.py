"""Reading and counting Krakow 2024, measured beside pabutools in one run.

`python -m benchmarks.counting` takes the city-wide contest (65,101 ranked ballots, 119 projects),
uncompressed, once per process: a fresh process each time, CPU time of reading and of counting
without the time that imports take, and the peak of resident memory, imports included. Medians of
repeated runs. Both sides must fund the official winners, or the run is void.

pabutools is no part of the product. To measure it:

    make .venv-peers/.installed

Without it the program says so and times ours alone.
"""

import gzip
import json
import statistics
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VOTE = ROOT / "data" / "krakow-2024" / "krakow_2024.pb.gz"
PEER = ROOT / ".venv-peers" / "bin" / "python"
RUN_SCRIPT = ROOT / "tests" / "counting" / "peers" / "run_script.py"
RUNS = 15
PEER_RUNS = 3

EXPLANATION = """
pabutools orders projects by points per cost, and its Borda gives a ballot's last choice nothing.
Told by a satisfaction class to add 3-2-1 times the cost, it funds what the city funded: the same
rule, and what the targets are held against. Its own Borda, flagged additive, is its quickest way
through ranked ballots and funds other projects.
"""


@dataclass(frozen=True)
class Measured:
    """Medians over runs: CPU seconds and peak memory in megabytes."""

    read: float
    count: float
    memory: float
    winners: list[str]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        vote = Path(folder) / "krakow_2024.pb"
        vote.write_bytes(gzip.decompress(VOTE.read_bytes()))
        ours = measure([sys.executable, "-m", "benchmarks.counting_by_us", str(vote)], RUNS)
        report("Common Purse", ours, RUNS)
        if not PEER.exists():
            print("pabutools is not in .venv-peers, so there is nothing to compare with.")
            return 0
        script = str(ROOT / "benchmarks" / "counting_by_pabutools.py")
        peer = measure([str(PEER), str(RUN_SCRIPT), script, str(vote), "points"], PEER_RUNS)
        report("pabutools, the same rule", peer, PEER_RUNS)
        borda = measure([str(PEER), str(RUN_SCRIPT), script, str(vote), "borda"], PEER_RUNS)
        report("pabutools, its own Borda", borda, PEER_RUNS)
    print(EXPLANATION)
    if ours.winners != peer.winners:
        print("VOID: the same rule gave different winners.")
        return 1
    print("Times less than pabutools with the same rule; in brackets with its own Borda:")
    reached = [
        compare("read and count", 100, ours.read + ours.count, peer.read + peer.count,
                borda.read + borda.count),
        compare("count alone", 1000, ours.count, peer.count, borda.count),
        compare("peak memory", 10, ours.memory, peer.memory, borda.memory),
    ]  # fmt: skip
    return 0 if all(reached) else 1


def measure(command: list[str], runs: int) -> Measured:
    """Run a program again and again, each time in a fresh process, and take the medians."""
    outcomes = [json.loads(subprocess.check_output(command, cwd=ROOT)) for _ in range(runs)]
    read, count, memory = (
        statistics.median(outcome[key] for outcome in outcomes)
        for key in ("read", "count", "memory")
    )
    return Measured(read, count, memory, outcomes[0]["winners"])


def report(name: str, measured: Measured, runs: int) -> None:
    print(
        f"{name:26} read {1000 * measured.read:8.1f} ms   count {1000 * measured.count:8.2f} ms   "
        f"peak {measured.memory:6.1f} MB   {len(measured.winners)} funded   ({runs} runs)"
    )


def compare(what: str, target: int, ours: float, same_rule: float, borda: float) -> bool:
    reached = same_rule / ours >= target
    print(
        f"  {what:16} {same_rule / ours:8.1f}   [{borda / ours:8.1f}]   "
        f"target {target:4}: {'reached' if reached else 'MISSED'}"
    )
    return reached


if __name__ == "__main__":
    sys.exit(main())
