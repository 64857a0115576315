"""The order in which a ballot is synced and answered, as the system's calls tell it (strace).

A kill cannot show it: what was written but not synced survives the death of every process, and is
gone only when the machine loses power. So it is looked up whether, between one answer and the
next, the log of writes was synced, and the sync had ended.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tests.harness.server import wait_until
from tests.resilience.box import Box
from tests.resilience.clients import Client, numbers
from tests.resilience.history import History, Outcome
from tests.resilience.server import CORRECT, serve

CALLS = "trace=fsync,fdatasync,sendto,sendmsg,write"
SYNC = re.compile(r"^\d+ +(\d+\.\d+) f(?:data)?sync\(\d+<([^>]*)>\) += 0 <(\d+\.\d+)>$")
BEGUN = re.compile(r"^(\d+) +(\d+\.\d+) f(?:data)?sync\(\d+<([^>]*)> <unfinished")
ENDED = re.compile(r"^(\d+) +(\d+\.\d+) <\.\.\. f(?:data)?sync resumed>\) += 0")
ANSWER = re.compile(r"^\d+ +(\d+\.\d+) (?:sendto|sendmsg|write)\(.*HTTP/1\.1 303")


class TracerMissing(RuntimeError):
    """strace is not installed, or may not trace: the order cannot be looked up."""


@dataclass(frozen=True)
class Order:
    """Of so many acknowledged casts, how many had been synced before the answer left."""

    answers: int
    synced: int

    @property
    def holds(self) -> bool:
        return self.answers == self.synced > 0

    def __str__(self) -> str:
        return f"{self.synced} of {self.answers} answers left after their sync had ended"


def order_of_sync_and_answer(box: Box, folder: Path, *, casts: int, defect: str = CORRECT) -> Order:
    """Casts one ballot after the other under the tracer's eyes. Raises TracerMissing."""
    tracer = shutil.which("strace")
    if tracer is None:
        raise TracerMissing("strace is needed: scripts/need-strace installs it.")
    folder.mkdir(exist_ok=True)
    web = folder / "web.trace"
    log_of_writes = folder / "postgres.trace" if box.postgres else None
    with serve(box, defect=defect, workers=1, before=_command(tracer, web)) as server:
        history = History()
        client = Client(box, server, history, numbers())
        with _traced_postgres(box, tracer, log_of_writes):
            # The first is not looked at: the tracer may still be taking hold of the processes.
            for voter in box.voters[: casts + 1]:
                assert client.cast(voter).outcome is Outcome.ACKNOWLEDGED
        client.close()
    answers = [float(found[1]) for line in _lines(web) if (found := ANSWER.match(line))]
    syncs = list(_syncs(_lines(log_of_writes or web), "/pg_wal/" if box.postgres else "-wal"))
    return _compare(answers[-casts - 1 :], syncs)


def _compare(answers: list[float], syncs: list[tuple[float, float]]) -> Order:
    """The first answer only says when the first of the casts that are looked at began."""
    synced = sum(
        any(before < begun and ended < answer for begun, ended in syncs)
        for before, answer in pairwise(answers)
    )
    return Order(len(answers) - 1, synced)


def _syncs(lines: list[str], place: str) -> Iterator[tuple[float, float]]:
    """When each sync of a file whose name holds this began and ended."""
    begun: dict[str, float] = {}
    for line in lines:
        if (found := SYNC.match(line)) and place in found[2]:
            yield float(found[1]), float(found[1]) + float(found[3])
        elif (found := BEGUN.match(line)) and place in found[3]:
            begun[found[1]] = float(found[2])
        elif (found := ENDED.match(line)) and found[1] in begun:
            yield begun.pop(found[1]), float(found[2])


@contextmanager
def _traced_postgres(box: Box, tracer: str, file: Path | None) -> Iterator[None]:
    """Follows the processes of the database's server, which are not children of the web server."""
    if box.postgres is None or file is None:
        yield
        return
    with box.postgres.followed(_command(tracer, file, detached=False)):
        wait_until(file.exists, "the tracer writes")
        yield


def _command(tracer: str, file: Path, *, detached: bool = True) -> tuple[str, ...]:
    """Detached, the tracer stands beside what it traces, which keeps its number and its parent."""
    return (
        tracer, "-f", "-y", "-ttt", "-T", "-s", "40", "-e", CALLS, "-e", "signal=none",
        "-o", str(file), *(["-D", "--seccomp-bpf"] if detached else []),
    )  # fmt: skip


def _lines(file: Path) -> list[str]:
    return file.read_text(errors="replace").splitlines()
