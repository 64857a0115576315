"""Running a program again and again in fresh processes, and setting two of them side by side.

What is measured is CPU time, which other programs on the machine disturb least, without what
imports take; and the peak of resident memory, imports included. A program prints it itself, as
JSON: read, count (seconds), memory (megabytes) and winners; `again` is what further counts in the
same process took.
"""

import json
import os
import resource
import statistics
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Measured:
    """What each run took, and what it found; `limit` says that it was stopped after so long."""

    reads: list[float]
    counts: list[float]
    again: list[float]
    memory: float
    winners: list[str]
    limit: int = 0

    @property
    def read(self) -> float:
        return statistics.median(self.reads)

    @property
    def count(self) -> float:
        return statistics.median(self.counts)

    @property
    def totals(self) -> list[float]:
        return [read + count for read, count in zip(self.reads, self.counts, strict=True)]


def measure(command: Sequence[str], runs: int, limit: int = 0) -> Measured:
    """Run it so often; one that takes more than the limit of CPU seconds is run once.

    Without a limit none is set, since some kernels then count a process' time in coarse ticks.
    """

    def restrict() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))

    outcomes = []
    for _ in range(runs):
        run = subprocess.run(
            command,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            check=False,
            env=os.environ | {"PYTHONHASHSEED": "0"},
            preexec_fn=restrict if limit else None,
        )
        if run.returncode < 0:
            return Measured([0.0], [float(limit)], [float(limit)], 0.0, [], limit)
        run.check_returncode()
        outcomes.append(json.loads(run.stdout))
    reads, counts, memories = (
        [outcome[key] for outcome in outcomes] for key in ("read", "count", "memory")
    )
    again = [outcome.get("again", outcome["count"]) for outcome in outcomes]
    return Measured(reads, counts, again, statistics.median(memories), outcomes[0]["winners"])


def times_less(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, str]:
    """By the medians, and in words with the spread: the least and the most that any runs give."""
    ratio = statistics.median(theirs) / statistics.median(ours)
    least, most = min(theirs) / max(ours), max(theirs) / min(ours)
    return ratio, f"{ratio:,.0f} times less ({least:,.0f} to {most:,.0f})"


def in_words(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.2f} ms"
