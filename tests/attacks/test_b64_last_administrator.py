"""B64: the last administrator removes themself; a role changes without a second person."""

import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import User
from core.approvals import Approval
from core.database import db
from tests.harness import people
from tests.harness.client import BrowserLikeClient


@pytest.mark.attack("B64")
def test_the_last_administrator_stays_one(client: BrowserLikeClient, adam: User) -> None:
    """B64: alone."""
    people.sign_in(client, adam)
    answer = client.post(f"/staff/people/{adam.ref}/roles/administrator/removal")

    assert answer.status_code == 409
    assert "last administrator" in answer.text
    assert client.get("/staff/people").status_code == 200


@pytest.mark.attack("B64")
def test_the_last_two_stay_since_it_takes_two(
    client: BrowserLikeClient, adam: User, ada: User
) -> None:
    """B64: nor does one of two go, who could then do nothing."""
    people.sign_in(client, adam)
    for person in (adam, ada):
        answer = client.post(f"/staff/people/{person.ref}/roles/administrator/removal")
        assert answer.status_code == 409
        assert "only two administrators" in answer.text


@pytest.mark.attack("B64")
def test_one_administrator_alone_gives_no_role(
    client: BrowserLikeClient, adam: User, bo: User
) -> None:
    """B64: nobody is there to confirm."""
    people.sign_in(client, adam)
    answer = client.post(f"/staff/people/{bo.ref}/roles", data={"role": "officer"})

    assert answer.status_code == 409
    assert "roles need two" in answer.text
    assert bo.roles == []


@pytest.mark.attack("B64")
def test_no_role_changes_without_a_second_person(
    app: Flask, client: BrowserLikeClient, adam: User, ada: User, bo: User
) -> None:
    """B64: whoever asked does not confirm."""
    people.sign_in(client, adam)
    assert client.post(f"/staff/people/{bo.ref}/roles", data={"role": "officer"}).status_code == 303
    ref = db.session.scalars(select(Approval.ref)).one()

    assert client.post(f"/staff/approvals/{ref}/confirmation").status_code == 403
    db.session.refresh(bo)
    assert bo.roles == []
