"""Mails about proposals, sent by a job after the commit."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext

from accounts.models import User
from core import mail
from core.database import db
from proposals.models import Proposal, Review


def tell_author_of_review(proposal: Proposal, review: Review, *, at: datetime) -> None:
    """Tells the author how her proposal was decided, and why. The city's own have no author."""
    author = db.session.get(User, proposal.author_id) if proposal.author_id else None
    if author is None:
        return
    subject = _subject(proposal, review)
    mail.send(
        author.email,
        subject,
        "proposals/mail/reviewed.txt",
        at=at,
        name=author.display_name,
        proposal=proposal,
        review=review,
        address=f"{current_app.config['SETTINGS'].public_url}/proposals/{proposal.ref}",
    )


def _subject(proposal: Proposal, review: Review) -> str:
    if review.feasible:
        return gettext("Your proposal can be done: %(title)s", title=proposal.title)
    return gettext("Your proposal cannot be done: %(title)s", title=proposal.title)
