"""Keyset pages: the next page begins behind the last row shown, so that all cost the same."""

import base64
import binascii
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from core.database import db

Row = TypeVar("Row")
PAGE = 30
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows in order, and the cursors that lead on and back; None where there is nothing."""

    rows: Sequence[Row]
    after: str | None
    first: bool


def write_cursor(values: Sequence[str | int]) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


def read_cursor(text: str | None, *kinds: type) -> tuple[Any, ...] | None:
    """The values of a cursor, or None for one that nobody made: the first page is shown then."""
    if not text or len(text) > 400:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error):
        return None
    fits = isinstance(values, list) and len(values) == len(kinds)
    if not fits or any(type(value) is not kind for value, kind in zip(values, kinds, strict=True)):
        return None
    if any(isinstance(value, int) and abs(value) > 2**62 for value in values):
        return None
    if isinstance(values[-1], int) and abs(values[-1]) >= 2**31:
        return None  # the last value is a row id, and PostgreSQL compares no larger ones
    if any(isinstance(value, str) and _UNSTORABLE.search(value) for value in values):
        return None
    return tuple(values)


def keyset_page(
    query: Select[Any],
    columns: Sequence[InstrumentedAttribute[Any]],
    cursor: tuple[Any, ...] | None,
    key_of: Callable[[Row], Sequence[str | int]],
    *,
    descending: bool = False,
    size: int = PAGE,
) -> Page[Row]:
    """One page of `query`, ordered by `columns` (all in one direction; the last one unique)."""
    asked = keyset_query(query, columns, cursor, descending=descending, size=size)
    result = db.session.execute(asked)
    rows: Sequence[Any] = result.all() if len(result.keys()) > 1 else result.scalars().all()
    return page_of(rows, cursor, key_of, size=size)


def keyset_query(
    query: Select[Any],
    columns: Sequence[InstrumentedAttribute[Any]],
    cursor: tuple[Any, ...] | None,
    *,
    descending: bool = False,
    size: int = PAGE,
) -> Select[Any]:
    """The rows of one page and one more, which tells whether there is a next page.

    For a list that is asked for so often that its query is remembered: to build one costs as much
    as to run it.
    """
    key = tuple_(*columns)
    if cursor is not None:
        query = query.where(key < cursor if descending else key > cursor)
    order = [column.desc() if descending else column.asc() for column in columns]
    return query.order_by(*order).limit(size + 1)


def page_of(
    rows: Sequence[Any],
    cursor: tuple[Any, ...] | None,
    key_of: Callable[[Row], Sequence[str | int]],
    *,
    size: int = PAGE,
) -> Page[Row]:
    """The page in what a `keyset_query` with the same cursor and size has found."""
    after = write_cursor(key_of(rows[size - 1])) if len(rows) > size else None
    return Page(rows[:size], after, first=cursor is None)
