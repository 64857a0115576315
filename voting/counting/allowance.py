"""How much memory a file may take, so that one too large ends in a sentence and not in a crash.

What is held while a file is read is estimated as it grows: an entry that is kept costs its text
and a fixed part for Python's objects around it.
"""

import contextlib
import resource
from pathlib import Path

from voting.counting.errors import TooLarge

MOST_LINE = 1 << 24
"""The longest line that is read, in bytes. A tie order of 65,536 projects is a tenth of it."""

PER_ENTRY = 300
_SMALLEST = 64 << 20
_UNKNOWN = 1 << 30
_MEMINFO = Path("/proc/meminfo")


class Allowance:
    """A number of bytes from which is taken whatever a reader keeps."""

    def __init__(self, most_bytes: int | None = None) -> None:
        self._most = available_bytes() if most_bytes is None else most_bytes
        self._left = self._most

    def take(self, size: int, entries: int = 0) -> None:
        """Count in what is kept. Raises TooLarge when nothing is left."""
        self._left -= size + PER_ENTRY * entries
        if self._left < 0:
            raise self.refusal()

    def refusal(self) -> TooLarge:
        return TooLarge(
            f"This file needs more memory than the {_in_words(self._most)} allowed for it; "
            "count it on a larger machine, or in parts if it holds more than one contest."
        )


def available_bytes() -> int:
    """Half of the memory that this process may still take; 1 GiB where the system does not tell."""
    free = _UNKNOWN * 2
    with contextlib.suppress(OSError, ValueError, IndexError):
        text = _MEMINFO.read_text(encoding="ascii")
        free = int(text.split("MemAvailable:")[1].split()[0]) * 1024
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit != resource.RLIM_INFINITY:
        free = min(free, limit)
    return max(free // 2, _SMALLEST)


def _in_words(size: int) -> str:
    for unit, bytes_ in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}".replace(".0 ", " ")
    return f"{size} bytes"
