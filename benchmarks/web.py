"""Requests per second of the pages that matter, as shares of a constant page. Casting has a
benchmark of its own.

Figures of one machine at one moment say little, so each is a ratio: the page and the constant
page are measured in turn on the same server, several times, and the median ratio is told with
the range. The hundredfold city is measured against the plain one in the same way.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.city import City, make, multiply
from benchmarks.load import Request, requests_per_second

PAIRS = 5
SECONDS = 2.0
CONNECTIONS = 4
TIMES = 100
MOST_GROWTH = 1.2
CACHED = "served from the page cache"
RENDERED = "rendered for each request"


@dataclass(frozen=True)
class Measure:
    """One line of the report: a page, how it is served, its target."""

    name: str
    request: Request
    at_least: float
    cached: bool


def main() -> None:
    """Builds the city twice and prints both tables."""
    with tempfile.TemporaryDirectory() as folder:
        plain, large = Path(folder) / "plain", Path(folder) / "large"
        print("Building the city …", flush=True)
        city = _build(plain, 1)
        print(f"Building it with {TIMES} times the rows …", flush=True)
        big_city = _build(large, TIMES)
        _report_ratios(plain, city)
        _report_growth((plain, city), (large, big_city))


def _report_ratios(folder: Path, city: City) -> None:
    print(f"\nShare of a constant page's requests per second ({PAIRS} pairs; one web process)")
    for cached in (True, False):
        with _served(folder, cached=cached) as port:
            for measure in _measures(city):
                if measure.cached == cached:
                    _print_ratio(port, measure)


def _print_ratio(port: int, measure: Measure) -> None:
    constant = Request("/constant")
    _rate(port, measure.request, 0.5)
    ratios, rates = [], []
    for _ in range(PAIRS):
        base = _rate(port, constant)
        rates.append(_rate(port, measure.request))
        ratios.append(rates[-1] / base)
    middle = statistics.median(ratios)
    verdict = "reached" if middle >= measure.at_least else "missed"
    print(
        f"  {measure.name:<44} {middle:6.2f}  ({min(ratios):.2f} to {max(ratios):.2f}; "
        f"{statistics.median(rates):,.0f}/s)  target {measure.at_least:.2f}: {verdict}",
        flush=True,
    )


def _report_growth(plain: tuple[Path, City], large: tuple[Path, City]) -> None:
    print(f"\nCost of the same page with {TIMES} times the rows ({RENDERED}; target {MOST_GROWTH})")
    with _served(plain[0], cached=False) as small, _served(large[0], cached=False) as big:
        for few, many in zip(_measures(plain[1]), _measures(large[1]), strict=True):
            _rate(small, few.request, 0.5)
            _rate(big, many.request, 0.5)
            costs = []
            for _ in range(PAIRS):
                rate = _rate(small, few.request)
                costs.append(rate / _rate(big, many.request))
            middle = statistics.median(costs)
            spread = f"({min(costs):.2f} to {max(costs):.2f})"
            verdict = "reached" if middle <= MOST_GROWTH else "missed"
            print(f"  {few.name:<44} {middle:6.2f}  {spread}  {verdict}", flush=True)


def _measures(city: City) -> list[Measure]:
    return [
        Measure(f"home, {CACHED}", Request("/"), 0.5, True),
        Measure(f"round page, {CACHED}", Request("/rounds/krakow-2024"), 0.5, True),
        Measure(f"proposal list, {RENDERED}", Request("/proposals"), 0.25, False),
        Measure(f"thread of 1,000 posts, {CACHED}", Request(city.thread), 0.5, True),
    ]


def _rate(port: int, request: Request, seconds: float = SECONDS) -> float:
    return requests_per_second(port, request, seconds=seconds, connections=CONNECTIONS)


def _build(folder: Path, times: int) -> City:
    from app import create_app

    os.environ.update(_settings(folder))
    app = create_app()
    with app.app_context():
        city = make()
        if times > 1:
            multiply(times)
    return city


def _settings(folder: Path, *, cached: bool = True) -> dict[str, str]:
    return {
        "INSTANCE_DIR": str(folder),
        "CHEAP_PASSWORDS": "1",
        "RATE_LIMITS": "0",
        "PAGE_CACHE_SECONDS": "3600" if cached else "0",
        "CITY_NAME": "Kraków",
    }


@contextmanager
def _served(folder: Path, *, cached: bool) -> Iterator[int]:
    """The city behind the web server that is recommended, with one process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py",
         "--bind", f"127.0.0.1:{port}", "benchmarks.constant:app"],
        env={**os.environ, **_settings(folder, cached=cached)},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(f"http://127.0.0.1:{port}/constant")
        yield port
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            urllib.request.urlopen(address, timeout=30).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{address} did not answer.")


if __name__ == "__main__":
    main()
