"""The second count, run apart from us on the very file that will be published.

`recount.py` counts contests for money, `recount_seats.py` those without. Both are programs of their
own that share no line with our counting, so that two counts that agree mean something. They get
nothing but the file and, where it has no place for them, the rule, its settings and the lot.
"""

import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "recount.py"
PROGRAM_FOR_SEATS = PROGRAM.with_name("recount_seats.py")
LEAST_TIME = 120
"""Seconds that every second count is given. A city's largest contest takes less than two."""
SECOND_PER_BYTES = 50_000
"""One second more for so much of the file: a million ballots of ten ranks, 37 MB, took 31."""


class RecountFailed(RuntimeError):
    """The second count could not be made; `str()` says why in one sentence."""


def recount(content: bytes) -> list[str]:
    """The ids that `recount.py --winners` finds funded in this file, in funding order.

    Raises RecountFailed.
    """
    return _winners(PROGRAM, content, [])


def recount_seats(
    content: bytes, rule: str, settings: Mapping[str, str], tie_order: Sequence[str]
) -> list[str]:
    """The numbers that `recount_seats.py --winners` finds chosen in this `.blt`, in their order.

    Raises RecountFailed.
    """
    said = [f"--{name}={value}" for name, value in sorted(settings.items())]
    order = f"--tie-order={','.join(tie_order)}"
    return _winners(PROGRAM_FOR_SEATS, content, [f"--rule={rule}", *said, order])


def _winners(program: Path, content: bytes, options: list[str]) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="recount-") as folder:
        path = Path(folder) / "published"
        path.write_bytes(content)
        command = [sys.executable, "-I", str(program), *options, "--winners", str(path)]
        try:
            run = subprocess.run(  # noqa: S603  (our own program on our own file)
                command, capture_output=True, timeout=_time_for(content), check=False, cwd=folder
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RecountFailed(f"The second count did not end: {error}.") from error
    if run.returncode != 0:
        sentence = run.stderr.decode(errors="replace").strip()
        raise RecountFailed(sentence or f"The second count ended with code {run.returncode}.")
    return run.stdout.decode().splitlines()


def _time_for(content: bytes) -> int:
    """Seconds after which a second count of this file is taken for stuck."""
    return LEAST_TIME + len(content) // SECOND_PER_BYTES
