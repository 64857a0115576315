"""The public log of each contest: what its voters were promised, sealed ballots, signed heads.

Nothing here names anybody or tells a time finer than that of a head; see docs/ballot-log.md. A
commitment says nothing of its ballot to whoever lacks the salt.
"""

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model


class Manifest(Model):
    """What a contest's voters were promised: canonical JSON, its hash, its key and its signature.

    Number 1 is made with the first ballot, a further one where two people change a frozen rule.
    """

    __tablename__ = "manifest"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(String(64))
    log_key: Mapped[str] = mapped_column(String(64))
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class WaitingLeaf(Model):
    """The commitment of a ballot that was cast and is not yet in the log."""

    __tablename__ = "waiting_leaf"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    commitment: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class Leaf(Model):
    """An entry of the log. A commitment stands in one log, and there once."""

    __tablename__ = "leaf"
    __table_args__ = (
        UniqueConstraint("commitment", "contest_id"),
        {"sqlite_with_rowid": False},
    )

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    commitment: Mapped[bytes] = mapped_column(LargeBinary)


class SupersededLeaf(Model):
    """The commitment of a ballot that its voter changed: in the log or waiting, not counted."""

    __tablename__ = "superseded_leaf"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    commitment: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class WithdrawnLeaf(Model):
    """The commitment of a ballot that was taken out after an objection: in the log, not counted."""

    __tablename__ = "withdrawn_leaf"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    commitment: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class SpoiledBallot(Model):
    """A commitment that was opened for a check instead of a cast: it is never cast."""

    __tablename__ = "spoiled_ballot"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    commitment: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)


class TreeNode(Model):
    """The hash of the full subtree of 2**level leaves that begins at leaf position * 2**level.

    Only levels 8, 16 and so on are stored: 256 neighbours of one level are read together.
    """

    __tablename__ = "tree_node"
    __table_args__ = {"sqlite_with_rowid": False}

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class TreeHead(Model):
    """A signed head: how long the log was and the root of its tree then."""

    __tablename__ = "tree_head"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    is_final: Mapped[bool] = mapped_column(primary_key=True, default=False)
    root: Mapped[bytes] = mapped_column(LargeBinary)
    document: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class ClosingRecord(Model):
    """What came of a log when its box was complete: one a contest, signed.

    `ballots_salt` is that of the fingerprint by which it says which ballots were counted, and is
    published with them; None where there were too few to publish any.
    """

    __tablename__ = "closing_record"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    document: Mapped[str] = mapped_column(Text)
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    ballots_salt: Mapped[bytes | None] = mapped_column(LargeBinary)
