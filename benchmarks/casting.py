"""Durable casts a second, as shares of what the same machine does at the same moment.

W0 is what the same database takes in raw commits, one after the other, each on disk before the
next; R0 is how often the same server answers a constant page. The three are measured in turn,
several times; the median of the shares is told with their range.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count, cycle, islice
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as modern_sqlite

from benchmarks.closing_hour import report_closing_hour
from benchmarks.constant import CONSTANT
from benchmarks.load import Load, Request, put_under_load, requests_per_second
from tests.resilience.box import Box, Boxes, ranking_number
from tests.resilience.server import serve

PAIRS = 5
SECONDS = 2.0
CLIENTS = 16
VOTERS = 400
BALLOTS = 4_000
SHARE_OF_COMMITS, SHARE_OF_PAGES, LONGEST_TAIL = 0.15, 0.15, 8.0
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> None:
    """Both kinds of database, with one web process and with two; then a closing hour in small."""
    with tempfile.TemporaryDirectory() as folder:
        boxes = Boxes(Path(folder) / "towns", voters=VOTERS)
        try:
            print(f"\nDurable casts by {CLIENTS} clients ({PAIRS} turns)", flush=True)
            for kind in ("sqlite", "postgres"):
                for workers in (1, 2):
                    with boxes.fresh(kind) as box:
                        _report(box, kind, workers)
            for kind in ("sqlite", "postgres"):
                with boxes.fresh(kind) as box:
                    report_closing_hour(box, kind)
        finally:
            boxes.close()


def _report(box: Box, kind: str, workers: int) -> None:
    of_commits, of_pages, tails, rates = [], [], [], []
    fresh = count()
    with serve(box, program="benchmarks.constant:app", workers=workers) as server:
        _cast(server.port, box, fresh, 0.5)
        for _ in range(PAIRS):
            commits = _commits_per_second(box)
            pages = requests_per_second(
                server.port, Request(CONSTANT), seconds=SECONDS / 2, connections=CLIENTS
            )
            load = _cast(server.port, box, fresh, SECONDS)
            rates.append(load.per_second)
            of_commits.append(load.per_second / commits)
            of_pages.append(load.per_second / pages)
            tails.append(load.percentile(0.99) / load.percentile(0.5))
    print(f"  {kind}, web processes: {workers} ({statistics.median(rates):,.0f} casts/s)")
    _print("share of raw durable commits", of_commits, at_least=SHARE_OF_COMMITS)
    _print("share of a constant page", of_pages, at_least=SHARE_OF_PAGES)
    _print("longest waits (p99) by usual ones (p50)", tails, at_most=LONGEST_TAIL)


def _print(
    what: str, seen: list[float], *, at_least: float | None = None, at_most: float | None = None
) -> None:
    middle = statistics.median(seen)
    reached = middle >= at_least if at_least is not None else middle <= (at_most or 0)
    target = f"at least {at_least}" if at_least is not None else f"at most {at_most}"
    verdict = "reached" if reached else "missed"
    spread = f"({min(seen):.2f} to {max(seen):.2f})"
    print(f"    {what:<42} {middle:6.2f}  {spread}  target {target}: {verdict}", flush=True)


def _cast(port: int, box: Box, fresh: Iterator[int], seconds: float) -> Load:
    request = Request(box.address, FORM, _posts(box, fresh), expected=303)
    return put_under_load(port, request, seconds=seconds, connections=CLIENTS)


def _posts(box: Box, fresh: Iterator[int]) -> list[tuple[dict[str, str], str]]:
    """Ballots that were never sent, of all voters in turn: more than can be cast meanwhile, since
    one that its voter has changed would be refused."""
    return [
        (
            {"Cookie": voter.cookie},
            box.form(voter, box.new_key(voter), ranking_number(number, box.options)).decode(),
        )
        for voter, number in zip(islice(cycle(box.voters), BALLOTS), fresh, strict=False)
    ]


def _commits_per_second(box: Box, seconds: float = SECONDS / 2) -> float:
    """Raw commits of one small row each, on the database that takes the ballots."""
    done, ends = 0, time.perf_counter() + seconds
    with _raw_commits(box) as commit_one:
        while time.perf_counter() < ends:
            commit_one()
            done += 1
    return done / seconds


@contextmanager
def _raw_commits(box: Box) -> Iterator[Callable[[], object]]:
    insert = f"INSERT INTO raw_commit (content) VALUES ('{'x' * 200}')"
    make = "CREATE TABLE IF NOT EXISTS raw_commit (content TEXT)"
    if box.postgres is not None:
        with psycopg.connect(box.database_url, autocommit=True) as postgres:
            postgres.execute(make)
            yield lambda: postgres.execute(insert)
        return
    with closing(modern_sqlite.connect(box.file, isolation_level=None, timeout=5)) as sqlite:
        sqlite.execute("PRAGMA synchronous=FULL")
        sqlite.execute(make)
        yield lambda: sqlite.execute(insert)


if __name__ == "__main__":
    main()
