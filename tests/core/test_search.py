"""Search by words, the same on both databases, whatever is typed."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from core import search
from core.database import db

HOSTILE = [
    "'", '"', "*", "(", ")", "OR", "AND", "NOT", "NEAR", "NEAR(", "-", "-x", ":", "a:b", "^", "^a",
    "{", "}", "\\", "%", "_", "__", "&", "|", "!", "!a", "<->", ":*", "a:*b", "'' OR 1=1 --",
    "'||pg_sleep(5)--", "; DROP TABLE search_document", "words:a", "{words}:a", "a\tb\nc", "...",
    "a" * 3000, "ż" * 3000, "\U0001f333", "\ufffd", "𝕊", "ﬁ", "İ", "ſ", "\u0301", "1e5", "0x1f",
    "http://example.org/a?b=c", "BO.OM.97/24", "me@example.org", "&amp;", "<b>", "à la carte",
    "%00", "١٢", "हिन्दी", "市 民", "ª", "x_y", "\u200b", "½", "C++", "#1",
]  # fmt: skip


def found(typed: str, kind: str = "thing") -> set[int] | None:
    ids = search.matching(kind, typed)
    return None if ids is None else set(db.session.scalars(ids))


def test_every_word_must_begin_some_word_of_the_text(app: Flask) -> None:
    search.index("thing", 1, "A bench by the river", "Made of oak")
    search.index("thing", 2, "Trees for the river bank")

    assert found("river") == {1, 2}
    assert found("riv") == {1, 2}
    assert found("river bench") == {1}
    assert found("BENCH oak") == {1}
    assert found("iver") == set()
    assert found("river boat") == set()


WRITTEN_AND_TYPED = [
    ("Łódź nad rzeką", "lodz"),
    ("Łódź nad rzeką", "ŁÓDŹ"),
    ("lodz", "Łódź"),
    ("Straße", "STRASSE"),
    ("Café", "cafe"),
    ("Cafe\u0301", "CAFÉ"),
    ("ﬁlm", "film"),
    ("Zieleń-miejska", "miejska"),
    ("BO.OM.97/24", "97/24"),
    ("BO.OM.97/24", "om 24"),
    ("O’Connell Street", "connell"),
    ("me@example.org", "example"),
    ("snake_case", "case"),
    ("snake_case", "snake_case"),
    ("plac 1000-lecia", "1000"),
    ("市民 公園", "公園"),
    ("हिन्दी भाषा", "हिन्दी"),
    ("version 1e5 and 0x1f", "1e5 0x1f"),
    ("a" * 3000, "a" * 3000),
    ("a" * 3000, "a" * 20),
]


def test_words_are_found_without_their_accents_and_marks(app: Flask) -> None:
    missed = []
    for number, (written, typed) in enumerate(WRITTEN_AND_TYPED):
        search.index(f"thing-{number}", 1, written)
        if found(typed, f"thing-{number}") != {1}:
            missed.append((written, typed))

    assert missed == []


def test_whatever_is_typed_is_only_words(app: Flask) -> None:
    wrong = []
    for number, typed in enumerate(HOSTILE):
        kind = f"thing-{number}"
        search.index_many(kind, [(1, ["A bench by the river"]), (2, [typed])])
        alone, together, bench = (
            found(words, kind) for words in (typed, f"{typed} bench", "bench")
        )
        right = alone in (None, {2}, {1, 2}) and together in (set(), {1}, {2}, {1, 2})
        if not right or bench not in ({1}, {1, 2}):
            wrong.append((typed, alone, together, bench))

    assert wrong == []


def test_thousands_of_words_are_cut_to_a_few(app: Flask) -> None:
    search.index("thing", 1, "one two three four five six seven eight")

    assert found("one two three four five six seven eight " + "nine " * 5_000) == {1}


@pytest.mark.parametrize("typed", ["", "   ", "-", "\u200b", "🌳", "'\""])
def test_no_word_is_no_search(app: Flask, typed: str) -> None:
    assert search.matching("thing", typed) is None


def test_kinds_are_kept_apart(app: Flask) -> None:
    search.index("thing", 1, "bench")
    search.index("other", 1, "bench")
    search.index("other", 2, "bench")

    assert found("bench") == {1}
    assert found("bench", "other") == {1, 2}


def test_what_is_indexed_again_is_found_by_its_new_words_alone(app: Flask) -> None:
    search.index("thing", 1, "bench")
    search.index("thing", 1, "table")

    assert found("bench") == set()
    assert found("table") == {1}
    assert db.session.scalar(select(func.count(search.SearchDocument.id))) == 1


def test_what_is_forgotten_is_not_found(app: Flask) -> None:
    search.index_many("thing", [(number, ["bench"]) for number in range(1, 6)])
    search.index("other", 3, "bench")

    search.forget("thing", 3)
    search.forget("thing", 99)

    assert found("bench") == {1, 2, 4, 5}
    assert found("bench", "other") == {3}


@pytest.mark.sqlite
def test_the_index_holds_nothing_of_what_was_forgotten(app: Flask) -> None:
    search.index_many("thing", [(1, ["bench"]), (2, ["table"])])
    search.index_many("thing", [(1, ["chair"])])
    search.forget("thing", 2)

    assert db.session.scalar(text("SELECT count(*) FROM search_fts")) == 1
    assert db.session.scalar(text("SELECT words FROM search_fts")) == "chair"


def test_what_is_rolled_back_is_not_found(app: Flask) -> None:
    search.index("thing", 1, "bench")
    db.session.commit()
    search.index("thing", 1, "table")
    search.index("thing", 2, "bench")
    db.session.rollback()

    assert found("bench") == {1}
    assert found("table") == set()


@pytest.mark.parametrize("typed", ["river", "river bank"])
def test_a_search_reads_the_index_and_not_every_document(
    app: Flask, database_kind: str, typed: str
) -> None:
    search.index_many("thing", [(n, [f"bench number {n} of oak"]) for n in range(1, 2_000)])
    search.index("thing", 5_000, "river bank")
    db.session.commit()
    ids = search.matching("thing", typed)
    assert ids is not None
    compiled = ids.compile(db.engine, compile_kwargs={"literal_binds": True})
    if database_kind == "postgres":
        db.session.execute(text("ANALYZE search_document"))
        plan = [str(row[0]) for row in db.session.execute(text(f"EXPLAIN {compiled}"))]
        assert any("Bitmap Index Scan on ix_search_document_words" in line for line in plan), plan
    else:
        plan = [str(row[3]) for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
        assert not [line for line in plan if line.startswith("SCAN search_document")], plan
