"""Budget rounds, their phases, pots and categories."""

from datetime import datetime, timedelta

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from budgets.phases import PhaseKind, Span, current, of_kind, spans, upcoming
from core.database import Model, UtcDateTime
from core.languages import LONGEST, instance_language


class Round(Model):
    """One budget round.

    A draft is seen by election officers only; `announced_at` makes it public. `frozen_at` is set
    with the first ballot: from then on money, calendar and rules stay as they are. `language` is
    the BCP 47 tag of what residents write in it, which need not be the language of the interface.
    `district_rule` says for which districts a person may vote, besides the whole city: `home`,
    `some` (up to `districts_most` of her choice) or `all`. For `objection_days` after closing
    objections about voters are heard; with 0 the ballots are sealed at once.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint("districts_most >= 1", name="districts_most"),
        CheckConstraint("objection_days >= 0 AND objection_days <= 60", name="objection_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    source_note: Mapped[str] = mapped_column(Text, default="")
    language: Mapped[str] = mapped_column(String(LONGEST), default=instance_language)
    currency: Mapped[str] = mapped_column(String(3))
    total_minor: Mapped[int] = mapped_column(BigInteger)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    announced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    district_rule: Mapped[str] = mapped_column(String(10), default="home")
    districts_most: Mapped[int] = mapped_column(default=1)
    objection_days: Mapped[int] = mapped_column(default=0)

    phases: Mapped[list["Phase"]] = relationship(
        back_populates="round", order_by="Phase.starts_at", cascade="all, delete-orphan"
    )
    pots: Mapped[list["Pot"]] = relationship(
        back_populates="round", order_by="Pot.position", cascade="all, delete-orphan"
    )
    categories: Mapped[list["Category"]] = relationship(
        back_populates="round", order_by="Category.name", cascade="all, delete-orphan"
    )

    @property
    def spans(self) -> list[Span]:
        """The calendar; empty until it was set."""
        if self.ends_at is None or not self.phases:
            return []
        return spans([(PhaseKind(each.kind), each.starts_at) for each in self.phases], self.ends_at)

    def phase_at(self, at: datetime) -> Span | None:
        return current(self.spans, at)

    def next_phase(self, at: datetime) -> Span | None:
        return upcoming(self.spans, at)

    def span_of(self, kind: PhaseKind) -> Span | None:
        return of_kind(self.spans, kind)

    @property
    def voting(self) -> Span | None:
        """When ballots are taken; None until the calendar was set."""
        return self.span_of(PhaseKind.VOTING)

    @property
    def objections_until(self) -> datetime | None:
        """From when on the ballots may be sealed: the end of voting, or of the objections."""
        voting = self.voting
        return voting.ends_at + timedelta(days=self.objection_days) if voting else None

    def is_in(self, kind: PhaseKind, at: datetime) -> bool:
        span = self.span_of(kind)
        return self.announced_at is not None and span is not None and span.holds(at)


class Phase(Model):
    """When a phase of a round starts; it lasts until the next one starts."""

    __tablename__ = "phase"
    __table_args__ = (
        UniqueConstraint("round_id", "kind"),
        UniqueConstraint("round_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)

    round: Mapped[Round] = relationship(back_populates="phases")


class Pot(Model):
    """Money for the whole city (`district_id` None) or for one district."""

    __tablename__ = "pot"
    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    name: Mapped[str] = mapped_column(String(120))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(default=0)

    round: Mapped[Round] = relationship(back_populates="pots")


class Category(Model):
    """A theme that proposals of a round are sorted under."""

    __tablename__ = "category"
    __table_args__ = (UniqueConstraint("round_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))

    round: Mapped[Round] = relationship(back_populates="categories")
