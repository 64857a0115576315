"""Search by words, on both databases behind one small face.

Each thing that can be found has one row of folded text. SQLite finds it by FTS5, PostgreSQL by a
text-search index; on both, every word must begin some word of the text, accents aside.
"""

import re
from collections.abc import Sequence

from sqlalchemy import (
    Select,
    String,
    Text,
    UniqueConstraint,
    column,
    delete,
    select,
    table,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.database import Model, db
from core.refs import fold

MAX_WORDS = 8
LONGEST_WORD = 60
FTS = table("search_fts", column("rowid"))


class SearchDocument(Model):
    """The folded words of one thing: its kind, its row id there, and the text."""

    __tablename__ = "search_document"
    __table_args__ = (UniqueConstraint("kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    words: Mapped[str] = mapped_column(Text)


def index(kind: str, subject_id: int, *texts: str) -> None:
    """Makes a thing findable by the words of these texts, in the current transaction."""
    index_many(kind, [(subject_id, texts)])


def index_many(kind: str, things: Sequence[tuple[int, Sequence[str]]]) -> None:
    """The same for many things at once."""
    _forget(kind, [subject_id for subject_id, _ in things])
    documents = [
        SearchDocument(kind=kind, subject_id=subject_id, words=" ".join(_words(texts)))
        for subject_id, texts in things
    ]
    db.session.add_all(documents)
    db.session.flush()
    if _on_sqlite() and documents:
        rows = [{"id": document.id, "words": document.words} for document in documents]
        db.session.execute(text("INSERT INTO search_fts (rowid, words) VALUES (:id, :words)"), rows)


def forget(kind: str, subject_id: int) -> None:
    """Takes a thing out of search: hidden, withdrawn or erased."""
    _forget(kind, [subject_id])


def matching(kind: str, typed: str) -> Select[int] | None:
    """Ids of things whose text has all the words, as a subquery; None where no word was typed."""
    words = _words([typed])[:MAX_WORDS]
    if not words:
        return None
    query = select(SearchDocument.subject_id).where(SearchDocument.kind == kind)
    if _on_sqlite():
        # The words first, then the kind: the other way round would read every document of it.
        terms = " ".join(f'"{word}"*' for word in words)
        query = query.select_from(FTS).join(SearchDocument, SearchDocument.id == FTS.c.rowid)
        return query.where(text("search_fts MATCH :terms").bindparams(terms=terms))
    terms = " & ".join(f"{word}:*" for word in words)
    found = text("to_tsvector('simple', words) @@ to_tsquery('simple', :terms)")
    return query.where(found.bindparams(terms=terms))


def _forget(kind: str, subject_ids: Sequence[int]) -> None:
    mine = (SearchDocument.kind == kind) & SearchDocument.subject_id.in_(subject_ids)
    numbers = db.session.scalars(select(SearchDocument.id).where(mine)).all()
    if not numbers:
        return
    if _on_sqlite():
        rows = [{"id": number} for number in numbers]
        db.session.execute(text("DELETE FROM search_fts WHERE rowid = :id"), rows)
    db.session.execute(delete(SearchDocument).where(SearchDocument.id.in_(numbers)))


def _words(texts: Sequence[str]) -> list[str]:
    """Plain words alone: PostgreSQL would read BO.OM.97/24 as one address, not as its words, and
    leaves words of thousands of letters out."""
    return [word[:LONGEST_WORD] for word in re.findall(r"[^\W_]+", fold(" ".join(texts)))]


def _on_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"
