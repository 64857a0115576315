"""The web server under fire: gunicorn with the product's own file, and ways to hurt it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO

from tests.harness.durable_postgres import children_of
from tests.harness.server import LOOPBACK, ROOT, free_port, stop, wait_until, wait_until_served
from tests.resilience.box import Box

PRODUCT = "wsgi:app"
CORRECT = ""
LONGEST_START = 120  # seconds, where every processor is busy with other things


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, its first process, and what it said."""

    port: int
    process: "subprocess.Popen[bytes]"
    said: IO[bytes]

    @property
    def workers(self) -> list[int]:
        """The processes that answer requests."""
        return children_of(self.process.pid)

    def kill_workers(self) -> int:
        """Ends all of them at once, without a chance to finish anything; gunicorn starts others."""
        doomed = self.workers
        for worker in doomed:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        wait_until(lambda: not set(doomed) & set(self.workers), "the workers are gone")
        return len(doomed)

    def log(self) -> str:
        """All that it wrote to its standard error so far."""
        self.said.seek(0)
        return self.said.read().decode(errors="replace")


@contextmanager
def serve(
    box: Box,
    *,
    defect: str = CORRECT,
    program: str = PRODUCT,
    workers: int = 2,
    before: tuple[str, ...] = (),
    **settings: str,
) -> Iterator[Server]:
    """Serves the box's town. `defect` is a module of `defects`; `before` stands in front of the
    command, as a tracer does; `settings` are variables of the environment.

    The number of workers is given on the command line, so that a second one needs no Redis.
    """
    port = free_port()
    address = f"http://{LOOPBACK}:{port}"
    program = f"tests.resilience.defects.{defect}:app" if defect else program
    with TemporaryFile() as said:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py",
             "--workers", str(workers), "--bind", f"{LOOPBACK}:{port}", program],
            cwd=ROOT,
            env={**os.environ, **box.environment, **settings, "PUBLIC_URL": address},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )  # fmt: skip
        server = Server(port, process, said)
        try:
            _wait_until_served(server)
            yield server
        finally:
            stop(process)


def _wait_until_served(server: Server) -> None:
    """What it said while starting is what tells why it did not."""
    address = f"http://{LOOPBACK}:{server.port}/health"
    try:
        wait_until_served(address, server.process, seconds=LONGEST_START)
    except AssertionError as error:
        raise AssertionError(f"{error}\n{server.log()[-2000:]}") from error
