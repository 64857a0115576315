"""The signals of a contest in sums, with what is unusual in them."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from budgets.models import Round
from budgets.phases import PhaseKind
from core.database import db
from voting import anomalies
from voting.anomalies import BatchHour, NetworkHour, Note
from voting.cast_signals import BATCH, FAULT, NETWORK
from voting.models import CastSignal, Contest, LetterBatch, SignalSummary

MOST_SHOWN = 10
MOST_LOOKED_AT = 2_000
"""Rows of networks that are looked at, the busiest first."""


@dataclass(frozen=True)
class Batch:
    """Ballots by letters of one batch. `letters` is 0 for accounts and for single codes."""

    mark: str
    casts: int
    sign_ins: int
    busiest: int
    letters: int


@dataclass(frozen=True)
class Network:
    """One network: its ballots and codes, in how many hours, and most ballots in one of them."""

    casts: int
    sign_ins: int
    hours: int
    busiest: int


@dataclass(frozen=True)
class Signals:
    """What was noticed in a contest. `casts` has the changes in it. `by_hour` is by the clock of
    the town hall, from 0; `by_day` by its calendar. `busiest` networks are known while the link key
    is."""

    casts: int = 0
    changes: int = 0
    sign_ins: int = 0
    faults: int = 0
    networks: int = 0
    by_hour: list[int] = field(default_factory=lambda: [0] * 24)
    by_day: list[tuple[str, int]] = field(default_factory=list)
    batches: list[Batch] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    busiest: list[Network] = field(default_factory=list)
    is_summary: bool = False

    def summary(self) -> str:
        """What may stay when networks are forgotten: canonical JSON."""
        kept = {
            "batches": [vars(each) for each in self.batches],
            "by_day": self.by_day,
            "by_hour": self.by_hour,
            "casts": self.casts,
            "changes": self.changes,
            "faults": self.faults,
            "networks": self.networks,
            "notes": anomalies.as_json(self.notes),
            "sign_ins": self.sign_ins,
        }
        return json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def closed_among(refs: Sequence[str], at: datetime) -> list[str]:
    """Which of these contests take no ballots any more."""
    if not refs:
        return []
    query = (
        select(Contest)
        .where(Contest.ref.in_(refs))
        .options(joinedload(Contest.round).selectinload(Round.phases))
        .order_by(Contest.ref)
    )
    spans = [(each, each.round.span_of(PhaseKind.VOTING)) for each in db.session.scalars(query)]
    return [
        each.ref
        for each, span in spans
        if each.sealed_at is not None or (span is not None and span.ends_at <= at)
    ]


def summary_of(contest_id: int) -> Signals | None:
    """What was kept of a contest's signals when they were destroyed."""
    document = db.session.scalar(
        select(SignalSummary.document).where(SignalSummary.contest_id == contest_id)
    )
    if document is None:
        return None
    kept: dict[str, Any] = json.loads(document)
    kept["batches"] = [Batch(**each) for each in kept["batches"]]
    kept["by_day"] = [(day, casts) for day, casts in kept["by_day"]]
    kept["notes"] = anomalies.from_json(kept["notes"])
    return Signals(**kept, is_summary=True)


def signals_of(contest: Contest, zone: ZoneInfo) -> Signals:
    """The signals as they are now."""
    hours = _sums_by_hour(contest.id)
    casts = {hour: row[0] for hour, row in hours.items()}
    faults = _faults(contest.id)
    batch_hours, batches = _batches(contest.id)
    notes = [
        *anomalies.notes_of_networks(_network_hours(contest.id), casts, zone),
        *anomalies.notes_of_batches(batch_hours),
        *anomalies.notes_of_hours(casts, zone),
        *anomalies.notes_of_faults(faults),
    ]
    by_hour, by_day = [0] * 24, Counter[str]()
    for hour, number in casts.items():
        local = hour.astimezone(zone)
        by_hour[local.hour] += number
        by_day[local.date().isoformat()] += number
    return Signals(
        casts=sum(casts.values()),
        changes=sum(row[1] for row in hours.values()),
        sign_ins=sum(row[2] for row in hours.values()),
        faults=faults,
        networks=_number_of_networks(contest.id),
        by_hour=by_hour,
        by_day=sorted(by_day.items()),
        batches=batches,
        notes=notes,
        busiest=_busiest(contest.id),
    )


