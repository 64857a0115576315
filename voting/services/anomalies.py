"""Saying that the anomaly report was read."""

from datetime import datetime

from budgets.models import Round
from core import audit
from core.actors import Actor
from core.clock import city_zone
from core.database import db
from core.refusals import refuse_if
from voting.models import AnomalyReading
from voting.permissions.anomalies import why_not_sign_report
from voting.queries.anomalies import has_read, readings_of, report_of


def sign_report(round_: Round, *, by: Actor, at: datetime) -> None:
    """This officer has read it, as it is now. Raises Refused. The caller commits.

    The first to read it says in public how many notes there are; saying it again changes nothing.
    """
    refuse_if(why_not_sign_report(by, round_, at))
    report = report_of(round_, city_zone())
    if has_read(by.id, round_.id, report.sha256):
        return
    is_first = not readings_of(round_.id, report.sha256)
    reading = AnomalyReading(
        round_id=round_.id, report_sha256=report.sha256, read_by_id=by.id, read_at=at
    )
    db.session.add(reading)
    db.session.flush()
    audit.record(
        "read_anomaly_report",
        f"round:{round_.ref}",
        by=by,
        at=at,
        is_public=is_first,
        notes=report.notes,
        report_sha256=report.sha256,
    )
