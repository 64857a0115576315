"""Work of this room that waits: mails for the commit, unconfirmed accounts for a week, and what
is tidied up every hour.
"""

from datetime import datetime

from flask import current_app

from accounts import notifications, queries
from accounts.services import people, sessions
from core import clock
from core.database import db


def send_mail(kind: str, address: str, locale: str, **facts: str) -> None:
    """Writes to the owner of the address; where there is no account, nothing is sent."""
    person = queries.account_by_address(address)
    if person is None:
        return
    # A page's words and addresses need a request to be read in: this stands for the asker's.
    settings = current_app.config["SETTINGS"]
    with current_app.test_request_context(
        base_url=settings.public_url, headers={"Accept-Language": locale}
    ):
        notifications.send(kind, person, at=clock.now(), **facts)


def forget_unconfirmed(ref: str) -> None:
    """Deletes the account if its address is still not confirmed."""
    people.forget_unconfirmed(ref, at=clock.now())


def forget_ended_sessions(*, at: datetime) -> None:
    """Removes the rows of sessions that are over."""
    sessions.forget_ended(at=at)
    db.session.commit()
