"""Contests, and the options on their papers."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from budgets.models import Round
from core.database import Model, UtcDateTime


class Contest(Model):
    """One question on the ballot paper: for the money of a pot, or for seats and no money.

    For seats (a name, a plan, a citizens' jury) `seats` says how many are chosen, there is no pot,
    and `rule` is one of `voting.counting.seats`; such contests stand behind those of the pots.
    `budget_minor`, limits and rule freeze with the first ballot. Below `aggregate_below` ballots
    only the table of option × rank is published. `openings`, of `voting.openings.Openings`, says
    who can open the sealed ballots of the log after closing. `rule_parameters` are those of the
    rule, as `voting.rule_parameters` tells; `tie_order` is one of `voting.lots.TieOrder`, or empty
    until the paper is filled. `roll_size` and `ballots_cast` are set at
    closing; `roll_size` stays None where the roll is not known, as for imported contests.
    `paper_seed` draws the order on paper: SHA-256 of seed and option ref, ascending.
    `link_key_sha256` is set with the first ballot: under another key, as after a wrong restore,
    everybody could vote once more, so that none but this one is used. `paper_ballots` is how many
    of `ballots_cast` were on paper; None until they are in the box, and where there were none.
    `withdrawn` are the refs of options that two officers took off the ballot while people voted:
    ballots keep them, and the count passes them over.
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
    openings: Mapped[str] = mapped_column(String(10), default="auditors")
    withdrawn: Mapped[list[str]] = mapped_column(JSON, default=list)
    paper_seed: Mapped[str] = mapped_column(String(64))
    link_key_sha256: Mapped[str | None] = mapped_column(String(64))
    sealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    roll_size: Mapped[int | None]
    ballots_cast: Mapped[int | None]
    paper_ballots: Mapped[int | None]

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
