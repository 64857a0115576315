"""The line in which SQLite's writers wait: first come, first served, over a whole machine.

SQLite has one writer at a time. Alone, it lets the others sleep and look again, for up to a tenth
of a second while nobody writes, and whoever looks at the right moment goes first: one person waits
for seconds while others pass her. Here the threads of a process stand in a queue, and the first of
each process takes her turn with those of the others through two locks on a small file beside the
database. The system takes the locks of a process that dies away from it. The line only makes the
waiting fair; that two never write at once, SQLite itself sees to.
"""

import fcntl
import os
import threading
import time
from collections import deque
from pathlib import Path

NEXT, TURN = 0, 1  # bytes of the file: who is next to write, and who writes
PAUSE = 0.001  # seconds until the next in line looks again


class WritersLine:
    """The line of one database. Without a file it holds within the process alone."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._handle: int | None = None
        self._queue = _Queue()

    def join(self, seconds: float) -> bool:
        """Waits for the turn to write; False when so many seconds were not enough."""
        deadline = time.monotonic() + seconds
        if not self._queue.join(seconds):
            return False
        if self._pass_other_processes(deadline):
            return True
        self._queue.leave()
        return False

    def leave(self) -> None:
        """Gives the turn to whoever came next."""
        if self._handle is not None:
            _let_go(self._handle, TURN)
        self._queue.leave()

    def close(self) -> None:
        """Lets go of the file, which is opened again when somebody joins."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def _pass_other_processes(self, deadline: float) -> bool:
        """Only who is next may try for the turn, so that no process overtakes a waiting one."""
        file = self._opened()
        if file is None:
            return True
        if not _take(file, NEXT, deadline):
            return False
        try:
            return _take(file, TURN, deadline)
        finally:
            _let_go(file, NEXT)

    def _opened(self) -> int | None:
        """The file, opened once and kept; None where there is none or it cannot be opened."""
        if self._handle is None and self._file is not None:
            try:
                self._handle = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                return None
        return self._handle


class _Queue:
    """The threads of one process. A turn is handed to the one who has waited longest."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    def join(self, seconds: float) -> bool:
        mine = threading.Event()
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # It was handed over in the last moment.
            self._waiting.remove(mine)
            return False

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False


def _take(file: int, place: int, deadline: float) -> bool:
    while True:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
            return True
        except (BlockingIOError, PermissionError):
            if time.monotonic() >= deadline:
                return False
            time.sleep(PAUSE)


def _let_go(file: int, place: int) -> None:
    fcntl.lockf(file, fcntl.LOCK_UN, 1, place)
