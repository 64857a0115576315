"""Who types an address that nobody confirms leaves nothing behind after a week."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts import queries
from accounts.models import User
from accounts.queries import has_left_traces
from accounts.services.people import create_account, register
from core import clock as now
from core import jobs
from core.audit import AuditEntry
from core.search import SearchDocument
from tests.harness import people
from tests.harness.world import World, make_post

ADDRESS = "greta@example.org"
WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def ask(db: SQLAlchemy) -> User:
    register(ADDRESS, "Greta", "four words in a row", at=now.now(), locale="en")
    db.session.commit()
    return asked()


def asked() -> User:
    person = queries.account_by_address(ADDRESS)
    assert person is not None
    return person


def later(clock: time_machine.Traveller, by: timedelta) -> None:
    clock.shift(by)
    jobs.run_due(now.now())


def test_after_a_week_an_unconfirmed_account_is_gone_with_its_address(
    db: SQLAlchemy, clock: time_machine.Traveller
) -> None:
    ref, number = ask(db).ref, asked().id

    later(clock, WEEK - HOUR)
    assert asked().email == ADDRESS
    later(clock, HOUR)

    assert queries.account_by_address(ADDRESS) is None
    found = select(SearchDocument).where(
        SearchDocument.kind == "account", SearchDocument.subject_id == number
    )
    assert db.session.scalar(found) is None
    kept = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "forget_account")).one()
    assert kept.subject == f"account:{ref}"
    assert "greta" not in str([entry.details for entry in db.session.scalars(select(AuditEntry))])


def test_a_confirmed_account_stays(db: SQLAlchemy, clock: time_machine.Traveller) -> None:
    ask(db).confirmed_at = now.now()
    db.session.commit()

    later(clock, WEEK + HOUR)

    assert asked().email == ADDRESS


def test_who_registers_once_more_has_a_week_from_then(
    db: SQLAlchemy, clock: time_machine.Traveller
) -> None:
    ask(db)
    later(clock, WEEK - HOUR)
    ask(db)

    later(clock, 2 * HOUR)
    assert asked().email == ADDRESS
    later(clock, WEEK)
    assert queries.account_by_address(ADDRESS) is None


@pytest.mark.parametrize("kept_by", ["a post", "a residency", "a role"])
def test_an_account_that_anything_points_to_is_never_deleted(
    db: SQLAlchemy, clock: time_machine.Traveller, world: World, kept_by: str
) -> None:
    person = ask(db)
    if kept_by == "a post":
        make_post(world.thread, person, "Written before.", now.now())
    elif kept_by == "a residency":
        people.verify(person, world.riverside, "REG 99")
    else:
        person.roles = [people.cast("dana").roles[0]]
    db.session.commit()

    later(clock, WEEK + HOUR)

    assert asked().email == ADDRESS


def test_every_table_that_names_people_is_asked(db: SQLAlchemy, world: World) -> None:
    for name in ("amara", "bo", "dana", "clara"):
        assert has_left_traces(people.cast(name)), name
    fresh = create_account("new@example.org", "New", None, at=now.now())
    assert not has_left_traces(fresh)
