"""A voter register of a million people: read in whole, and entered on the roll.

`python -m benchmarks.registers [PEOPLE]` writes a made-up register and has a fresh process read and
enter it, on SQLite and on a PostgreSQL that syncs; then one with a tenth of the people. Reading
must take no more memory for the one than for the other, but for a margin, since lines are read
piece by piece; entering moves rows inside the database, which sorts them once.
"""

import csv
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import ROOT
from tests.harness.durable_postgres import DurablePostgres

PEOPLE, DISTRICTS = 1_000_000, 18
MOST_MORE, MOST = 16, 256  # megabytes: what ten times the people may add to reading; all in all
HEADER = ["register_id", "district", "name", "address", "address_2", "birth_year", "mobile"]


def main(people: int = PEOPLE) -> int:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        server = DurablePostgres(place / "postgres")
        try:
            reached = [_report(kind, people, place, server) for kind in ("sqlite", "postgres")]
        finally:
            server.stop()
    return 0 if all(reached) else 1


def _report(kind: str, people: int, place: Path, server: DurablePostgres) -> bool:
    few = _measure(kind, people // 10, place, server)
    many = _measure(kind, people, place, server)
    more = many["memory to read"] - few["memory to read"]
    return more <= MOST_MORE and many["memory"] <= MOST


def _measure(kind: str, people: int, place: Path, server: DurablePostgres) -> dict[str, float]:
    file = place / f"{kind}-{people}.csv"
    _write(file, people)
    address = server.create(f"register{people}") if kind == "postgres" else ""
    took = _run(address, file, place / f"{kind}-{people}")
    print(
        f"{kind}: {took['people']:,} people, {file.stat().st_size / 1e6:.0f} MB:"
        f" read in {took['read']:.0f} s, entered in {took['enter']:.0f} s,"
        f" {took['memory to read']:.0f} MB to read, {took['memory']:.0f} MB in all",
        flush=True,
    )
    file.unlink()
    return took


def _write(file: Path, number: int) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEADER)
        for n in range(number):
            writer.writerow(
                [
                    f"REG {n:08}",
                    f"District {n % DISTRICTS}",
                    f"Żaneta Wójcik-Kamińska {n}",
                    f"ul. Świętego Marka {n % 300}",
                    f"30-{n % 1000:03} Kraków",
                    1930 + n % 75,
                    f"+48 {n:09}",
                ]
            )


def _run(address: str, file: Path, folder: Path) -> dict[str, float]:
    folder.mkdir()
    command = [sys.executable, "-m", "benchmarks.registers_once", address, str(file), str(folder)]
    run = subprocess.run([*command, str(DISTRICTS)], cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(run.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
