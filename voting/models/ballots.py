"""Ballots: with a tag until closing, without anything of a person from then on."""

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model


class Ballot(Model):
    """A ballot before closing. `ranking` is the option numbers as big-endian 16-bit integers.

    `is_cast` is False while it is only kept: what a person marked and has not cast. It counts at
    closing as it stands, unless she casts before. Until then it is not sealed: salt, commitment and
    the number of the manifest that it is cast under are empty, and `kept_change` is the number of
    the change on her paper that it holds, so that a request that comes late is told.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        UniqueConstraint("contest_id", "tag"),
        CheckConstraint(
            "is_cast = (commitment IS NOT NULL) AND is_cast = (salt IS NOT NULL)"
            " AND is_cast = (manifest_number IS NOT NULL)",
            name="cast_is_sealed",
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"))
    tag: Mapped[str] = mapped_column(String(64))
    is_cast: Mapped[bool] = mapped_column(default=True)
    ranking: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary)
    manifest_number: Mapped[int | None]
    kept_change: Mapped[int | None]


class ClearedBallot(Model):
    """That the paper under this tag was cleared, by the change with this number; until closing.

    Or that its voter turned to the paper of another district, which excludes it.

    Without it a request that got lost on its way, and arrives after the clearing, would keep again
    what its voter had taken back.
    """

    __tablename__ = "cleared_ballot"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(
        ForeignKey("contest.id", ondelete="CASCADE"), primary_key=True
    )
    tag: Mapped[str] = mapped_column(String(64), primary_key=True)
    change: Mapped[int]


class SealedBallot(Model):
    """A ballot after closing: its contest, a new random id, the ranking, and what opens its leaf.

    Ballots of a contest of the past have no leaf, and neither salt nor commitment.
    """

    __tablename__ = "sealed_ballot"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ranking: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    commitment: Mapped[bytes | None] = mapped_column(LargeBinary)
    manifest_number: Mapped[int | None]
