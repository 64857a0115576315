"""B13: vote, erase the account, register again, be verified again, vote again.

Until closing anybody may change her ballot, so a second one replaces the first; there is never
more than one. After closing it is refused.
"""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from accounts.services.erasure import erase_account
from core import clock as now
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.ballot_forms import cast
from tests.voting.letter_voters import enter_code, on_the_roll
from voting.models import Ballot, RollEntry, RollMark, SealedBallot
from voting.services.closing import seal_contest


def number_of(db: SQLAlchemy, model: type[Ballot] | type[SealedBallot] | type[RollMark]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def come_back(db: SQLAlchemy, person: User, world: World) -> User:
    """Erases the account, and makes the same person another one, confirmed by a clerk."""
    erase_account(person, by=None, at=now.now())
    db.session.commit()
    again = people.somebody("Amara again")
    people.verify(again, world.riverside, "REG Amara")
    db.session.commit()
    return again


@pytest.mark.attack("B13")
def test_she_has_one_ballot_whatever_the_number_of_her_accounts(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    clock: time_machine.Traveller,
    world: World,
    amara: User,
) -> None:
    """B13: a new account until closing replaces her ballot, and is told no afterwards."""
    people.sign_in(client, amara)
    assert cast(client, world.city_contest, ["0-1"]).status_code == 303
    entries = db.session.scalar(select(func.count()).select_from(RollEntry))

    again = come_back(db, amara, world)
    people.sign_in(client, again)
    cast(client, world.city_contest, ["0-2"])

    assert number_of(db, Ballot) == 1
    assert db.session.scalar(select(func.count()).select_from(RollEntry)) == entries

    clock.shift(timedelta(days=30))
    third = come_back(db, again, world)
    people.sign_in(client, third)
    assert cast(client, world.city_contest, ["0-3"], key="0" * 32).status_code == 409
    assert number_of(db, Ballot) == 1


@pytest.mark.attack("B13")
def test_nor_by_letter_and_account_in_turn(
    db: SQLAlchemy, client: BrowserLikeClient, clock: time_machine.Traveller, world: World
) -> None:
    """B13: by letter, with an account, erased, by letter again: one person all the time."""
    bo, entry = people.cast("bo"), on_the_roll(world.riverside, "REG Bo")
    enter_code(client, entry)
    assert cast(client, world.city_contest, ["0-1"]).status_code == 303
    people.verify(bo, world.riverside, "REG Bo")
    people.sign_in(client, bo)
    assert cast(client, world.city_contest, ["0-2"]).status_code == 303
    erase_account(bo, by=None, at=now.now())
    db.session.commit()
    enter_code(client, entry)
    assert cast(client, world.city_contest, ["0-3"]).status_code == 303

    db.session.refresh(entry)
    assert (number_of(db, Ballot), entry.left_on) == (1, None)
    clock.shift(timedelta(days=30))
    enter_code(client, entry)
    assert cast(client, world.city_contest, ["0-4"], key="0" * 32).status_code == 409
    seal_contest(world.city_contest, at=now.now())
    assert (number_of(db, SealedBallot), number_of(db, RollMark)) == (1, 1)


@pytest.mark.attack("B13")
def test_erasing_after_closing_changes_nothing_that_is_counted(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    clock: time_machine.Traveller,
    world: World,
    amara: User,
) -> None:
    """B13: the sealed ballot stays, and so does the mark on the roll."""
    people.sign_in(client, amara)
    cast(client, world.city_contest, ["0-1"])
    clock.shift(timedelta(days=30))
    seal_contest(world.city_contest, at=now.now())
    db.session.commit()
    before = db.session.scalars(select(SealedBallot.ranking)).all()

    erase_account(amara, by=None, at=now.now())
    db.session.commit()

    assert db.session.scalars(select(SealedBallot.ranking)).all() == before
    assert number_of(db, RollMark) == 1
