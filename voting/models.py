"""Contests and their options, the voter roll, ballots before and after closing, and counts.

No column here leads from a person to a ballot. Until closing a ballot carries a tag, an HMAC of
contest and person under a link key that is kept outside the database. At closing the roll marks
are written in the order of the roll, the ballots are copied under new random ids without tags,
and the link key is destroyed. During voting nothing that names a person is written in the
transaction of a cast: on PostgreSQL even the number of the transaction would tie the two rows.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from budgets.models import Round
from core.database import Model, UtcDateTime
from core.refs import new_ref


class Contest(Model):
    """One question on the ballot paper: for the money of a pot, or for seats and no money.

    For seats (a name, a plan, a citizens' jury) `seats` says how many are chosen, there is no pot,
    and `rule` is one of `voting.counting.seats`; such contests stand behind those of the pots.
    `budget_minor`, limits and rule freeze with the first ballot. Below `aggregate_below` ballots
    only the table of option × rank is published. `rule_parameters` are those of the rule, as
    `voting.rule_parameters` tells; `tie_order` is one of `voting.lots.TieOrder`, or empty until the
    paper is filled. `roll_size` and `ballots_cast` are set at
    closing; `roll_size` stays None where the roll is not known, as for imported contests.
    `paper_seed` draws the order on paper: SHA-256 of seed and option ref, ascending.
    `link_key_sha256` is set with the first ballot: under another key, as after a wrong restore,
    everybody could vote once more, so that none but this one is used.
    """

    __tablename__ = "contest"
    __table_args__ = (
        UniqueConstraint("round_id", "pot_id"),
        CheckConstraint(
            "min_length >= 0 AND max_length >= 1 AND min_length <= max_length", name="lengths"
        ),
        CheckConstraint("(pot_id IS NULL) = (seats IS NOT NULL)", name="pot_or_seats"),
        CheckConstraint("seats >= 1", name="seats"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(80), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    pot_id: Mapped[int | None] = mapped_column(ForeignKey("pot.id"))
    seats: Mapped[int | None]
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    currency: Mapped[str] = mapped_column(String(3))
    budget_minor: Mapped[int] = mapped_column(BigInteger)
    ballot_kind: Mapped[str] = mapped_column(String(20), default="ranked")
    min_length: Mapped[int] = mapped_column(default=1)
    max_length: Mapped[int] = mapped_column(default=3)
    rule: Mapped[str] = mapped_column(String(60))
    rule_version: Mapped[str] = mapped_column(String(20))
    rule_parameters: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    tie_order: Mapped[str] = mapped_column(String(20), default="")
    aggregate_below: Mapped[int] = mapped_column(default=50)
    paper_seed: Mapped[str] = mapped_column(String(64))
    link_key_sha256: Mapped[str | None] = mapped_column(String(64))
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roll_size: Mapped[int | None]
    ballots_cast: Mapped[int | None]

    round: Mapped[Round] = relationship()
    options: Mapped[list["Option"]] = relationship(
        back_populates="contest", order_by="Option.number", cascade="all, delete-orphan"
    )

    @property
    def is_for_seats(self) -> bool:
        """Whether something is chosen here without money: a name, a plan, people for a jury."""
        return self.seats is not None


class Option(Model):
    """One proposal on a ballot paper, with title and cost as they were handed over.

    Where there is no money it is an answer or a candidate, as an officer wrote it, and costs 0.

    `number` is its place in the published file, from 0; ballots store numbers. `tie_position` is
    its place in the contest's published tie order. `district_id` says where it lies, whichever pot
    pays for it; None is the whole city, or not known.
    """

    __tablename__ = "option"
    __table_args__ = (
        UniqueConstraint("contest_id", "number"),
        UniqueConstraint("contest_id", "ref"),
        Index("ix_option_proposal", "proposal_id"),
        CheckConstraint("cost_minor >= 0", name="cost_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id", ondelete="CASCADE"))
    number: Mapped[int]
    ref: Mapped[str] = mapped_column(String(40))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    title: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(80), default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    summary: Mapped[str] = mapped_column(String(300), default="")
    cost_minor: Mapped[int] = mapped_column(BigInteger)
    paper_position: Mapped[int]
    tie_position: Mapped[int]

    contest: Mapped[Contest] = relationship(back_populates="options")


class RollEntry(Model):
    """A person who may vote: the key of the register id, and the district. No account.

    `has_moved`: she was on another district's roll before, and may have voted there.
    """

    __tablename__ = "roll_entry"
    __table_args__ = (Index("ix_roll_entry_district", "district_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_key: Mapped[str] = mapped_column(String(64), unique=True)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    channel: Mapped[str] = mapped_column(String(20), default="account")
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    has_moved: Mapped[bool] = mapped_column(default=False)

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


class Ballot(Model):
    """A ballot before closing. `ranking` is the option numbers as big-endian 16-bit integers."""

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("contest_id", "tag"),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    tag: Mapped[str] = mapped_column(String(64))
    ranking: Mapped[bytes] = mapped_column(LargeBinary)
    receipt_hash: Mapped[str] = mapped_column(String(64), index=True)


class SealedBallot(Model):
    """A ballot after closing: its contest, a new random id, the ranking, the receipt's hash."""

    __tablename__ = "sealed_ballot"
    __table_args__ = (
        Index("ix_sealed_ballot_receipt_hash", "receipt_hash"),
        {"sqlite_with_rowid": False},
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ranking: Mapped[bytes] = mapped_column(LargeBinary)
    receipt_hash: Mapped[str | None] = mapped_column(String(64))


class ContestCount(Model):
    """One run of the rule over the sealed ballots. `document` is canonical JSON of integers."""

    __tablename__ = "contest_count"
    __table_args__ = (Index("ix_contest_count_contest", "contest_id", "counted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    rule: Mapped[str] = mapped_column(String(60))
    rule_version: Mapped[str] = mapped_column(String(20))
    ballots_sha256: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    document_sha256: Mapped[str] = mapped_column(String(64))
    counted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    counted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    certified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))

    contest: Mapped[Contest] = relationship()
