"""What the voting room has done every minute."""

from datetime import datetime

import structlog
from flask import current_app

from core.database import db
from voting.log_keys import LogKeyMissing
from voting.models import Contest
from voting.queries.log import contests_with_voters_waiting
from voting.services.log import LogBroken, append_batch

log = structlog.get_logger("voting")


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
