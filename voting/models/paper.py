"""Voting on paper: who was given papers, and the papers that came back, in batches of a desk.

A mark says that a person of the roll was given papers, and for which contests; it carries a day and
never a time. Nothing leads from a mark to a paper: papers bear no number of their own, and a batch
knows how many there were, not whose. What two people keyed is deleted once the ballots are in the
box; the sums of the batch stay.
"""

from datetime import date

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model
from core.refs import new_ref
from voting.models.contests import Contest

_STANDING = text("returned_on IS NULL")


class PaperMark(Model):
    """This person was given ballot papers in this round, so that she does not vote on the web.

    `returned_on` is set where she gave them back unused, or the mark was a mistake: she may vote on
    the web then, or be given papers anew. Only one mark of a person and round stands.
    """

    __tablename__ = "paper_mark"
    __table_args__ = (
        Index(
            "uq_paper_mark_standing",
            "round_id",
            "roll_entry_id",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        CheckConstraint("(returned_on IS NULL) = (reason = '')", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    roll_entry_id: Mapped[int] = mapped_column(ForeignKey("roll_entry.id"))
    marked_on: Mapped[date] = mapped_column(Date)
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    returned_on: Mapped[date | None] = mapped_column(Date)
    returned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reason: Mapped[str] = mapped_column(Text, default="")

    given: Mapped[list["PaperGiven"]] = relationship(
        order_by="PaperGiven.contest_id", cascade="all, delete-orphan"
    )


class PaperGiven(Model):
    """With this mark a paper of this contest was given: one of those issued."""

    __tablename__ = "paper_given"
    __table_args__ = (
        Index("ix_paper_given_contest", "contest_id"),
        {"sqlite_with_rowid": False},
    )

    mark_id: Mapped[int] = mapped_column(
        ForeignKey("paper_mark.id", ondelete="CASCADE"), primary_key=True
    )
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)


class PaperBatch(Model):
    """The papers of one contest that one place handed out, and what became of them, in numbers.

    `issued` = `counted` + `spoiled` + `unused` + `returned` must hold before anything is counted.
    `counted` and `spoiled` come from the keys and stand from the approval on.
    """

    __tablename__ = "paper_batch"
    __table_args__ = (
        Index("ix_paper_batch_contest", "contest_id"),
        CheckConstraint("issued >= 0 AND unused >= 0 AND returned >= 0", name="numbers"),
        CheckConstraint("(approved_on IS NULL) = (counted IS NULL)", name="counted"),
        CheckConstraint("(approved_on IS NULL) = (spoiled IS NULL)", name="spoiled"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    place: Mapped[str] = mapped_column(String(120))
    issued: Mapped[int]
    unused: Mapped[int] = mapped_column(default=0)
    returned: Mapped[int] = mapped_column(default=0)
    counted: Mapped[int | None]
    spoiled: Mapped[int | None]
    approved_on: Mapped[date | None] = mapped_column(Date)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    contest: Mapped[Contest] = relationship()
    keyers: Mapped[list["PaperKeyer"]] = relationship(
        order_by="PaperKeyer.side", cascade="all, delete-orphan"
    )


class PaperKeyer(Model):
    """One of the two who key a batch, each without seeing what the other keyed."""

    __tablename__ = "paper_keyer"
    __table_args__ = (
        UniqueConstraint("batch_id", "user_id"),
        CheckConstraint("side IN (1, 2)", name="side"),
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("paper_batch.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    is_finished: Mapped[bool] = mapped_column(default=False)


class KeyedPaper(Model):
    """What one of the two read on one paper of the stack: a ranking, or why it is spoiled."""

    __tablename__ = "keyed_paper"
    __table_args__ = (
        CheckConstraint("(ranking IS NULL) = (spoiled_reason <> '')", name="ranking_or_reason"),
        CheckConstraint("side IN (1, 2)", name="side"),
        {"sqlite_with_rowid": False},
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("paper_batch.id", ondelete="CASCADE"), primary_key=True
    )
    side: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ranking: Mapped[bytes | None] = mapped_column(LargeBinary)
    spoiled_reason: Mapped[str] = mapped_column(String(200), default="")


class PaperSettlement(Model):
    """What both found when they looked once more at a paper that they had read differently.

    One writes down what it says and why; it holds once the other has agreed.
    """

    __tablename__ = "paper_settlement"
    __table_args__ = (
        CheckConstraint("(ranking IS NULL) = (spoiled_reason <> '')", name="ranking_or_reason"),
    )

    batch_id: Mapped[int] = mapped_column(
        ForeignKey("paper_batch.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ranking: Mapped[bytes | None] = mapped_column(LargeBinary)
    spoiled_reason: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(Text)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
