"""Long computing in a process apart, so that the pages of this one are answered meanwhile.

The process is begun anew rather than forked: a copy of a process with threads may stand still
forever. It yields the processor to whoever serves people, gives its memory back when it ends, and
ends with the process that began it.
"""

import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager

from flask import Flask

NICENESS = 10


@contextmanager
def process_apart(app: Flask) -> Iterator[Executor]:
    """Does one thing at a time, each given and answered by plain values.

    Where jobs are done at the end of the request, nobody else waits, and a thread does it. Raises
    concurrent.futures.process.BrokenProcessPool where the process dies.
    """
    if app.extensions["jobs_mode"] == "immediate":
        executor: Executor = ThreadPoolExecutor(max_workers=1)
    else:
        context = multiprocessing.get_context("spawn")
        executor = ProcessPoolExecutor(max_workers=1, mp_context=context, initializer=_settle_in)
    with executor:
        yield executor


def _settle_in() -> None:
    """The first act of the new process."""
    os.nice(NICENESS)
    threading.Thread(target=_end_with_parent, name="end with parent", daemon=True).start()


def _end_with_parent() -> None:
    """Without this, a process whose parent was killed would wait for work forever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
