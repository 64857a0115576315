"""The voter roll: who may vote, and, from closing on, who has."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, validates

from core.database import Model, UtcDateTime


class RollEntry(Model):
    """A person who may vote: the key of the register id, and the district. No account.

    `has_moved`: she was on another district's roll before, and may have voted there. `left_on`: a
    clerk took her off the roll, because the register has her no more; what she voted on before
    stays counted.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (Index("ix_roll_entry_district", "district_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), unique=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    channel: Mapped[str] = mapped_column(String(20), default="account")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    has_moved: Mapped[bool] = mapped_column(default=False)
    left_on: Mapped[date | None]

    @validates("district_id")
    def _note_move(self, _name: str, district_id: int) -> int:
        if self.district_id not in {None, district_id}:
            self.has_moved = True
        return district_id


class RollMark(Model):
    """Written at closing: this entry of the roll has voted in this contest."""

    __tablename__ = "roll_mark"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"), primary_key=True)


class BallotNotice(Model):
    """Somebody was told by mail that her ballot was received here, so that she is told once.

    `tag` is made with the link key as the tag of a ballot is, and is another: without that key it
    leads neither to her nor to a ballot. The rows go when the key goes.
    """

    __tablename__ = "ballot_notice"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)


class DistrictTurnout(Model):
    """Written at closing: of those who voted in this contest, how many live in this district.

    There is a row for every district that there is then, for contests of the whole city alone. Of a
    contest of the past the rows say what its file says, in sums; where it says nothing, or the
    contest was closed before this was kept, there are none.
    """

    __tablename__ = "district_turnout"
    __table_args__ = (CheckConstraint("voters >= 0", name="voters"),)

    contest_id: Mapped[int] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True
    )
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"), primary_key=True)
    voters: Mapped[int]
