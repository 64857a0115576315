"""Opening a roundtable."""

from datetime import datetime

from core import audit, text
from core.actors import Actor
from core.database import db
from forums.models import ModerationAct, Roundtable


def open_roundtable(
    *,
    title: str,
    question: str,
    closes_at: datetime,
    by: Actor,
    at: datetime,
    opens_at: datetime | None = None,
    district_id: int | None = None,
    round_id: int | None = None,
) -> Roundtable:
    """Opens a moderated space with one question, until `closes_at`."""
    roundtable = Roundtable(
        title=title,
        question=question,
        question_html=text.render(question),
        opens_at=opens_at or at,
        closes_at=closes_at,
        district_id=district_id,
        round_id=round_id,
        opened_by_id=by.id,
        created_at=at,
    )
    db.session.add(roundtable)
    db.session.flush()
    db.session.add(
        ModerationAct(
            act="open",
            at=at,
            place=roundtable.title,
            roundtable_id=roundtable.id,
            moderator_id=by.id,
        )
    )
    audit.record("open_roundtable", f"roundtable:{roundtable.ref}", by=by, at=at)
    return roundtable
