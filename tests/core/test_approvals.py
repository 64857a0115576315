"""What cannot be taken back is done by two: one asks, another confirms, then it is done."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from accounts.services.role_requests import GIVE_ROLE
from accounts.services.roles import role_row
from core import approvals
from core import clock as now
from core.approvals import Approval
from core.refusals import Refused
from tests.harness import people
from tests.harness.client import BrowserLikeClient


@pytest.fixture
def asked(db: SQLAlchemy, adam: User, ada: User, bo: User) -> Approval:
    """Adam has asked that Bo becomes a clerk."""
    asked = ask(adam, bo)
    db.session.commit()
    return asked


def ask(by: User, person: User, role: str = "clerk") -> Approval:
    return approvals.ask(GIVE_ROLE, f"account:{person.ref}", by=by, at=now.now(), role=role)


def confirmation_refused(approval: Approval, by: User) -> str:
    with pytest.raises(Refused) as refused:
        approvals.confirm(approval, by=by, at=now.now())
    return refused.value.refusal.code


def test_a_second_person_does_it(asked: Approval, ada: User, bo: User) -> None:
    assert not bo.has_role("clerk")
    approvals.confirm(asked, by=ada, at=now.now())

    assert bo.has_role("clerk")
    assert (asked.state, asked.ended_by_id) == ("done", ada.id)


def test_nobody_is_her_own_second_person(asked: Approval, adam: User, bo: User) -> None:
    assert confirmation_refused(asked, adam) == "same_person"
    assert not bo.has_role("clerk")


@pytest.mark.parametrize("name", ["bo", "clara", "eli", "dana"])
def test_the_second_person_holds_the_same_office(asked: Approval, name: str) -> None:
    assert confirmation_refused(asked, people.cast(name)) == "not_in_office"


def test_it_is_done_once(asked: Approval, ada: User) -> None:
    approvals.confirm(asked, by=ada, at=now.now())
    assert confirmation_refused(asked, ada) == "not_waiting"


def test_what_was_asked_twice_waits_once(asked: Approval, adam: User, bo: User) -> None:
    assert ask(adam, bo) is asked


def test_what_has_changed_meanwhile_is_not_done(
    db: SQLAlchemy, asked: Approval, ada: User, bo: User
) -> None:
    bo.roles = [role_row("moderator")]
    db.session.commit()

    assert confirmation_refused(asked, ada) == "changed_since"


def test_what_the_details_were_changed_to_is_not_done(
    db: SQLAlchemy, asked: Approval, ada: User, bo: User
) -> None:
    asked.details = {"role": "administrator"}
    db.session.commit()

    assert confirmation_refused(asked, ada) == "changed_since"
    assert bo.roles == []


def test_the_permission_is_asked_again_when_it_is_confirmed(
    db: SQLAlchemy, asked: Approval, ada: User, bo: User
) -> None:
    bo.confirmed_at = None
    db.session.commit()

    assert confirmation_refused(asked, ada) == "address_not_confirmed"


def test_who_has_lost_the_office_meanwhile_confirms_nothing(asked: Approval, ada: User) -> None:
    ada.roles = []
    assert confirmation_refused(asked, ada) == "not_in_office"


def test_a_request_lapses(clock: time_machine.Traveller, adam: User, ada: User, bo: User) -> None:
    approval = ask(adam, bo)
    clock.shift(timedelta(days=7))

    assert confirmation_refused(approval, ada) == "not_waiting"
    assert approvals.waiting_for_office(ada, now.now()) == []


def test_either_of_the_two_can_withdraw_it(asked: Approval, adam: User, ada: User) -> None:
    approvals.withdraw(asked, by=adam, at=now.now())

    assert confirmation_refused(asked, ada) == "not_waiting"
    with pytest.raises(Refused):
        approvals.withdraw(asked, by=ada, at=now.now())


def test_what_could_not_be_done_cannot_be_asked_for(adam: User, ada: User, clara: User) -> None:
    with pytest.raises(Refused) as refused:
        ask(adam, clara)
    assert refused.value.refusal.code == "has_role"


def test_the_page_shows_what_waits_and_who_can_confirm_it(
    client: BrowserLikeClient, asked: Approval, adam: User, ada: User, eli: User
) -> None:
    people.sign_in(client, adam)
    assert "You asked for this yourself" in client.get("/staff/approvals").text
    people.sign_in(client, ada)
    assert "Bo becomes Clerk" in client.get("/staff/approvals").text
    assert "Waiting for a second person" in client.get("/staff").text
    people.sign_in(client, eli)
    assert "Bo becomes Clerk" not in client.get("/staff/approvals").text

    address = f"/staff/approvals/{asked.ref}/confirmation"
    assert client.post(address).status_code == 403
    assert client.post("/staff/approvals/nowhere/confirmation").status_code == 404
