"""Counting, measured beside the other programs that count, in one run.

`python -m benchmarks.counting [PART ...]` takes real votes, uncompressed: Kraków 2024 (65,101
ranked ballots on 119 projects) and Warszawa 2026 (61,668 approval ballots on 83). Each program runs
in fresh processes of its own; how they are measured is told in `measuring`. Where the rule is the
same, both must fund the same, or the run is void.

The other programs are no part of the product; `make bench` installs them in `.venv-peers`.
"""

import gzip
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measuring import ROOT, Measured, in_words, measure, times_less

KRAKOW = ROOT / "data" / "krakow-2024" / "krakow_2024.pb.gz"
WARSZAWA = ROOT / "benchmarks" / "elections" / "Poland_Warszawa_2026.pb.gz"
PEERS = ROOT / ".venv-peers" / "bin" / "python"
RUN_SCRIPT = ROOT / "tests" / "counting" / "peers" / "run_script.py"
RUNS = 9
PEER_RUNS = 3
SLOW_PEER_RUNS = 2
PATIENCE = 60
"""So many CPU seconds another program has for add1, of which it is known to take hundreds."""

Files = dict[str, Path]


def main(names: Sequence[str] = ()) -> int:
    if not PEERS.exists():
        print("There is nothing to compare with in .venv-peers; `make bench` installs it.")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        files = {name: unpacked(file, folder) for name, file in VOTES.items()}
        reached = [PARTS[name](files) for name in names or PARTS]
    return 0 if all(reached) else 1


def by_points(files: Files) -> bool:
    """What Kraków decides by: 3, 2, 1 points, greedily."""
    title("Kraków 2024 by points, as the city counts")
    ours = by_us("greedy", files["krakow"])
    theirs = by_pabutools("points", files["krakow"], PEER_RUNS)
    borda = by_pabutools("borda", files["krakow"], PEER_RUNS)
    show("Common Purse", ours)
    show("pabutools, the same rule", theirs)
    show("pabutools, its own Borda", borda)
    print(
        "    (Its own Borda is its quickest way through ranked ballots; it funds other projects.)"
    )
    return same(ours, theirs) and all([
        compare("read and count", ours.totals, theirs.totals, 100),
        compare("count, first in a process", ours.counts, theirs.counts, 1000),
        compare("count", ours.again, theirs.counts, 10_000),
        compare("peak memory", [ours.memory], [theirs.memory], 10),
    ])  # fmt: skip


def by_equal_shares(files: Files) -> bool:
    title("Warszawa 2026 by equal shares")
    ours = by_us("equalshares", files["warszawa"])
    theirs = by_pabutools("shares", files["warszawa"], SLOW_PEER_RUNS)
    return beside(ours, "pabutools", theirs, 100)


def by_add1(files: Files) -> bool:
    title("Warszawa 2026 by equal shares, completed by add1")
    ours = by_us("equalshares/add1", files["warszawa"])
    show("Common Purse", ours)
    theirs = by_pabutools("add1", files["warszawa"], 1, PATIENCE)
    if theirs.limit:
        print(f"  pabutools was stopped after {theirs.limit} CPU seconds, without a result:")
        print(f"  more than {theirs.count / ours.count:,.0f} times as long.")
    else:
        show("pabutools (another reading of add1)", theirs)
    in_time = max(ours.counts) < 10
    print(f"  under 10 s: {'reached' if in_time else 'MISSED'}")
    return in_time


def by_phragmen(files: Files) -> bool:
    title("Warszawa 2026 by Phragmén's rule")
    ours = by_us("phragmen", files["warszawa"])
    theirs = by_pabutools("phragmen", files["warszawa"], SLOW_PEER_RUNS)
    return beside(ours, "pabutools", theirs, 200)


def by_runoff(files: Files) -> bool:
    title("Kraków 2024 as one seat, by instant runoff")
    ours = by_us("irv:1", files["krakow"])
    script = str(ROOT / "benchmarks" / "counting_by_pyrankvote.py")
    command = [str(PEERS), str(RUN_SCRIPT), script, "irv", str(files["krakow"])]
    return beside(ours, "pyrankvote", measure(command, SLOW_PEER_RUNS), 300)


def by_transfers(files: Files) -> bool:
    title("Kraków 2024 as ten seats, by Scotland's order")
    show("Common Purse", by_us("scottish-stv:10", files["krakow"]))
    return True


def unpacked(file: Path, folder: str) -> Path:
    target = Path(folder) / file.name.removesuffix(".gz")
    target.write_bytes(gzip.decompress(file.read_bytes()))
    return target


def by_us(rule: str, file: Path) -> Measured:
    return measure([sys.executable, "-m", "benchmarks.counting_by_us", rule, str(file)], RUNS)


def by_pabutools(mode: str, file: Path, runs: int, limit: int = 0) -> Measured:
    script = str(ROOT / "benchmarks" / "counting_by_pabutools.py")
    return measure([str(PEERS), str(RUN_SCRIPT), script, mode, str(file)], runs, limit)


def title(text: str) -> None:
    print(f"\n{text}", flush=True)


def show(name: str, measured: Measured) -> None:
    spread = f"{in_words(min(measured.counts))} to {in_words(max(measured.counts))}"
    again = statistics.median(measured.again)
    repeated = f", again {in_words(again)}" if again < measured.count else ""
    print(
        f"  {name:26} read {in_words(measured.read):>10}   count {in_words(measured.count):>10} "
        f"({spread}{repeated})   peak {measured.memory:.0f} MB   "
        f"{len(measured.winners)} won   ({len(measured.counts)} runs)",
        flush=True,
    )


def beside(ours: Measured, peer: str, theirs: Measured, target: int) -> bool:
    """Both, and whether they fund the same and ours counts so many times as fast."""
    show("Common Purse", ours)
    show(peer, theirs)
    return same(ours, theirs) and compare("count", ours.counts, theirs.counts, target)


def same(ours: Measured, theirs: Measured) -> bool:
    if ours.winners != theirs.winners:
        print("  VOID: the same rule gave different winners.")
    return ours.winners == theirs.winners


def compare(what: str, ours: list[float], theirs: list[float], target: int) -> bool:
    ratio, words = times_less(ours, theirs)
    verdict = "reached" if ratio >= target else "MISSED"
    print(f"  {what:26} {words}   target {target:,}: {verdict}", flush=True)
    return ratio >= target


VOTES = {"krakow": KRAKOW, "warszawa": WARSZAWA}
PARTS: dict[str, Callable[[Files], bool]] = {
    "points": by_points,
    "equal-shares": by_equal_shares,
    "add1": by_add1,
    "phragmen": by_phragmen,
    "irv": by_runoff,
    "scottish-stv": by_transfers,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
