"""Roundtables, threads, posts, flags and acts of moderation."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.database import Model, UtcDateTime
from core.refs import new_ref


class Roundtable(Model):
    """A moderated space with one question, open from `opens_at` until `closes_at`."""

    __tablename__ = "roundtable"
    __table_args__ = (Index("ix_roundtable_closes_at", "closes_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    title: Mapped[str] = mapped_column(String(200))
    question: Mapped[str] = mapped_column(Text)
    question_html: Mapped[str] = mapped_column(Text)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    district_id: Mapped[int | None] = mapped_column(ForeignKey("district.id"))
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    threads: Mapped[list["Thread"]] = relationship(back_populates="roundtable")


class Thread(Model):
    """A topic. It belongs to a roundtable, or to a subject of an upper room.

    The subject's kind, ref, title, path and visibility are told by its owner and kept here, so
    that this room needs to know nothing of what it is. `post_count` and `last_post_at` are
    counters that can be proven from the posts.
    """

    __tablename__ = "thread"
    __table_args__ = (
        UniqueConstraint("subject_kind", "subject_ref"),
        Index("ix_thread_roundtable_order", "roundtable_id", "pinned_at", "last_post_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    roundtable_id: Mapped[int | None] = mapped_column(ForeignKey("roundtable.id"))
    subject_kind: Mapped[str | None] = mapped_column(String(30))
    subject_ref: Mapped[str | None] = mapped_column(String(40))
    subject_path: Mapped[str | None] = mapped_column(String(200))
    subject_visible: Mapped[bool] = mapped_column(default=True)
    title: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    locked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pinned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    post_count: Mapped[int] = mapped_column(default=0)
    last_post_at: Mapped[datetime] = mapped_column(UtcDateTime)

    roundtable: Mapped[Roundtable | None] = relationship(back_populates="threads")


class Post(Model):
    """A message. `path` sorts a thread's posts into reading order; `depth` is how deep it stands.

    `path` is the parent's path and the post's own number in the thread, in fixed-width base 36.
    """

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("thread_id", "path"),
        UniqueConstraint("author_id", "form_key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    thread_id: Mapped[int] = mapped_column(ForeignKey("thread.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    author_name: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(String(200))
    depth: Mapped[int] = mapped_column(default=0)
    source: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    form_key: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    hidden_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden_rule: Mapped[str | None] = mapped_column(String(40))
    hidden_reason: Mapped[str | None] = mapped_column(Text)

    thread: Mapped[Thread] = relationship()


class Flag(Model):
    """A resident's report of a post, once per person."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("post_id", "user_id"),
        Index("ix_flag_open", "settled_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    rule: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="")
    flagged_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ModerationAct(Model):
    """One act of a moderator, as the public log shows it. Rows are only ever added."""

    __tablename__ = "moderation_act"
    __table_args__ = (Index("ix_moderation_act_at", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(20), unique=True, default=new_ref)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    act: Mapped[str] = mapped_column(String(20))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thread.id", ondelete="SET NULL"))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id", ondelete="SET NULL"))
    roundtable_id: Mapped[int | None] = mapped_column(
        ForeignKey("roundtable.id", ondelete="SET NULL")
    )
    place: Mapped[str] = mapped_column(String(200))
    rule: Mapped[str | None] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(Text, default="")
    moderator_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
