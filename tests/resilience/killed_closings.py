"""Closing a contest while the process that does it is killed at every single step, and twice at
once. Whatever happens, nothing is half closed, and the end is the same."""

import os
import signal
import sys
from dataclasses import dataclass, replace
from itertools import count
from unittest.mock import patch

from sqlalchemy import event, func, select

from core import clock, jobs
from core.database import db, only_reading
from tests.resilience.box import Box, Ranking, ranking_number
from tests.resilience.closing import counted_rankings, end_voting
from tests.resilience.defects.careless import Defect
from voting import link_keys
from voting.models import Ballot, Contest, RollMark, SealedBallot
from voting.queries.ballots import link_key_of
from voting.routes.cast_signals import Watch
from voting.services import closing

CHANGES = {"os.remove", "os.rename", "os.link", "os.truncate"}
MOST_STEPS = 500


@dataclass(frozen=True)
class State:
    """What stands in the tables, and whether the key that ties ballots to persons still can."""

    ballots: int
    sealed: int
    marks: int
    is_closed: bool
    key_works: bool

    def is_whole(self, voters: int) -> bool:
        """Nothing is closed and the key works, or all is closed."""
        open_still = State(voters, 0, 0, is_closed=False, key_works=True)
        numbers = (self.ballots, self.sealed, self.marks)
        return self == open_still or (self.is_closed and numbers == (0, voters, voters))


@dataclass(frozen=True)
class Closings:
    """How often closing was killed, what was half done then, and what was counted in the end.

    `failed`: how many of those that were not killed ended with an error.
    """

    killed: int
    half_done: list[State]
    end: State
    key_is_gone: bool
    counts_what_was_cast: bool
    failed: int = 0

    @property
    def holds(self) -> bool:
        return (
            not self.half_done
            and not self.failed
            and self.end.is_closed
            and self.key_is_gone
            and self.counts_what_was_cast
        )

    def __str__(self) -> str:
        return (
            f"killed at {self.killed} steps; half done: {self.half_done or 'never'}; "
            f"in the end {self.end}, key gone: {self.key_is_gone}, "
            f"counted what was cast: {self.counts_what_was_cast}; "
            f"ended with an error: {self.failed}"
        )


def kill_at_each_step(
    box: Box, *, voters: int, every: int = 1, defect: Defect | None = None
) -> Closings:
    """Dies at the first step, begins again and dies at the second, and so on; once the contest is
    closed, again from the first step of what is left to do, until nothing is."""
    cast, half_done, killed, step, was_closed = _fill(box, voters), [], 0, 1, False
    for _ in range(MOST_STEPS):
        if _close_in_child(box, die_at=step, defect=defect) == 0 and was_closed:
            break
        killed, step = killed + 1, step + every
        state = _state(box)
        if not state.is_whole(voters):
            half_done.append(state)
            break
        if state.is_closed and not was_closed:
            was_closed, step = True, 1
    return _end(box, cast, killed, half_done)


def close_twice_at_once(box: Box, *, voters: int, defect: Defect | None = None) -> Closings:
    """Two officers press the button in the same moment. Closing a second time is no error."""
    cast = _fill(box, voters)
    children = [_start_closing(box, die_at=None, defect=defect) for _ in range(2)]
    ends = [os.waitpid(child, 0)[1] for child in children]
    return replace(_end(box, cast, 0, []), failed=sum(end != 0 for end in ends))


def _fill(box: Box, voters: int) -> list[Ranking]:
    """A ballot of each of these voters; then voting ends."""
    cast = cast_here(box, voters)
    end_voting(box)
    db.session.remove()
    db.engine.dispose()
    return cast


def cast_here(box: Box, voters: int, *, first: int = 0) -> list[Ranking]:
    """Casts for so many voters without a server; `first` is the number of the first ranking.

    No thread is begun that writes signals down: a process that is made by forking would inherit the
    locks that it holds at that moment, and wait for them for ever.
    """
    rankings = [ranking_number(first + number, box.options) for number in range(voters)]
    with patch.object(Watch, "look"):
        for voter, ranking in zip(box.voters, rankings, strict=False):
            client = box.app.test_client(use_cookies=False)
            answer = client.post(
                box.address,
                data=box.form(voter, box.new_key(voter), ranking),
                headers={"Cookie": voter.cookie},
                content_type="application/x-www-form-urlencoded",
                csrf=False,
            )
            assert answer.status_code == 303, answer.status
    return rankings


def _close_in_child(box: Box, *, die_at: int | None, defect: Defect | None) -> int:
    return os.waitpid(_start_closing(box, die_at=die_at, defect=defect), 0)[1]


def _start_closing(box: Box, *, die_at: int | None, defect: Defect | None) -> int:
    child = os.fork()
    if child == 0:
        try:
            db.engine.dispose(close=False)
            die_at_step(die_at, box)
            if defect is not None:
                defect()
            _close(box)
        except BaseException as error:  # noqa: BLE001  (the child must not go on with the tests)
            sys.stderr.write(f"{error!r}\n")
            os._exit(1)
        os._exit(0)
    return child


def _close(box: Box) -> None:
    """What the officer's button does, then what two officers ask for, and then the worker."""
    closing.seal_contest(db.session.get_one(Contest, box.contest_id), at=clock.now())
    db.session.commit()
    jobs.enqueue(closing.DESTROY_LINK_KEY, clock.now(), contest_ref=box.contest_ref)
    db.session.commit()
    jobs.run_due(clock.now())


def die_at_step(step: int | None, box: Box) -> None:
    """Kills this process before so-manieth statement, commit or change of a file of the town's."""
    steps, folder = count(1), str(box.app.config["SETTINGS"].instance_dir)

    def pass_step(*_what: object) -> None:
        if next(steps) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def watch(what: str, about: tuple[object, ...]) -> None:
        path = str(about[0]) if about else ""
        writes = what == "open" and len(about) > 1 and set(str(about[1])) & set("wax+")
        if (writes or what in CHANGES) and path.startswith(folder):
            pass_step()

    event.listen(db.engine, "before_cursor_execute", pass_step)
    event.listen(db.engine, "commit", pass_step)
    sys.addaudithook(watch)


def _end(box: Box, cast: list[Ranking], killed: int, half_done: list[State]) -> Closings:
    return Closings(
        killed=killed,
        half_done=half_done,
        end=_state(box),
        key_is_gone=not link_keys.exists(box.contest_ref),
        counts_what_was_cast=sorted(counted_rankings(box)) == sorted(cast),
    )


def _state(box: Box) -> State:
    with only_reading():
        contest = db.session.get_one(Contest, box.contest_id, populate_existing=True)
        try:
            link_key_of(contest)
            key_works = True
        except link_keys.LinkKeyMissing:
            key_works = False
        found = State(
            ballots=_number(Ballot, box),
            sealed=_number(SealedBallot, box),
            marks=_number(RollMark, box),
            is_closed=contest.sealed_at is not None,
            key_works=key_works,
        )
        db.session.rollback()
    return found


def _number(model: type[Ballot | SealedBallot | RollMark], box: Box) -> int:
    rows = select(func.count()).select_from(model).where(model.contest_id == box.contest_id)
    return db.session.scalar(rows) or 0
