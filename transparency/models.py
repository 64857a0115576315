"""Published results: made once, never changed; and the order that leads to them."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, UtcDateTime
from transparency.orders import LIVE, OrderState


class PublicationOrder(Model):
    """The order of two officers to publish a round, one row a round, and how far it has come.

    `number` counts the orders of the round: the job of an older one does nothing. `attempts` counts
    how often this one was begun. Where it was stopped, `code`, `contest` (or the round's name) and
    `detail` say why. The audit trail keeps what became of every order.
    """

    __tablename__ = "publication_order"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    number: Mapped[int] = mapped_column(default=1)
    ordered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(String(20), default=OrderState.WAITING.value)
    attempts: Mapped[int] = mapped_column(default=0)
    contests: Mapped[int] = mapped_column(default=0)
    contests_ready: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    code: Mapped[str] = mapped_column(String(40), default="")
    contest: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[str] = mapped_column(Text, default="")

    @property
    def is_live(self) -> bool:
        """Whether its work is still to be done: then another order changes nothing."""
        return self.state in LIVE


class PublishedRound(Model):
    """The publication of all contests of a round, by two officers; the second one is named.

    `manifest_sha256` names the manifest: the list of all published files with their SHA-256. It is
    shown on the page and stands in the feed and the audit trail; whatever is altered afterwards,
    file or row, no longer fits it.
    """

    __tablename__ = "published_round"

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), unique=True)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    manifest_sha256: Mapped[str] = mapped_column(String(64))

    contests: Mapped[list["PublishedContest"]] = relationship(back_populates="publication")


class PublishedContest(Model):
    """One contest's result: the certified count and the explanations that were checked, as JSON.

    `explanations` holds the same bytes as the contest's published JSON file, so that its SHA-256
    stands in the manifest. `aggregate_only` says that the ballots were too few to be published one
    by one.
    """

    __tablename__ = "published_contest"

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("published_round.id"))
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), unique=True)
    count_id: Mapped[int] = mapped_column(ForeignKey("contest_count.id"))
    aggregate_only: Mapped[bool]
    ballots: Mapped[int]
    spent_minor: Mapped[int] = mapped_column(BigInteger)
    funded: Mapped[int]
    explanations: Mapped[str] = mapped_column(Text)

    publication: Mapped[PublishedRound] = relationship(back_populates="contests")
    files: Mapped[list["PublishedFile"]] = relationship(
        back_populates="contest", order_by="PublishedFile.name"
    )


class PublishedFile(Model):
    """One file of open data, kept on disk under its SHA-256."""

    __tablename__ = "published_file"
    __table_args__ = (UniqueConstraint("contest_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("published_contest.id"))
    name: Mapped[str] = mapped_column(String(160))
    media_type: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    description: Mapped[str] = mapped_column(String(300), default="")

    contest: Mapped[PublishedContest] = relationship(back_populates="files")
