"""What is done to budget rounds: the money, the calendar, the themes.

None of these checks who may do it or whether the round is frozen: that is asked before, of
`budgets.permissions`, about a round that was read with `for_change=True` and so stays as it was
read until the transaction ends.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from budgets import phases
from budgets.models import Category, Phase, Pot, Round
from budgets.phases import PhaseKind
from core import audit, refs
from core.actors import Actor
from core.database import db
from core.languages import instance_language
from districts.models import District


class WrongCalendar(ValueError):
    """A calendar that `budgets.phases.mistakes` finds fault with; forms refuse it in words."""


def create_round(
    *,
    name: str,
    currency: str,
    total_minor: int,
    summary: str,
    by: Actor | None,
    at: datetime,
    source_note: str = "",
    language: str = "",
) -> Round:
    """A new draft, seen by officers only. `total_minor` is in the currency's smallest unit.

    Without `language` it is in the language of the city.
    """
    round_ = _add_under_free_ref(
        Round(
            ref=refs.slug(name),
            name=name,
            summary=summary,
            source_note=source_note,
            language=language or instance_language(),
            currency=currency,
            total_minor=total_minor,
            created_at=at,
        )
    )
    audit.record("create_round", _subject(round_), by=by, at=at, **_money_of(round_))
    return round_


def change_round(
    round_: Round,
    *,
    name: str,
    summary: str,
    currency: str,
    total_minor: int,
    by: Actor | None,
    at: datetime,
    language: str = "",
) -> None:
    """Other name, summary, language or money; the address of the round stays."""
    before = _money_of(round_)
    round_.name, round_.summary = name, summary
    round_.language = language or round_.language
    round_.currency, round_.total_minor = currency, total_minor
    db.session.flush()
    after = _money_of(round_)
    audit.record("change_round", _subject(round_), by=by, at=at, before=before, after=after)


def set_language(round_: Round, language: str, *, by: Actor | None, at: datetime) -> None:
    """The language of its proposals, as a city's own file states it."""
    if language == round_.language:
        return
    before, round_.language = round_.language, language
    db.session.flush()
    audit.record("set_language", _subject(round_), by=by, at=at, before=before, after=language)


def set_calendar(
    round_: Round,
    starts: Sequence[tuple[PhaseKind, datetime]],
    ends_at: datetime,
    *,
    by: Actor | None,
    at: datetime,
) -> None:
    """The calendar: when each phase starts and when the last one ends. Raises WrongCalendar."""
    found = phases.mistakes(starts, ends_at)
    if found:
        raise WrongCalendar(", ".join(found))
    before = _calendar_of(round_)
    round_.phases.clear()
    db.session.flush()
    ordered = sorted(starts, key=lambda start: start[1])
    round_.phases.extend(Phase(kind=kind.value, starts_at=start) for kind, start in ordered)
    round_.ends_at = ends_at
    db.session.flush()
    after = _calendar_of(round_)
    audit.record("set_calendar", _subject(round_), by=by, at=at, before=before, after=after)


def move_end_of_voting(
    round_: Round, until: datetime, *, reason: str, by: Actor | None, at: datetime
) -> None:
    """Voting lasts longer, and whatever comes later moves by as much. Everybody may read why."""
    voting = round_.span_of(PhaseKind.VOTING)
    assert voting is not None, "why_not_extend_voting lets only rounds in voting pass."
    assert round_.ends_at is not None
    before, longer = voting.ends_at, until - voting.ends_at
    for phase in sorted(round_.phases, key=lambda phase: phase.starts_at, reverse=True):
        if phase.starts_at >= before:
            phase.starts_at += longer
            db.session.flush()  # one by one, the last first: no two phases start at once
    round_.ends_at += longer
    db.session.flush()
    audit.record(
        "extend_voting", _subject(round_), by=by, at=at, reason=reason, is_public=True,
        before=before.isoformat(), after=until.isoformat(),
    )  # fmt: skip


