"""The roll: a clerk's word puts a person on it at once, and moves her with her residency."""

from datetime import timedelta

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from accounts.services import confirm_residency
from core import clock
from tests.harness import people
from voting.models import RollEntry
from voting.queries.rolls import roll_entry_of
from voting.services.rolls import enter_on_roll


def entries(db: SQLAlchemy) -> list[RollEntry]:
    return list(db.session.scalars(select(RollEntry).order_by(RollEntry.id)))


def test_who_is_confirmed_is_on_the_roll(db: SQLAlchemy, bo: User, clara: User) -> None:
    home = people.district("Riverside")

    confirm_residency(bo, "82010112345", home, by=clara, at=clock.now())

    (entry,) = entries(db)
    assert roll_entry_of(bo.id) == entry
    assert entry.district_id == home.id
    assert "82010112345" not in entry.person_key


def test_who_moves_is_on_the_roll_of_the_new_district_alone(
    db: SQLAlchemy, bo: User, clara: User
) -> None:
    at = clock.now()
    confirm_residency(bo, "82010112345", people.district("Riverside"), by=clara, at=at)

    later = at + timedelta(days=1)
    confirm_residency(bo, "82010112345", people.district("Hillside"), by=clara, at=later)

    (entry,) = entries(db)
    assert entry.district_id == people.district("Hillside").id
    assert entry.entered_at == later


def test_entering_twice_changes_nothing(db: SQLAlchemy) -> None:
    home, at = people.district("Riverside"), clock.now()

    once = enter_on_roll("key", home.id, at=at)
    again = enter_on_roll("key", home.id, at=at + timedelta(days=1))

    assert once == again
    assert again.entered_at == at


def test_an_address_that_was_confirmed_gives_no_vote(db: SQLAlchemy, bo: User) -> None:
    assert bo.confirmed_at is not None
    assert roll_entry_of(bo.id) is None
    assert entries(db) == []
