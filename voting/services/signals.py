"""Writing signals down, and letting go of them with the link key.

Their transaction is their own: no ballot is ever written in it.
"""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from core.clock import city_zone
from core.database import db
from voting import link_keys
from voting.cast_signals import Row
from voting.models import CastSignal, Contest, SignalSummary
from voting.queries.signals import signals_of, summary_of

COUNTERS = ("casts", "changes", "sign_ins", "same_second", "faults")


def write_signals(rows: Sequence[Row]) -> None:
    """Adds these counters to those of their hour. The caller commits.

    What is of no contest, or of one whose link key is gone after sealing, is let go of.
    """
    ids = _contests_that_keep_signals({place.contest_ref for place, _ in rows})
    values = [
        {
            "contest_id": ids[place.contest_ref],
            "kind": place.kind,
            "mark": place.mark,
            "hour": place.hour,
            **{name: getattr(counters, name) for name in COUNTERS},
        }
        for place, counters in rows
        if place.contest_ref in ids
    ]
    if not values:
        return
    on_sqlite = db.session.get_bind().dialect.name == "sqlite"
    adding = (sqlite if on_sqlite else postgresql).insert(CastSignal)
    sums = {name: getattr(CastSignal, name) + adding.excluded[name] for name in COUNTERS}
    keys = [column.name for column in CastSignal.__table__.primary_key]
    db.session.execute(adding.on_conflict_do_update(index_elements=keys, set_=sums), values)


def forget_signals(contest_ref: str) -> None:
    """What only the link key gave a meaning to goes with it; a summary without networks stays.

    Done again, it changes nothing.
    """
    held = select(Contest).where(Contest.ref == contest_ref).with_for_update()
    contest = db.session.scalars(held.execution_options(populate_existing=True)).one_or_none()
    if contest is None:
        return
    if summary_of(contest.id) is None:
        document = signals_of(contest, city_zone()).summary()
        db.session.add(SignalSummary(contest_id=contest.id, document=document))
    db.session.execute(delete(CastSignal).where(CastSignal.contest_id == contest.id))


def _contests_that_keep_signals(refs: set[str]) -> dict[str, int]:
    """Held by the weakest lock, as casts hold them.

    Whoever forgets signals waits for who adds some, and who comes later finds the key gone.
    """
    query = (
        select(Contest.ref, Contest.id, Contest.sealed_at)
        .where(Contest.ref.in_(sorted(refs)))
        .order_by(Contest.id)
        .with_for_update(read=True, key_share=True)
    )
    return {
        ref: contest_id
        for ref, contest_id, sealed_at in db.session.execute(query)
        if sealed_at is None or link_keys.exists(ref)
    }
