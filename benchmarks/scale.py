"""Counting synthetic votes of ten thousand to ten million ranked ballots: time and memory.

`python -m benchmarks.scale` draws ballots of 3 and of 10 ranks over 119 projects, as a
Plackett-Luce model would (popular projects first, no project twice), packs them in one byte a
rank, and measures in a fresh process each: grouping equal ballots, counting by points, counting by
equal shares with fill; CPU time, and peak memory above that of the idle process. Part of the peak
is there however few the ballots are; a vote of a thousand shows how much, and what is beyond it is
told by packed byte. Medians of repeated runs with the least and the most. With `--write` the table
and a picture of the growth go to docs/counting.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.growth_picture import draw_growth

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "counting" / "growth.svg"
PAGE = ROOT / "docs" / "counting" / "speed.md"
PROJECTS = 119
SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
RANKS = (3, 10)
RULES = ("points-by-rank", "equal-shares")
RUNS = 3
FEW = 1_000
# For ten million ballots of three ranks; the memory for one million, too.
TARGETS = {"points-by-rank": 0.15, "equal-shares": 5.0}
LEAST_LARGE = 1_000_000
MOST_MEMORY = 3.0
HEAD = (
    "| ballots | ranks | distinct | rule | group (s) | count (s) "
    "| packed (MB) | peak (MB) | peak : packed | without the fixed part |\n"
    "|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|"
)


@dataclass(frozen=True)
class Point:
    """One size under one rule: every run's figures, and what memory a vote of `FEW` takes."""

    ballots: int
    ranks: int
    rule: str
    distinct: int
    group: list[float]
    count: list[float]
    memory: list[float]
    fixed: float = 0.0

    @property
    def packed(self) -> float:
        """What the ballots take with one byte a rank, in megabytes."""
        return self.ballots * self.ranks / 2**20

    @property
    def peak(self) -> float:
        return statistics.median(self.memory)

    def row(self) -> str:
        times = f"{_spread(self.group)} | {_spread(self.count)}"
        ratios = f"{self.peak / self.packed:.1f} | {(self.peak - self.fixed) / self.packed:.1f}"
        memory = f"{self.packed:.1f} | {self.peak:.1f} | {ratios}"
        vote = f"{self.ballots:,} | {self.ranks} | {self.distinct:,}"
        return f"| {vote} | {self.rule} | {times} | {memory} |"


def main() -> int:
    points: list[Point] = []
    print(HEAD)
    with tempfile.TemporaryDirectory() as folder:
        for ranks in RANKS:
            fixed = {point.rule: point.peak for point in measure_size(folder, FEW, ranks)}
            for size in SIZES:
                for point in measure_size(folder, size, ranks):
                    points.append(replace(point, fixed=fixed[point.rule]))
                    print(points[-1].row(), flush=True)
    if "--write" in sys.argv:
        PICTURE.write_text(draw_growth(_lines(points)), encoding="utf-8")
        _write_table("\n".join([HEAD, *(point.row() for point in points)]))
    reached = [told(point) for point in points for told in (_fast, _small)]
    return 0 if all(reached) else 1


def draw_ballots(size: int, ranks: int) -> NDArray[np.uint8]:
    """Rankings drawn rank by rank in proportion to a project's weight; the same ones each time."""
    random = np.random.default_rng(119)
    weights = np.exp(random.normal(size=PROJECTS))
    bounds = np.round(np.cumsum(weights) / weights.sum() * 65_536).astype(np.int64)
    project = np.searchsorted(bounds, np.arange(65_536), side="right").astype(np.uint8)
    ballots = np.empty((size, ranks), np.uint8)
    for start in range(0, size, 100_000):
        part = ballots[start : start + 100_000]
        for rank in range(ranks):
            again = np.arange(len(part))
            while len(again):
                part[again, rank] = project[random.integers(0, 65_536, len(again), np.uint16)]
                repeats = (part[again, :rank] == part[again, rank : rank + 1]).any(axis=1)
                again = again[repeats]
    return ballots


def measure_size(folder: str, size: int, ranks: int) -> Iterator[Point]:
    """Count so many ballots by each rule."""
    path = Path(folder) / "ballots.npy"
    np.save(path, draw_ballots(size, ranks))
    for rule in RULES:
        yield measure(path, size, ranks, rule)
    path.unlink()


def measure(path: Path, size: int, ranks: int, rule: str) -> Point:
    """Count the packed ballots of this file, each time in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.scale_once", str(path), rule]
    runs = [json.loads(subprocess.check_output(command, cwd=ROOT)) for _ in range(RUNS)]
    distinct = runs[0]["distinct"]
    group, count, memory = ([run[key] for run in runs] for key in ("group", "count", "memory"))
    return Point(size, ranks, rule, distinct, group, count, memory)


def _spread(figures: list[float]) -> str:
    middle = statistics.median(figures)
    digits = 1 if middle >= 10 else 3 if middle < 1 else 2
    least, most = min(figures), max(figures)
    return f"{middle:.{digits}f} ({least:.{digits}f} to {most:.{digits}f})"


def _lines(points: list[Point]) -> dict[str, list[tuple[int, float]]]:
    """For the picture: grouping and counting together, by rule and length."""
    lines: dict[str, list[tuple[int, float]]] = {}
    for point in points:
        name = "points" if point.rule == RULES[0] else "equal shares"
        seconds = statistics.median(map(sum, zip(point.group, point.count, strict=True)))
        lines.setdefault(f"{name}, {point.ranks} ranks", []).append((point.ballots, seconds))
    return lines


def _fast(point: Point) -> bool:
    """Compare the largest vote of three ranks with its target; tell the outcome."""
    if (point.ballots, point.ranks) != (max(SIZES), 3):
        return True
    time, target = statistics.median(point.count), TARGETS[point.rule]
    return _told(point, f"count {time:.3f} s, target {target} s", time <= target)


def _small(point: Point) -> bool:
    """The same for the memory of large votes of three ranks."""
    if point.ballots < LEAST_LARGE or point.ranks != 3:
        return True
    times, beyond = point.peak / point.packed, point.peak - point.fixed
    return _told(
        point,
        f"memory {times:.1f} times packed, target {MOST_MEMORY:g}; "
        f"fixed {point.fixed:.1f} MB, and {beyond / point.packed:.1f} times packed",
        times <= MOST_MEMORY,
    )


def _told(point: Point, found: str, reached: bool) -> bool:
    verdict = "reached" if reached else "MISSED"
    print(f"{point.ballots:,} ballots, {point.rule}: {found}: {verdict}")
    return reached


def _write_table(table: str) -> None:
    """Put it where the page has its table."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition("| ballots |")
    _, gap, after = rest.partition("\n\n")
    PAGE.write_text(f"{before}{table}{gap}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
