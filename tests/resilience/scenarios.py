"""Every scenario in full, and beside each the servers and programs that it must find out."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol
from unittest.mock import patch

import recount
from core.audit import verifying
from core.database import db
from tests.resilience.box import Box
from tests.resilience.broken_lines import hang_up_and_retry
from tests.resilience.bursts import Strike, kill_database, strike_in_bursts
from tests.resilience.copies import copy_while_casting
from tests.resilience.defects import careless
from tests.resilience.flipped_bytes import flip_bytes
from tests.resilience.hours import cast_around_the_hours
from tests.resilience.killed_batches import append_twice_at_once, kill_batch_at_each_step
from tests.resilience.killed_closings import close_twice_at_once, kill_at_each_step
from tests.resilience.no_room import cast_on_a_full_disk, cast_while_somebody_writes
from tests.resilience.same_voters import cast_for_the_same_voters
from tests.resilience.server import Server
from tests.resilience.traces import order_of_sync_and_answer
from tests.voting.test_one_ballot_each import drop_constraint
from voting.queries import box_checks

VOTERS = 600
KINDS = ("sqlite", "postgres")


class Seen(Protocol):
    """What a scenario returns: whether all held, and in words what happened."""

    @property
    def holds(self) -> bool: ...


Run = Callable[[Box, Path], Seen]


@dataclass(frozen=True)
class Scenario:
    """One scenario in full, the kinds of database that it is for, and by name what is wrong in one
    way and must not hold under it. For that a short form is enough."""

    what: str
    run: Run
    kinds: tuple[str, ...] = KINDS
    wrong: dict[str, Run] = field(default_factory=dict)


def _without_constraint(box: Box, _folder: Path) -> Seen:
    drop_constraint(db)
    return cast_for_the_same_voters(box, voters=40, defect="looks_then_inserts")


def _kill_workers(_box: Box) -> Strike:
    return Server.kill_workers


def _burst_of(defect: str, striking: Callable[[Box], Strike] = _kill_workers) -> Run:
    return lambda box, _: strike_in_bursts(
        box, striking(box), blows=2, casts_each=200, defect=defect
    )


def _careless(run: Callable[..., Seen], *defects: careless.Defect) -> dict[str, Run]:
    """By name, closings or batches that leave a step out, tried with a few voters."""

    def with_defect(defect: careless.Defect) -> Run:
        return lambda box, _: run(box, voters=20, defect=defect)

    return {defect.__name__: with_defect(defect) for defect in defects}


def _blind(program: Any, part: str, *, says: bool | None = None) -> Run:
    """A verifier of which one part does not look."""

    def run(box: Box, folder: Path) -> Seen:
        with patch.object(program, part, lambda *_: says):
            return flip_bytes(box, folder, voters=25, rows=3)

    return run


SCENARIOS = {
    "same": Scenario(
        "eight clients for the same 600 voters",
        lambda box, _: cast_for_the_same_voters(box, voters=VOTERS),
        wrong={"looks_then_inserts": _without_constraint},
    ),
    "bursts": Scenario(
        "20 bursts, all workers killed in each",
        lambda box, _: strike_in_bursts(box, Server.kill_workers, blows=20, casts_each=1_000),
        wrong={
            "answers_first": _burst_of("answers_first"),
            "denies_what_it_stored": _burst_of("denies_what_it_stored"),
        },
    ),
    "database": Scenario(
        "10 bursts, PostgreSQL killed in each",
        lambda box, _: strike_in_bursts(box, kill_database(box), blows=10, casts_each=500),
        ("postgres",),
        wrong={"answers_before_sync": _burst_of("answers_before_sync", kill_database)},
    ),
    "sync": Scenario(
        "order of sync and answer",
        lambda box, folder: order_of_sync_and_answer(box, folder, casts=100),
        wrong={
            "answers_before_sync": lambda box, folder: order_of_sync_and_answer(
                box, folder, casts=50, defect="answers_before_sync"
            )
        },
    ),
    "copies": Scenario(
        "20 copies at random moments",
        lambda box, folder: copy_while_casting(box, folder, copies=20),
        wrong={
            "answers_first": lambda box, folder: copy_while_casting(
                box, folder, copies=5, defect="answers_first"
            )
        },
    ),
    "full": Scenario(
        "a full disk",
        lambda box, _: cast_on_a_full_disk(box),
        wrong={
            "says_cast_when_full": lambda box, _: cast_on_a_full_disk(
                box, defect="says_cast_when_full"
            )
        },
    ),
    "held": Scenario(
        "a database that is held",
        lambda box, _: cast_while_somebody_writes(box),
        wrong={
            "says_cast_when_full": lambda box, _: cast_while_somebody_writes(
                box, defect="says_cast_when_full"
            )
        },
    ),
    "lines": Scenario(
        "answers cut off",
        lambda box, _: hang_up_and_retry(box, casts=200),
        wrong={
            "seals_afresh": lambda box, _: hang_up_and_retry(box, casts=20, defect="seals_afresh")
        },
    ),
    "flips": Scenario(
        "one byte changed in each column",
        lambda box, folder: flip_bytes(box, folder, voters=100, rows=40),
        wrong={
            "no_seal_is_opened": _blind(box_checks, "_opens", says=True),
            "no_opening_is_computed": _blind(recount.Openings, "check"),
            "no_entry_is_compared": _blind(verifying, "_wrong"),
        },
    ),
    "hours": Scenario(
        "opening and closing to the millisecond",
        cast_around_the_hours,
        wrong={
            "gives_grace": lambda box, folder: cast_around_the_hours(
                box, folder, defect="gives_grace"
            ),
            "forgets_the_fold": lambda box, folder: cast_around_the_hours(
                box, folder, defect="forgets_the_fold"
            ),
        },
    ),
    "closing": Scenario(
        "closing killed at each step",
        lambda box, _: kill_at_each_step(box, voters=100),
        wrong=_careless(
            kill_at_each_step, careless.closes_in_two_commits, careless.destroys_the_key_first
        ),
    ),
    "batch": Scenario(
        "a batch of the log killed at each step",
        lambda box, _: kill_batch_at_each_step(box, voters=100),
        wrong=_careless(kill_batch_at_each_step, careless.appends_in_two_commits),
    ),
    "batches": Scenario(
        "two batches of a log at once",
        lambda box, _: append_twice_at_once(box, voters=100),
        wrong=_careless(append_twice_at_once, careless.appends_without_looking),
    ),
    "twice": Scenario(
        "closing twice at once",
        lambda box, _: close_twice_at_once(box, voters=100),
        wrong=_careless(close_twice_at_once, careless.closes_without_looking),
    ),
}
