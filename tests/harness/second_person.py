"""The second person of the tests: confirms what waits, at a screen of her own."""

from flask import Flask
from sqlalchemy import select

from accounts.models import User
from core.approvals import Approval
from core.database import db
from tests.harness import people
from tests.harness.client import BrowserLikeClient

SEE_OTHER = 303


def ask_and_confirm(client: BrowserLikeClient, address: str, first: User, second: User) -> int:
    """One person asks for it at this address, and the second confirms at the same screen."""
    people.sign_in(client, first)
    asked = client.post(address).status_code
    if asked != SEE_OTHER:
        return asked
    people.sign_in(client, second)
    return client.post(f"/staff/approvals/{asked_last()}/confirmation").status_code


def asked_last() -> str:
    """The ref of what was asked for last."""
    ref = db.session.scalars(select(Approval.ref).order_by(Approval.id.desc())).first()
    assert ref is not None, "Nothing was asked for."
    return ref


def confirm_as(app: Flask, person: User) -> int:
    """This person confirms what was asked for last; the status of the answer."""
    ref = asked_last()
    hers = app.test_client()
    assert isinstance(hers, BrowserLikeClient)
    people.sign_in(hers, person)
    return hers.post(f"/staff/approvals/{ref}/confirmation").status_code
