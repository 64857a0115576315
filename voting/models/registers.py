"""The register of voters as a clerk brings it in: first looked at, then entered on the roll.

The number that the register gives to a person is kept nowhere, only the key made of it.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model, UtcDateTime
from core.refs import new_ref


class RegisterImport(Model):
    """One file of the register. Its rows wait for a clerk's word; the figures stay.

    `new`, `moved` and `left` compare the file with the roll as it was read. `too_young` were not
    entered; `too_old` were, and are looked at before the count.
    """

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    read_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    encoding: Mapped[str] = mapped_column(String(20))
    people: Mapped[int]
    new: Mapped[int]
    moved: Mapped[int]
    left: Mapped[int]
    too_young: Mapped[int]
    too_old: Mapped[int]
    entered_on: Mapped[date | None]
    taken_off: Mapped[int] = mapped_column(default=0)


class RegisterRow(Model):
    """One person of a file that is being looked at; gone once it was entered or discarded."""

    __tablename__ = "register_row"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("register_import.id", ondelete="CASCADE"), primary_key=True
    )
    person_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    line: Mapped[int]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(Text)
    too_old: Mapped[bool]
    proof_hmac: Mapped[str | None] = mapped_column(String(64))
    mobile_hmac: Mapped[str | None] = mapped_column(String(64))


class RegisterProof(Model):
    """What only the person on the roll has, as the register says; HMACs, so that she must name it.

    `proof_hmac` is of a number on a paper of hers, `mobile_hmac` of her telephone's.
    """

    __tablename__ = "register_proof"

    roll_entry_id: Mapped[int] = mapped_column(
        ForeignKey("roll_entry.id", ondelete="CASCADE"), primary_key=True
    )
    proof_hmac: Mapped[str | None] = mapped_column(String(64))
    mobile_hmac: Mapped[str | None] = mapped_column(String(64))
