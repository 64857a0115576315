"""Closings and batches that are wrong in one way each. A child process calls one of these before it
works; nothing of it reaches the process that looks on."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from core.database import db
from voting import jobs
from voting.models import Contest
from voting.services import closing, log

Defect = Callable[[], None]
of_closing: Any = closing
of_log: Any = log
of_jobs: Any = jobs


def closes_in_two_commits() -> None:
    """The first half of a closing is there even if the second never comes."""
    insert = of_closing._insert

    def insert_and_commit(*rows: object) -> None:
        insert(*rows)
        db.session.commit()

    of_closing._insert = insert_and_commit


def destroys_the_key_first() -> None:
    """Before what it seals is committed, so that nothing could be sealed any more."""
    seal = of_closing._seal

    def destroy_and_seal(contest: Any, **moments: Any) -> None:
        seal(contest, **moments)
        of_closing.link_keys.destroy(contest.ref)

    of_closing._seal = destroy_and_seal


def closes_without_looking() -> None:
    """Takes no turn, and never asks whether somebody closed the contest already."""

    def seal(contest: Any, *, at: Any) -> None:
        of_closing._seal(contest, closed_at=at, at=at)

    of_closing.seal_contest = seal


def appends_in_two_commits() -> None:
    """Leaves can stand in the log without a head that signs them."""
    insert = of_log._insert_leaves

    def insert_and_commit(*rows: Any) -> None:
        insert(*rows)
        db.session.commit()

    of_log._insert_leaves = insert_and_commit


def appends_without_looking() -> None:
    """Takes for granted that what waited when the minute began waits still."""

    def all_of_them(_least: int) -> list[int]:
        return list(db.session.scalars(select(Contest.id)))

    of_log.contests_with_voters_waiting = of_jobs.contests_with_voters_waiting = all_of_them