def add_pot(
    round_: Round,
    name: str,
    amount_minor: int,
    district: District | None,
    *,
    by: Actor | None,
    at: datetime,
) -> Pot:
    """Money for one district, or for the whole city where `district` is None."""
    pot = Pot(
        district_id=district.id if district else None,
        name=name,
        amount_minor=amount_minor,
        position=max((each.position for each in round_.pots), default=-1) + 1,
    )
    round_.pots.append(pot)
    db.session.flush()
    audit.record("add_pot", _subject(round_), by=by, at=at, pot=name, amount_minor=amount_minor)
    return pot


def change_pot(pot: Pot, amount_minor: int, *, by: Actor | None, at: datetime) -> None:
    """More or less money in a pot."""
    before, pot.amount_minor = pot.amount_minor, amount_minor
    db.session.flush()
    audit.record(
        "change_pot", _subject(pot.round), by=by, at=at,
        pot=pot.name, before=before, after=amount_minor,
    )  # fmt: skip


def remove_pot(pot: Pot, *, by: Actor | None, at: datetime) -> None:
    """Takes a pot out of its round; whatever stood on it was taken away before."""
    round_ = pot.round
    audit.record("remove_pot", _subject(round_), by=by, at=at, pot=pot.name)
    round_.pots.remove(pot)
    db.session.flush()


def add_category(round_: Round, name: str) -> Category:
    """A theme under which proposals of this round are sorted."""
    category = Category(name=name)
    round_.categories.append(category)
    db.session.flush()
    return category


def remove_category(category: Category) -> None:
    """Takes away a theme that no proposal has."""
    category.round.categories.remove(category)
    db.session.flush()


def announce_round(round_: Round, *, by: Actor | None, at: datetime) -> None:
    """Everybody sees the round from now on. Announcing again changes nothing."""
    if round_.announced_at is not None:
        return
    round_.announced_at = at
    db.session.flush()
    audit.record("announce_round", _subject(round_), by=by, at=at)


def discard_round(round_: Round, *, by: Actor | None, at: datetime) -> None:
    """Takes away a round that was never announced, with its calendar, pots and themes.

    Whatever stood on its pots was taken away before.
    """
    audit.record("discard_round", _subject(round_), by=by, at=at, **_money_of(round_))
    db.session.delete(round_)
    db.session.flush()


def freeze_round(round_: Round, *, at: datetime) -> None:
    """From the first ballot on, money, calendar and rules stay as they are.

    Waits for an officer who is changing the round right now and reads the round anew; what else
    the caller read of its settings before must be read again. Only the hour is kept, and nothing
    is written to the audit trail: no row may tell when the first ballot was cast.
    """
    if round_.frozen_at is not None:
        return
    db.session.refresh(round_, with_for_update={"of": Round})
    if round_.frozen_at is None:
        round_.frozen_at = at.replace(minute=0, second=0, microsecond=0)
        db.session.flush()


def _add_under_free_ref(round_: Round) -> Round:
    """Stores a round; where its address is taken, even this very moment, under another one."""
    wanted = round_.ref
    if db.session.scalar(select(Round.id).where(Round.ref == wanted)) is not None:
        round_.ref = f"{wanted}-{refs.new_ref()[:4]}"
    try:
        with db.session.begin_nested():
            db.session.add(round_)
    except IntegrityError:
        round_.ref = f"{wanted}-{refs.new_ref()}"
        db.session.add(round_)
        db.session.flush()
    return round_


def _subject(round_: Round) -> str:
    return f"round:{round_.ref}"


def _money_of(round_: Round) -> dict[str, Any]:
    return {
        "name": round_.name,
        "summary": round_.summary,
        "language": round_.language,
        "currency": round_.currency,
        "total_minor": round_.total_minor,
    }


def _calendar_of(round_: Round) -> dict[str, str]:
    calendar = {phase.kind: phase.starts_at.isoformat() for phase in round_.phases}
    return calendar | ({"ends": round_.ends_at.isoformat()} if round_.ends_at else {})
