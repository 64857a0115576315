"""The second person of the tests: confirms what waits, at a screen of her own."""

from flask import Flask
from sqlalchemy import select

from accounts.models import User
from core.approvals import Approval
from core.database import db
from tests.harness import people
from tests.harness.client import BrowserLikeClient


def confirm_as(app: Flask, person: User) -> int:
    """This person confirms what was asked for last; the status of the answer."""
    ref = db.session.scalars(select(Approval.ref).order_by(Approval.id.desc())).first()
    hers = app.test_client()
    assert isinstance(hers, BrowserLikeClient)
    people.sign_in(hers, person)
    return hers.post(f"/staff/approvals/{ref}/confirmation").status_code
