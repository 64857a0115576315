"""The second count: `recount.py`, run apart from us on the very file that will be published.

It is a program of its own that shares no line with our counting, so that two counts that agree
mean something. It gets nothing but the file: no database, no settings.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent / "recount.py"
TIME_LIMIT = 120
"""Seconds. A city's largest contest takes less than two."""


class RecountFailed(RuntimeError):
    """The second count could not be made; `str()` says why in one sentence."""


def recount(content: bytes) -> list[str]:
    """The ids that `recount.py --winners` finds funded in this file, in funding order.

    Raises RecountFailed.
    """
    with tempfile.TemporaryDirectory(prefix="recount-") as folder:
        path = Path(folder) / "published.pb"
        path.write_bytes(content)
        command = [sys.executable, "-I", str(PROGRAM), "--winners", str(path)]
        try:
            run = subprocess.run(  # noqa: S603  (our own program on our own file)
                command, capture_output=True, timeout=TIME_LIMIT, check=False, cwd=folder
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RecountFailed(f"The second count did not end: {error}.") from error
    if run.returncode != 0:
        sentence = run.stderr.decode(errors="replace").strip()
        raise RecountFailed(sentence or f"The second count ended with code {run.returncode}.")
    return run.stdout.decode().splitlines()
