"""The anomaly report of a round, and who has read it."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from accounts.models import User
from budgets.models import Round
from budgets.phases import PhaseKind
from core.database import db
from voting import anomalies
from voting.models import AnomalyReading, Contest, LetterTries, RegisterImport
from voting.queries.contests import ballots_cast, contests_of
from voting.queries.signals import Signals, signals_of, summary_of


@dataclass(frozen=True)
class Watched:
    """One contest: its ballots so far, or when it was sealed, and what was noticed of them."""

    contest: Contest
    ballots: int
    signals: Signals


@dataclass(frozen=True)
class AnomalyReport:
    """`too_old`: people on the roll whom the register has older than anybody. `locked`: numbers of
    letters that were typed wrongly too often, in the last days. `is_complete` once every box is
    sealed: from then on `sha256` changes only with what was still on its way."""

    contests: list[Watched]
    too_old: int
    locked: int
    is_complete: bool
    sha256: str

    @property
    def notes(self) -> int:
        return sum(len(each.signals.notes) for each in self.contests) + bool(self.too_old)


def report_of(round_: Round, zone: ZoneInfo) -> AnomalyReport:
    """The report as it is now, of the contests that people vote on here."""
    contests = [each for each in contests_of(round_.id) if _was_voted_on_here(each)]
    ballots = ballots_cast(contests)
    found = {each.ref: summary_of(each.id) or signals_of(each, zone) for each in contests}
    for ref, note in _turnout(contests, ballots).items():
        notes = anomalies.in_order([*found[ref].notes, note])
        found[ref] = replace(found[ref], notes=notes)
    watched = [Watched(each, ballots[each.id], found[each.ref]) for each in contests]
    too_old = _too_old(round_)
    return AnomalyReport(
        contests=watched,
        too_old=too_old,
        locked=_locked(),
        is_complete=all(each.sealed_at is not None for each in contests),
        sha256=_digest(watched, too_old),
    )


def has_read(user_id: int, round_id: int, sha256: str) -> bool:
    """Whether this person read the report as it is."""
    query = select(AnomalyReading.id).where(
        AnomalyReading.round_id == round_id,
        AnomalyReading.read_by_id == user_id,
        AnomalyReading.report_sha256 == sha256,
    )
    return db.session.scalar(query.limit(1)) is not None


def readings_of(round_id: int, sha256: str) -> list[tuple[str, datetime]]:
    """Who read the report as it is, and when; the first first. Erased people have no name."""
    query = (
        select(User.display_name, AnomalyReading.read_at)
        .select_from(AnomalyReading)
        .outerjoin(User, User.id == AnomalyReading.read_by_id)
        .where(AnomalyReading.round_id == round_id, AnomalyReading.report_sha256 == sha256)
        .order_by(AnomalyReading.read_at, AnomalyReading.id)
    )
    return [(name or "", read_at) for name, read_at in db.session.execute(query)]


def was_voted_on_here(contests: Sequence[Contest]) -> bool:
    """Whether anybody cast a ballot in any of these on this server."""
    return any(each.link_key_sha256 is not None for each in contests)


def _was_voted_on_here(contest: Contest) -> bool:
    """Those of the past were brought in whole, and nobody saw them come."""
    return contest.sealed_at is None or contest.link_key_sha256 is not None


def _turnout(contests: Sequence[Contest], ballots: dict[int, int]) -> dict[str, anomalies.Note]:
    sealed = [each for each in contests if each.district_id is not None and each.sealed_at]
    return anomalies.notes_of_turnout(
        {each.ref: (ballots[each.id], each.roll_size or 0) for each in sealed}
    )


def _too_old(round_: Round) -> int:
    """By the registers that were entered before voting ended."""
    voting = round_.span_of(PhaseKind.VOTING)
    if voting is None:
        return 0
    query = select(func.sum(RegisterImport.too_old)).where(
        RegisterImport.entered_on.is_not(None), RegisterImport.read_at < voting.ends_at
    )
    return int(db.session.scalar(query) or 0)


def _locked() -> int:
    query = select(func.count()).select_from(LetterTries).where(LetterTries.locks > 0)
    return db.session.scalar(query) or 0


def _digest(watched: Sequence[Watched], too_old: int) -> str:
    said = [[each.contest.ref, each.signals.summary()] for each in watched]
    return hashlib.sha256(json.dumps([said, too_old]).encode()).hexdigest()
