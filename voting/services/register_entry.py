"""Entering a register that was read in on the roll, or discarding it.

The statements move sets of rows inside the database: a million people take no memory here.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, insert, literal, or_, select, update

from accounts.models import Residency
from accounts.services.residencies import move_residency
from core import audit
from core.actors import Actor
from core.database import db
from districts.models import District
from voting.models import (
    Letter,
    LetterAddress,
    LetterSession,
    RegisterImport,
    RegisterProof,
    RegisterRow,
    RollEntry,
)
from voting.services.registers import not_in

LEFT = "left the register"


def enter_register(read: RegisterImport, *, take_off: bool, by: Actor | None, at: datetime) -> None:
    """Puts everybody who was read in on the roll, in her district, with the address of her letter.

    `take_off`: who came by an earlier register and is in this one no more leaves the roll.
    """
    mine = RegisterRow.import_id == read.id
    _move_residents(mine, by, at)
    _move(mine, at)
    _enter(mine, at)
    _keep_addresses(mine)
    if take_off:
        read.taken_off = _take_off(read, at)
    db.session.execute(delete(RegisterRow).where(mine))
    read.entered_on = at.date()
    audit.record(
        "enter_register",
        f"register:{read.ref}",
        by=by,
        at=at,
        people=read.people,
        taken_off=read.taken_off,
    )
    db.session.flush()


def discard_register(read: RegisterImport, *, by: Actor | None, at: datetime) -> None:
    """Forgets what was read in; the roll stays as it is."""
    audit.record("discard_register", f"register:{read.ref}", by=by, at=at)
    db.session.delete(read)
    db.session.flush()


def _move_residents(mine: Any, by: Actor | None, at: datetime) -> None:
    """Who has an account reads her new district there, too."""
    query = (
        select(Residency, District)
        .join(RegisterRow, RegisterRow.person_key == Residency.person_key)
        .join(District, District.id == RegisterRow.district_id)
        .where(mine, Residency.district_id != RegisterRow.district_id)
        .order_by(Residency.id)
    )
    for residency, district in db.session.execute(query).all():
        move_residency(residency, district, reason="register", by=by, at=at)


def _move(mine: Any, at: datetime) -> None:
    row = and_(mine, RegisterRow.person_key == RollEntry.person_key)
    home = select(RegisterRow.district_id).where(row).scalar_subquery()
    elsewhere = exists().where(row, RegisterRow.district_id != RollEntry.district_id)
    again = exists().where(row)
    update_roll = update(RollEntry).execution_options(synchronize_session=False)
    db.session.execute(
        update_roll.where(elsewhere).values(district_id=home, entered_at=at, has_moved=True)
    )
    db.session.execute(
        update_roll.where(again, RollEntry.left_on.is_not(None)).values(left_on=None, entered_at=at)
    )


def _enter(mine: Any, at: datetime) -> None:
    known = exists().where(RollEntry.person_key == RegisterRow.person_key)
    columns = ["person_key", "district_id", "channel", "entered_at", "has_moved"]
    db.session.execute(
        insert(RollEntry).from_select(
            columns,
            select(
                RegisterRow.person_key,
                RegisterRow.district_id,
                literal("register"),
                literal(at, RollEntry.entered_at.type),
                literal(False),
            )
            .where(mine, ~known)
            # In the order of keys, not of the file, whose order is that of streets or names.
            .order_by(RegisterRow.person_key),
            include_defaults=False,
        )
    )


def _keep_addresses(mine: Any) -> None:
    entered = select(RollEntry.id).join(
        RegisterRow, and_(mine, RegisterRow.person_key == RollEntry.person_key)
    )
    pairs = (
        (LetterAddress, [RegisterRow.name, RegisterRow.address], None),
        (
            RegisterProof,
            [RegisterRow.proof_hmac, RegisterRow.mobile_hmac],
            or_(RegisterRow.proof_hmac.is_not(None), RegisterRow.mobile_hmac.is_not(None)),
        ),
    )
    for table, columns, only in pairs:
        old = delete(table).where(table.roll_entry_id.in_(entered))
        db.session.execute(old.execution_options(synchronize_session=False))
        rows = entered.add_columns(*columns)
        names = ["roll_entry_id", *(column.key for column in columns)]
        db.session.execute(
            insert(table).from_select(names, rows if only is None else rows.where(only))
        )


def _take_off(read: RegisterImport, at: datetime) -> int:
    """Their letters open nothing, their addresses are destroyed, and they leave; how many."""
    gone = select(RollEntry.id).where(*not_in(read))
    letters = update(Letter).where(Letter.roll_entry_id.in_(gone), Letter.voided_on.is_(None))
    for act in (
        letters.values(voided_on=at.date(), void_reason=LEFT),
        delete(LetterSession).where(LetterSession.roll_entry_id.in_(gone)),
        delete(LetterAddress).where(LetterAddress.roll_entry_id.in_(gone)),
    ):
        db.session.execute(act.execution_options(synchronize_session=False))
    leave = update(RollEntry).where(*not_in(read)).values(left_on=at.date())
    left = db.session.execute(leave.execution_options(synchronize_session=False))
    return int(getattr(left, "rowcount", 0))
