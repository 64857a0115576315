"""Giving and taking roles."""

import pytest
from flask import Flask
from sqlalchemy import select

from accounts import services
from accounts.models import User
from core import clock as time
from core.audit import AuditEntry
from core.database import db as database
from tests.accounts.devices import another_device
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.second_person import confirm_as


@pytest.fixture
def office(client: BrowserLikeClient, adam: User, ada: User) -> BrowserLikeClient:
    """Adam, one of two administrators, at his screen."""
    people.sign_in(client, adam)
    return client


def test_adam_and_ada_make_bo_a_clerk_who_then_signs_in_anew(
    app: Flask, office: BrowserLikeClient, bo: User, adam: User, ada: User
) -> None:
    his = another_device(app)
    people.sign_in(his, bo)

    answer = office.post(f"/staff/people/{bo.ref}/roles", data={"role": "clerk"})
    assert answer.status_code == 303
    assert his.get("/staff/residents").status_code == 403

    assert confirm_as(app, ada) == 303
    assert his.get("/staff/residents").headers["Location"].startswith("/login")
    people.sign_in(his, bo)
    assert his.get("/staff/residents").status_code == 200
    found = database.session.scalars(
        select(AuditEntry).where(AuditEntry.act.in_(["ask_give_role", "give_role"]))
    ).all()
    assert [(entry.act, entry.actor_id, entry.subject, entry.details) for entry in found] == [
        ("ask_give_role", adam.id, f"account:{bo.ref}", {"role": "clerk"}),
        ("give_role", ada.id, f"account:{bo.ref}", {"role": "clerk"}),
    ]


def test_a_role_that_is_taken_ends_at_once(
    app: Flask, office: BrowserLikeClient, clara: User, ada: User
) -> None:
    hers = another_device(app)
    people.sign_in(hers, clara)
    assert hers.get("/staff/residents").status_code == 200

    office.post(f"/staff/people/{clara.ref}/roles/clerk/removal")
    assert confirm_as(app, ada) == 303

    assert hers.get("/staff/residents").headers["Location"].startswith("/login")
    people.sign_in(hers, clara)
    assert hers.get("/staff/residents").status_code == 403
    assert database.session.scalar(select(AuditEntry).where(AuditEntry.act == "take_role"))


def test_an_administrator_may_go_when_two_others_stay(
    app: Flask, office: BrowserLikeClient, adam: User, ada: User, bo: User
) -> None:
    bo.roles = list(ada.roles)

    office.post(f"/staff/people/{adam.ref}/roles/administrator/removal")
    assert confirm_as(app, ada) == 303

    people.sign_in(office, adam)
    assert office.get("/staff/people").status_code == 403


def test_the_service_itself_keeps_the_last_administrator(app: Flask, adam: User) -> None:
    with pytest.raises(services.LastAdministrator):
        services.take_role(adam, "administrator", by=adam, at=time.now())

    assert adam.has_role("administrator")


@pytest.mark.parametrize("role", ["", "king", "administrator'--", "Clerk"])
def test_there_are_no_other_roles(office: BrowserLikeClient, bo: User, role: str) -> None:
    assert office.post(f"/staff/people/{bo.ref}/roles", data={"role": role}).status_code == 422
    assert office.post(f"/staff/people/{bo.ref}/roles/king/removal").status_code == 404
    assert bo.roles == []


def test_what_somebody_has_or_has_not_is_said(
    office: BrowserLikeClient, clara: User, bo: User
) -> None:
    assert office.post(f"/staff/people/{clara.ref}/roles", data={"role": "clerk"}).status_code in {
        409,
        422,
    }
    taken = office.post(f"/staff/people/{bo.ref}/roles/clerk/removal")
    assert taken.status_code == 409
    assert "does not have the role" in taken.text


def test_no_role_without_a_confirmed_address(office: BrowserLikeClient, bo: User) -> None:
    bo.confirmed_at = None

    answer = office.post(f"/staff/people/{bo.ref}/roles", data={"role": "clerk"})

    assert answer.status_code == 409
    assert bo.roles == []


@pytest.mark.parametrize("name", ["amara", "clara", "dana", "eli", "farah"])
def test_nobody_else_gives_roles(client: BrowserLikeClient, bo: User, name: str) -> None:
    somebody = people.cast(name)
    people.sign_in(client, somebody)

    own = client.post(f"/staff/people/{somebody.ref}/roles", data={"role": "administrator"})

    assert own.status_code == 403
    assert client.get("/staff/people").status_code == 403
    assert client.get(f"/staff/people/{bo.ref}").status_code == 403


def test_the_list_shows_who_works_here_and_finds_others(
    office: BrowserLikeClient, clara: User, bo: User, eli: User
) -> None:
    page = office.get("/staff/people").text
    assert "Clara" in page
    assert "Election officer" in page
    assert "bo@example.org" not in page

    assert "bo@example.org" in office.get("/staff/people?q=bo").text
    assert office.get("/staff/people/nosuchref").status_code == 404
