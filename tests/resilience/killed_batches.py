"""Appending to a ballot log while the process that does it is killed at every single step, and by
two processes at once. Whatever happens, no ballot is half in the log, and none is in it twice."""

import multiprocessing
import os
import sys
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from typing import Any

from sqlalchemy import select

from core import clock
from core.database import db, only_reading
from tests.resilience.box import Box
from tests.resilience.defects.careless import Defect
from tests.resilience.killed_closings import cast_here, die_at_step
from voting import jobs
from voting.models import Ballot, Leaf, TreeHead, WaitingLeaf
from voting.queries.log import newest_head, tree_of

MOST_STEPS = 200


@dataclass(frozen=True)
class Log:
    """How many ballots lie in the box, wait and are in the log; the heads, and whether each ballot
    is in one place and the newest head is that of the leaves."""

    ballots: int
    waiting: int
    leaves: int
    heads: int
    each_once: bool
    root_is_right: bool

    @property
    def is_whole(self) -> bool:
        """All that was cast waits and nothing was appended, or all is appended and signed."""
        places = (self.waiting, self.leaves, self.heads)
        before, after = (self.ballots, 0, 0), (0, self.ballots, 1)
        return self.each_once and self.root_is_right and places in {before, after}


@dataclass(frozen=True)
class Batches:
    """How often appending was killed, what was half done then, and how the log was in the end.

    `failed`: how many of those that were not killed ended with an error.
    """

    killed: int
    half_done: list[Log]
    end: Log
    failed: int = 0

    @property
    def holds(self) -> bool:
        return not self.half_done and not self.failed and self.end.is_whole and self.end.heads == 1

    def __str__(self) -> str:
        return (
            f"killed at {self.killed} steps; half done: {self.half_done or 'never'}; "
            f"ended with an error: {self.failed}; in the end {self.end}"
        )


def kill_batch_at_each_step(box: Box, *, voters: int, defect: Defect | None = None) -> Batches:
    """Dies at the first step, begins again and dies at the second, until a batch is appended."""
    cast_here(box, voters)
    half_done, killed = [], 0
    for step in range(1, MOST_STEPS):
        ended = os.waitpid(_start_batch(box, die_at=step, defect=defect), 0)[1]
        log = _log(box)
        if not log.is_whole:
            half_done.append(log)
            break
        if ended == 0:
            break
        killed += 1
    return Batches(killed, half_done, _log(box))


def append_twice_at_once(box: Box, *, voters: int, defect: Defect | None = None) -> Batches:
    """Two workers look in the same moment, and both see that enough voters' ballots wait."""
    cast_here(box, voters)
    both = multiprocessing.get_context("fork").Barrier(2)
    children = [_start_batch(box, together=both, defect=defect) for _ in range(2)]
    ends = [os.waitpid(child, 0)[1] for child in children]
    return Batches(0, [], _log(box), failed=sum(end != 0 for end in ends))


def _start_batch(
    box: Box,
    *,
    die_at: int | None = None,
    together: Barrier | None = None,
    defect: Defect | None = None,
) -> int:
    """A process that does what the worker does each minute. It inherits no connection."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            die_at_step(die_at, box)
            if defect is not None:
                defect()
            if together is not None:
                _meet(together, box)
            jobs.append_due_batches(clock.now())
        except BaseException as error:  # noqa: BLE001  (the child must not go on with the tests)
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    return child


def _meet(both: Barrier, box: Box) -> None:
    """Neither goes on before both have looked; on SQLite, where one looks at a time, before both
    are about to."""
    module: Any = jobs
    look = module.contests_with_voters_waiting

    def look_and_meet(least: int) -> object:
        found = look(least)
        both.wait(timeout=60)
        return found

    if box.postgres is None:
        both.wait(timeout=60)
    else:
        module.contests_with_voters_waiting = look_and_meet


def _log(box: Box) -> Log:
    with only_reading():
        db.session.rollback()
        cast, waiting, leaves = (_commitments(box, each) for each in (Ballot, WaitingLeaf, Leaf))
        heads = db.session.scalars(select(TreeHead).where(TreeHead.contest_id == box.contest_id))
        head, root = newest_head(box.contest_id), tree_of(box.contest_id, len(leaves)).root()
        found = Log(
            ballots=len(cast),
            waiting=len(waiting),
            leaves=len(leaves),
            heads=len(heads.all()),
            each_once=sorted(waiting + leaves) == cast,
            root_is_right=(head is None and not leaves)
            or (head is not None and (head.size, head.root) == (len(leaves), root)),
        )
        db.session.rollback()
    return found


def _commitments(box: Box, model: type[Ballot | WaitingLeaf | Leaf]) -> list[bytes]:
    found = db.session.scalars(select(model.commitment).where(model.contest_id == box.contest_id))
    return sorted(each for each in found if each is not None)
