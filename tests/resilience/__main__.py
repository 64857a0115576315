"""`make resilience`: every scenario in full, on SQLite and on PostgreSQL, told in figures.

ARGS="bursts copies" runs these only, ARGS="--db sqlite" on one kind of database. That each
scenario finds a server that is wrong is shown by the short form, which `make test` runs.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.resilience.box import Box, Boxes
from tests.resilience.broken_lines import hang_up_and_retry
from tests.resilience.bursts import kill_database, strike_in_bursts
from tests.resilience.copies import copy_while_casting
from tests.resilience.flipped_bytes import flip_bytes
from tests.resilience.hours import cast_around_the_hours
from tests.resilience.killed_batches import append_twice_at_once, kill_batch_at_each_step
from tests.resilience.killed_closings import close_twice_at_once, kill_at_each_step
from tests.resilience.no_room import (
    NotPermitted,
    cast_on_a_full_disk,
    cast_while_somebody_writes,
)
from tests.resilience.same_voters import cast_for_the_same_voters
from tests.resilience.server import Server
from tests.resilience.traces import order_of_sync_and_answer

VOTERS = 600
KINDS = ("sqlite", "postgres")


class Seen(Protocol):
    """What a scenario returns: whether all held, and in words what happened."""

    @property
    def holds(self) -> bool: ...


@dataclass(frozen=True)
class Scenario:
    """One scenario in full, and the kinds of database that it is for."""

    what: str
    run: Callable[[Box, Path], Seen]
    kinds: tuple[str, ...] = KINDS


SCENARIOS = {
    "same": Scenario(
        "eight clients for the same 600 voters",
        lambda box, _: cast_for_the_same_voters(box, voters=VOTERS),
    ),
    "bursts": Scenario(
        "20 bursts, all workers killed in each",
        lambda box, _: strike_in_bursts(box, Server.kill_workers, blows=20, casts_each=1_000),
    ),
    "database": Scenario(
        "10 bursts, PostgreSQL killed in each",
        lambda box, _: strike_in_bursts(box, kill_database(box), blows=10, casts_each=500),
        ("postgres",),
    ),
    "sync": Scenario(
        "order of sync and answer",
        lambda box, folder: order_of_sync_and_answer(box, folder, casts=100),
    ),
    "copies": Scenario(
        "20 copies at random moments",
        lambda box, folder: copy_while_casting(box, folder, copies=20),
    ),
    "full": Scenario("a full disk", lambda box, _: cast_on_a_full_disk(box)),
    "held": Scenario("a database that is held", lambda box, _: cast_while_somebody_writes(box)),
    "lines": Scenario("answers cut off", lambda box, _: hang_up_and_retry(box, casts=200)),
    "flips": Scenario(
        "one byte changed in each column",
        lambda box, folder: flip_bytes(box, folder, voters=100, rows=40),
    ),
    "hours": Scenario("opening and closing to the millisecond", cast_around_the_hours),
    "closing": Scenario(
        "closing killed at each step", lambda box, _: kill_at_each_step(box, voters=100)
    ),
    "batch": Scenario(
        "a batch of the log killed at each step",
        lambda box, _: kill_batch_at_each_step(box, voters=100),
    ),
    "batches": Scenario(
        "two batches of a log at once", lambda box, _: append_twice_at_once(box, voters=100)
    ),
    "twice": Scenario("closing twice at once", lambda box, _: close_twice_at_once(box, voters=100)),
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="make resilience", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help=" ".join(SCENARIOS))
    parser.add_argument("--db", choices=[*KINDS, "both"], default="both")
    wanted = parser.parse_args()
    if strangers := set(wanted.scenarios) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(strangers))}")
    kinds = [kind for kind in KINDS if wanted.db in {kind, "both"}]
    with tempfile.TemporaryDirectory(prefix="fire-") as folder:
        boxes = Boxes(Path(folder) / "towns", voters=VOTERS)
        try:
            wrong = [
                name
                for name in wanted.scenarios or SCENARIOS
                for kind in kinds
                if kind in SCENARIOS[name].kinds
                and not _holds(boxes, name, kind, Path(folder) / f"{name}-{kind}")
            ]
        finally:
            boxes.close()
    return 1 if wrong else 0


def _holds(boxes: Boxes, name: str, kind: str, folder: Path) -> bool:
    scenario, began = SCENARIOS[name], time.monotonic()
    folder.mkdir()
    try:
        with boxes.fresh(kind) as box:
            seen = scenario.run(box, folder)
    except NotPermitted as reason:
        sys.stdout.write(f"{scenario.what}, {kind}: NOT TRIED. {reason}\n")
        return True
    verdict = "holds" if seen.holds else "DOES NOT HOLD"
    took = time.monotonic() - began
    sys.stdout.write(f"{scenario.what}, {kind}: {verdict} ({took:.0f} s)\n    {seen}\n")
    sys.stdout.flush()
    return seen.holds


if __name__ == "__main__":
    sys.exit(main())
