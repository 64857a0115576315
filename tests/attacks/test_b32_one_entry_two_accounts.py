"""B32: two people claim one entry of the register, also at the same moment."""

import threading
from collections import Counter

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import Residency, User
from accounts.queries import account_by_address, residency_of
from accounts.services.verification import verify
from core import clock
from core.audit import AuditEntry
from core.database import db as database
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.voting.letter_voters import letter_for
from tests.voting.register_people import BY_PROOF, numbers, on_the_register

BOTH = ("bo", "dora")


@pytest.fixture
def dora(db: SQLAlchemy) -> User:
    person = people.somebody("Dora")
    db.session.commit()
    return person


@pytest.mark.attack("B32")
def test_the_second_account_gets_a_neutral_answer_and_an_office_to_turn_to(
    client: BrowserLikeClient, world: World, bo: User, dora: User
) -> None:
    """B32: whichever way either takes; nothing tells whose the first account is."""
    entry = on_the_register(world.riverside)
    code = letter_for(entry, world.voting_round)
    people.sign_in(client, bo)
    assert client.post(BY_PROOF, data=numbers()).status_code == 303
    people.sign_in(client, dora)

    by_proof = client.post(BY_PROOF, data=numbers())
    by_letter = client.post("/account/residency/letter", data={"code": code.spelled})

    assert (by_proof.status_code, by_letter.status_code) == (409, 409)
    for answer in (by_proof, by_letter):
        assert "cannot be tied to your account" in answer.text
        assert "townhall@example.org" in answer.text
        assert "Bo" not in answer.text.split("<main", 1)[1]
    assert residency_of(dora.id) is None
    tried = select(AuditEntry.act).where(AuditEntry.act == "claim_taken_person")
    assert len(database.session.scalars(tried).all()) == 2


@pytest.mark.attack("B32")
@pytest.mark.parametrize("_again", range(3))
def test_of_two_at_the_same_moment_one_gets_the_entry(
    app: Flask, db: SQLAlchemy, world: World, bo: User, dora: User, _again: int
) -> None:
    """B32: the database decides, so that no second account slips in between."""
    key, home = on_the_register(world.riverside).person_key, world.riverside.id
    db.session.commit()
    start, came = threading.Barrier(2), list[str]()

    def claim(name: str) -> None:
        with app.test_request_context(method="POST"):
            start.wait()
            person = account_by_address(f"{name}@example.org")
            assert person is not None
            refusal = verify(person, key, home, way="proof", at=clock.now(), locale="en")
            database.session.commit()
            came.append(refusal.code if refusal else "verified")
            database.session.remove()

    threads = [threading.Thread(target=claim, args=(name,)) for name in BOTH]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(came) == {"verified": 1, "person_taken": 1}
    assert len(db.session.scalars(select(Residency).where(Residency.person_key == key)).all()) == 1
