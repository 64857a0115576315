"""`make resilience`: every scenario in full, on SQLite and on PostgreSQL, told in figures.

ARGS="bursts copies" runs these only, ARGS="--db sqlite" on one kind of database. ARGS="--defects"
plants instead, one after the other, what each scenario must find out.
"""

import argparse
import sys
import tempfile
import time
from logging import ERROR
from pathlib import Path

import structlog

from tests.resilience.box import Boxes
from tests.resilience.no_room import NotPermitted
from tests.resilience.scenarios import KINDS, SCENARIOS, VOTERS, Run


def main() -> int:
    parser = argparse.ArgumentParser(prog="make resilience", description=__doc__)
    parser.add_argument("scenarios", nargs="*", metavar="scenario", help=" ".join(SCENARIOS))
    parser.add_argument("--db", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--defects", action="store_true", help="plant what must be found out")
    wanted = parser.parse_args()
    if strangers := set(wanted.scenarios) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(strangers))}")
    kinds = [kind for kind in KINDS if wanted.db in {kind, "both"}]
    with tempfile.TemporaryDirectory(prefix="fire-") as folder:
        boxes = Boxes(Path(folder) / "towns", voters=VOTERS)
        try:
            wrong = [
                what
                for name in wanted.scenarios or SCENARIOS
                for kind in kinds
                if kind in SCENARIOS[name].kinds
                for what, run in _runs(name, defects=wanted.defects)
                if not _as_it_should(boxes, f"{what}, {kind}", run, kind, wanted.defects)
            ]
        finally:
            boxes.close()
    return 1 if wrong else 0


def _runs(name: str, *, defects: bool) -> list[tuple[str, Run]]:
    scenario = SCENARIOS[name]
    if not defects:
        return [(scenario.what, scenario.run)]
    return [(f"{scenario.what}, with {wrong}", run) for wrong, run in scenario.wrong.items()]


def _as_it_should(boxes: Boxes, what: str, run: Run, kind: str, is_wrong: bool) -> bool:
    """Whether the product held, or what is wrong was found out."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fire-") as folder:
        # PostgreSQL's own user must get through to the copies that are laid down here.
        Path(folder).chmod(0o755)
        try:
            with boxes.fresh(kind) as box:
                # Requests that this process makes itself are not what is to be told here.
                structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(ERROR))
                seen = run(box, Path(folder) / "files")
        except NotPermitted as reason:
            sys.stdout.write(f"{what}: NOT TRIED. {reason}\n")
            return True
    verdict = "holds" if seen.holds else "DOES NOT HOLD"
    if is_wrong:
        verdict = "NOT FOUND OUT" if seen.holds else "found out"
    took = time.monotonic() - began
    sys.stdout.write(f"{what}: {verdict} ({took:.0f} s)\n    {seen}\n")
    sys.stdout.flush()
    return seen.holds is not is_wrong


if __name__ == "__main__":
    sys.exit(main())
