"""Mails about meetings."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext

from accounts.models import User
from core import mail
from engagement.models import Meeting


def tell_seat(user: User, meeting: Meeting, *, at: datetime) -> None:
    """A seat became free for who waited longest."""
    subject = gettext("You have a seat: %(title)s", title=meeting.title)
    _send(user, meeting, subject, "engagement/mail/seat.txt", at=at)


def tell_cancelled(user: User, meeting: Meeting, *, reason: str, at: datetime) -> None:
    subject = gettext("Cancelled: %(title)s", title=meeting.title)
    _send(user, meeting, subject, "engagement/mail/cancelled.txt", at=at, reason=reason)


def _send(
    user: User, meeting: Meeting, subject: str, template: str, *, at: datetime, reason: str = ""
) -> None:
    url = f"{current_app.config['SETTINGS'].public_url}/meetings/{meeting.ref}"
    mail.send(
        user.email, subject, template, at=at, user=user, meeting=meeting, reason=reason, url=url
    )
