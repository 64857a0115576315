"""What the voting room has done while nobody looks: ballot logs that grow, and mails."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

import structlog
from flask import current_app
from sqlalchemy import select

from budgets.models import Round
from core import clock
from core.database import db
from voting.link_keys import LinkKeyMissing
from voting.log_keys import LogKeyMissing
from voting.models import Contest
from voting.queries.log import contests_with_voters_waiting
from voting.queries.notices import contests_with_tags, voters_to_tell
from voting.services import mobile_codes, verification_tries
from voting.services.log import LogBroken, append_batch
from voting.services.notices import tell_of_ballots

log = structlog.get_logger("voting")
MORNING = 8
"""The hour of the town hall's clock in which people are told of the ballots of the days before."""
MAILS_AT_ONCE = 200


def append_due_batches(at: datetime) -> None:
    """Every log for which enough voters' ballots wait grows by a batch.

    A log that cannot grow is told of in the program's own log and holds up no other.
    """
    least = current_app.config["SETTINGS"].log_batch_least
    for contest_id in contests_with_voters_waiting(least):
        try:
            append_batch(db.session.get_one(Contest, contest_id), at=at)
            db.session.commit()
        except (LogBroken, LogKeyMissing) as error:
            db.session.rollback()
            log.warning("nothing appended to a ballot log", reason=str(error))


def tell_in_the_morning(at: datetime) -> None:
    """In the slot `hourly`: a mail to everybody whose ballot was received before this morning."""
    if clock.in_city(at).hour != MORNING:
        return
    for _, of_round in groupby(contests_with_tags(), key=lambda contest: contest.round_id):
        _tell(list(of_round), at)


def tell_after_closing(round_ref: str) -> None:
    """The job of a closing: whoever was not told before is told now, of kept ballots too."""
    query = select(Contest).join(Contest.round).where(Round.ref == round_ref)
    sealed = query.where(Contest.sealed_at.is_not(None), Contest.link_key_sha256.is_not(None))
    _tell(db.session.scalars(sealed.order_by(Contest.position, Contest.id)).all(), clock.now())


def _tell(contests: Sequence[Contest], at: datetime) -> None:
    """Contests of one round: who voted in several gets one mail. Commits now and then."""
    least = current_app.config["SETTINGS"].log_batch_least
    try:
        waiting = voters_to_tell(contests, least=least, at=at)
        for done, (user_id, voted_in) in enumerate(waiting.items(), 1):
            tell_of_ballots(user_id, voted_in, at=at)
            if done % MAILS_AT_ONCE == 0:
                db.session.commit()
        db.session.commit()
    except LinkKeyMissing as error:
        db.session.rollback()
        log.warning("nobody told of her ballot", reason=str(error))


def forget_old_tries(*, at: datetime) -> None:
    """Removes wrong tries of long ago, and codes that were sent to telephones on other days."""
    verification_tries.forget_old_tries(at)
    mobile_codes.forget_old_codes(at)
    db.session.commit()
