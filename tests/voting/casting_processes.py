"""Several clients that cast for the same voters at once, each a process of its own.

Run as `python -m tests.voting.casting_processes PLAN`, a file of JSON with the fields of `Plan`.
The clients wait for each other, then all take the voters in the same order. What was acknowledged
stands in `acknowledged-N.jsonl` beside the plan, a line [entry, receipt code] as soon as it is so.
"""

import itertools
import json
import multiprocessing
import sys
from dataclasses import asdict, dataclass, field
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy.exc import IntegrityError, OperationalError

from core import clock
from core.database import db
from core.refusals import Refused
from tests.harness import people
from tests.harness.application import new_app, settings_for
from voting import sealing
from voting.models import Contest, RollEntry
from voting.services import ballots, box, paper_marks

TRIES = 40


@dataclass(frozen=True)
class Plan:
    """What the clients do. `without` names safeguards that are taken out: check, lock.

    The first `marking` clients do not cast: they mark that the voter was given papers.

    `look_together`: nobody writes the second voter's ballot before every client has looked for an
    earlier one. Only for databases that let them look at once: on SQLite one holds the others up.
    """

    database_url: str
    folder: str
    contest_id: int
    entries: list[int]
    clients: int = 8
    without: list[str] = field(default_factory=list)
    look_together: bool = False
    marking: int = 0

    def write(self) -> Path:
        path = Path(self.folder) / "plan.json"
        path.write_text(json.dumps(asdict(self)))
        return path


def main(plan_file: str) -> int:
    plan = Plan(**json.loads(Path(plan_file).read_text()))
    take_out(plan.without)
    app = new_app(settings_for(plan.database_url, Path(plan.folder)))
    context = multiprocessing.get_context("fork")
    start = context.Barrier(plan.clients)
    if plan.look_together:
        barrier = context.Barrier(plan.clients)
        if plan.marking:
            wait_after_permission(barrier)
        else:
            wait_after_look(barrier)
    clients = [
        context.Process(target=client, args=(app, plan, number, start), daemon=True)
        for number in range(plan.clients)
    ]
    for process in clients:
        process.start()
    for process in clients:
        process.join()
    return max(process.exitcode or 0 for process in clients)


def take_out(safeguards: list[str]) -> None:
    """Disables what keeps one ballot a person, in these processes alone."""
    service: Any = ballots
    transaction: Any = box
    if "check" in safeguards:
        service._earlier_ballot = lambda _contest, _tag: None
    if "lock" in safeguards:
        transaction.lock_voter = lambda _contest, _entry: None


def wait_after_look(everybody_looked: Barrier) -> None:
    """Not at the first voter: her first ballot freezes the contest, one client after another."""
    module: Any = ballots
    look, looks = module._earlier_ballot, itertools.count(1)

    def look_and_wait(contest_id: int, tag: str) -> object:
        found = look(contest_id, tag)
        if next(looks) == 2:
            everybody_looked.wait(timeout=60)
        return found

    module._earlier_ballot = look_and_wait


def wait_after_permission(everybody_asked: Barrier) -> None:
    """The same for casts and marks, which ask in different modules whether they may."""
    for module, name in ((box, "why_not_cast_ballot"), (paper_marks, "why_not_give_papers")):
        honest, asked = getattr(module, name), itertools.count(1)

        def ask_and_wait(*args: Any, _ask: Any = honest, _asked: Any = asked) -> object:
            refusal = _ask(*args)
            if next(_asked) == 2:
                everybody_asked.wait(timeout=60)
            return refusal

        setattr(module, name, ask_and_wait)


def client(app: Flask, plan: Plan, number: int, start: Barrier) -> None:
    """Casts for every voter in turn; what fails for want of the database is tried again."""
    said = (Path(plan.folder) / f"acknowledged-{number}.jsonl").open("w")
    with app.app_context(), said:
        db.engine.dispose(close=False)
        start.wait(timeout=120)
        for entry in plan.entries:
            act = mark if number < plan.marking else cast
            code = act(plan.contest_id, entry)
            said.write(json.dumps([entry, code]) + "\n")
            said.flush()


def cast(contest_id: int, entry_id: int) -> str:
    form_key = sealing.new_form_key()
    for attempt in range(TRIES):
        try:
            contest = db.session.get_one(Contest, contest_id)
            entry = db.session.get_one(RollEntry, entry_id)
            refs = [contest.options[(entry_id + attempt) % 4].ref]
            receipt = ballots.cast_ballot(contest, entry, refs, form_key, at=clock.now())
            db.session.commit()
            return receipt.code
        except Refused:
            return ""
        except OperationalError:
            db.session.rollback()
        finally:
            db.session.remove()
    raise AssertionError("The database never took the ballot.")


def mark(contest_id: int, entry_id: int) -> str:
    """ "paper" where the papers were given, nothing where they were refused."""
    for _ in range(TRIES):
        try:
            contest = db.session.get_one(Contest, contest_id)
            entry = db.session.get_one(RollEntry, entry_id)
            paper_marks.give_papers(
                contest.round, entry, [contest], by=people.cast("clara"), at=clock.now()
            )
            db.session.commit()
            return "paper"
        except Refused:
            return ""
        except (OperationalError, IntegrityError):
            db.session.rollback()
        finally:
            db.session.remove()
    raise AssertionError("The database never took the mark.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
