"""Proposals, their cost lines and their review."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from budgets.models import Round
from core.database import Model, UtcDateTime
from core.refs import new_ref

# The label of the one cost line of a proposal that the city brought in. It is data, and is told
# in the reader's language where it is shown.
CITY_LINE = "as stated by the city"


class Proposal(Model):
    """A resident's idea. `state` is one of proposals.lifecycle.State.

    `code` is the number that the city gave it; `author_id` is None for what the city brought in.
    `cost_minor` is the sum of the cost lines until a review sets the costing. `published_at` is
    None for drafts alone. `version` counts the saved texts; `form_key` tells a form that was sent
    twice from two proposals.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        UniqueConstraint("round_id", "code"),
        UniqueConstraint("author_id", "form_key"),
        CheckConstraint("cost_minor >= 0", name="cost_not_negative"),
        Index("ix_proposal_round_state_published", "round_id", "state", "published_at", "id"),
        Index("ix_proposal_round_district", "round_id", "district_id", "state"),
        Index("ix_proposal_author", "author_id", "updated_at", "id"),
        # The list is read newest first, whole or by one of its filters.
        Index("ix_proposal_published", "published_at", "id"),
        Index("ix_proposal_round_published", "round_id", "published_at", "id"),
        Index("ix_proposal_district_published", "district_id", "published_at", "id"),
        Index("ix_proposal_category_published", "category_id", "published_at", "id"),
        Index("ix_proposal_state_published", "state", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    code: Mapped[str | None] = mapped_column(String(40))
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(Text, default="")
    what_html: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(200), default="")
    why: Mapped[str] = mapped_column(Text, default="")
    why_html: Mapped[str] = mapped_column(Text, default="")
    who_benefits: Mapped[str] = mapped_column(Text, default="")
    who_benefits_html: Mapped[str] = mapped_column(Text, default="")
    cost_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawal_reason: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    form_key: Mapped[str | None] = mapped_column(String(40))

    round: Mapped[Round] = relationship()
    cost_lines: Mapped[list["CostLine"]] = relationship(
        back_populates="proposal", order_by="CostLine.position", cascade="all, delete-orphan"
    )
    review: Mapped["Review | None"] = relationship(back_populates="proposal", uselist=False)


class CostLine(Model):
    """One item of what a proposal would cost."""

    __tablename__ = "cost_line"
    __table_args__ = (
        UniqueConstraint("proposal_id", "position"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    position: Mapped[int]
    label: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigInteger)

    proposal: Mapped[Proposal] = relationship(back_populates="cost_lines")


class Review(Model):
    """The staff's decision: can it be done, what it costs, and why."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), unique=True
    )
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    feasible: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    reason_html: Mapped[str] = mapped_column(Text)
    costing_minor: Mapped[int | None] = mapped_column(BigInteger)
    reviewed_at: Mapped[datetime] = mapped_column(UtcDateTime)

    proposal: Mapped[Proposal] = relationship(back_populates="review")