def _sums_by_hour(contest_id: int) -> dict[datetime, tuple[int, int, int]]:
    """Ballots, changes and codes of each hour: every one has one batch."""
    query = (
        select(
            CastSignal.hour,
            func.sum(CastSignal.casts),
            func.sum(CastSignal.changes),
            func.sum(CastSignal.sign_ins),
        )
        .where(CastSignal.contest_id == contest_id, CastSignal.kind == BATCH)
        .group_by(CastSignal.hour)
        .order_by(CastSignal.hour)
    )
    rows = db.session.execute(query).all()
    return {hour: (int(casts), int(changes), int(codes)) for hour, casts, changes, codes in rows}


def _faults(contest_id: int) -> int:
    query = select(func.sum(CastSignal.faults)).where(
        CastSignal.contest_id == contest_id, CastSignal.kind == FAULT
    )
    return int(db.session.scalar(query) or 0)


def _batches(contest_id: int) -> tuple[list[BatchHour], list[Batch]]:
    """Hours of batches that may be worth a note, and each batch in sums."""
    letters: dict[str, int] = dict(
        db.session.execute(
            select(LetterBatch.ref, LetterBatch.size).join(
                CastSignal,
                (CastSignal.mark == LetterBatch.ref)
                & (CastSignal.contest_id == contest_id)
                & (CastSignal.kind == BATCH),
            )
        ).all()
    )
    mine = (CastSignal.contest_id == contest_id, CastSignal.kind == BATCH)
    often = select(CastSignal.mark, CastSignal.hour, CastSignal.casts).where(
        *mine, CastSignal.casts > anomalies.BATCH_IN_AN_HOUR
    )
    hours = [
        BatchHour(mark, hour, casts, letters.get(mark, 0))
        for mark, hour, casts in db.session.execute(often.order_by(CastSignal.hour))
    ]
    sums = (
        select(
            CastSignal.mark,
            func.sum(CastSignal.casts),
            func.sum(CastSignal.sign_ins),
            func.max(CastSignal.casts),
        )
        .where(*mine)
        .group_by(CastSignal.mark)
        .order_by(CastSignal.mark)
    )
    batches = [
        Batch(mark, int(casts), int(codes), int(busiest), letters.get(mark, 0))
        for mark, casts, codes, busiest in db.session.execute(sums)
    ]
    return hours, batches


def _network_hours(contest_id: int) -> list[NetworkHour]:
    """Hours of the networks that may be worth a note."""
    mine = (CastSignal.contest_id == contest_id, CastSignal.kind == NETWORK)
    many = (
        select(CastSignal.mark)
        .where(*mine)
        .group_by(CastSignal.mark)
        .having(
            or_(
                func.sum(CastSignal.casts) > anomalies.NETWORK_IN_AN_HOUR,
                func.sum(CastSignal.changes) > anomalies.CHANGES_IN_AN_HOUR,
                func.sum(CastSignal.sign_ins) > anomalies.CODES_IN_AN_HOUR,
                func.sum(CastSignal.same_second) >= anomalies.CROWDED_SECONDS,
            )
        )
    )
    rows = db.session.scalars(
        select(CastSignal)
        .where(*mine, CastSignal.mark.in_(many))
        .order_by(CastSignal.casts.desc(), CastSignal.mark, CastSignal.hour)
        .limit(MOST_LOOKED_AT)
    )
    return [
        NetworkHour(each.mark, each.hour, each.casts, each.changes, each.sign_ins, each.same_second)
        for each in rows
    ]


def _number_of_networks(contest_id: int) -> int:
    query = select(func.count(CastSignal.mark.distinct())).where(
        CastSignal.contest_id == contest_id, CastSignal.kind == NETWORK
    )
    return db.session.scalar(query) or 0


def _busiest(contest_id: int) -> list[Network]:
    casts = func.sum(CastSignal.casts)
    query = (
        select(casts, func.sum(CastSignal.sign_ins), func.count(), func.max(CastSignal.casts))
        .where(CastSignal.contest_id == contest_id, CastSignal.kind == NETWORK)
        .group_by(CastSignal.mark)
        .order_by(casts.desc(), CastSignal.mark)
        .limit(MOST_SHOWN)
    )
    return [Network(*map(int, row)) for row in db.session.execute(query)]
