"""Counting for a trial, for as long as somebody may wait for a page and no longer.

Most rules take a fraction of a second. Raising shares and passing votes on may take many on a large
file; that is done by a program of its own, which is stopped when its time is over.
"""

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from flask_babel import gettext

from voting import counting
from voting.rule_parameters import Parameters

TIME_LIMIT = 20
"""Seconds for one count."""
WAIT = 5
"""Seconds to wait until another trial has ended."""

_ROOT = Path(__file__).resolve().parent.parent
_QUICK = ("none", "greedy")
_one_at_a_time = threading.Lock()


def funded_by(contest: counting.Contest, ballots: counting.Ballots) -> tuple[str, ...]:
    """What the contest's rule funds, in funding order.

    Raises counting.CountingError, also where it takes too long.
    """
    if is_quick(*counting.choose_rule(contest)):
        return counting.count(contest, ballots).funded
    if not _one_at_a_time.acquire(timeout=WAIT):
        raise counting.CountingError(
            gettext("Another trial is being counted just now. Please try again in a moment.")
        )
    try:
        return _counted_apart(contest, ballots)
    finally:
        _one_at_a_time.release()


def is_quick(rule: counting.Rule, parameters: Parameters) -> bool:
    """Whether this takes no time worth speaking of on any file that can be uploaded."""
    adds_points = rule.terms is not None
    buys_once = rule.name == "equal-shares" and parameters.get("completion", "none") in _QUICK
    return adds_points or buys_once


def _counted_apart(contest: counting.Contest, ballots: counting.Ballots) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        path = Path(folder) / "ballots.pb"
        counting.write_pb(contest, ballots, path)
        command = [sys.executable, "-m", "voting.counting", "count", "--winners", str(path)]
        try:
            run = subprocess.run(  # noqa: S603  (our own program on a file that we wrote)
                command, capture_output=True, timeout=TIME_LIMIT, check=False, cwd=_ROOT
            )
        except subprocess.TimeoutExpired:
            raise counting.CountingError(_too_long()) from None
    if run.returncode != 0:
        sentence = run.stderr.decode(errors="replace").strip().removeprefix(f"{path}: ")
        raise counting.CountingError(sentence or gettext("These ballots could not be counted."))
    return tuple(run.stdout.decode().splitlines())


def _too_long() -> str:
    return gettext(
        "This takes longer than %(seconds)s seconds on so many ballots, and was stopped. Try it "
        "on fewer, or choose another way to spend the money that is left.",
        seconds=TIME_LIMIT,
    )
