"""Mails that say that a ballot was received: without its code, and without what was marked."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext
from sqlalchemy import delete, select

from accounts.models import Residency, User
from budgets.phases import PhaseKind
from core import mail
from core.database import db
from voting import sealing
from voting.models import BallotNotice, Contest
from voting.queries.ballots import link_key_of


def tell_of_ballots(user_id: int, contests: Sequence[Contest], *, at: datetime) -> None:
    """Writes one mail about contests of one round, and notes that she was told.

    Somebody who is gone by now is passed over. Raises LinkKeyMissing.
    """
    person = db.session.get(User, user_id)
    person_key = db.session.scalar(select(Residency.person_key).where(Residency.user_id == user_id))
    if person is None or person_key is None:
        return
    for contest in contests:
        tag = sealing.notice_tag(link_key_of(contest), contest.ref, person_key)
        db.session.add(BallotNotice(contest_id=contest.id, tag=tag))
    round_ = contests[0].round
    voting, until = round_.span_of(PhaseKind.VOTING), round_.objections_until
    mail.send(
        person.email,
        gettext("Your ballot was received: %(round)s", round=round_.name),
        "voting/mail/ballot_received.txt",
        at=at,
        person=person,
        contests=contests,
        closes_at=voting.ends_at if voting is not None and voting.holds(at) else None,
        objections_until=until if until is not None and at < until else None,
        settings=current_app.config["SETTINGS"],
    )


def forget_notices(contest_ref: str) -> None:
    """Once the link key is gone, they say nothing more to anybody."""
    of_contest = select(Contest.id).where(Contest.ref == contest_ref).scalar_subquery()
    db.session.execute(delete(BallotNotice).where(BallotNotice.contest_id == of_contest))
