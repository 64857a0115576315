"""Pages of long lists: every row once, in order, whatever stands in the address."""

import base64
import json
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from core.database import db
from core.paging import Page, keyset_page, read_cursor, write_cursor
from districts.models import District

SIZE = 4


def add_districts(number: int, *, first: int = 0) -> None:
    """Districts of which each three stand at the same position."""
    db.session.add_all(
        District(ref=f"d-{n}", name=f"District {n}", position=n // 3)
        for n in range(first, first + number)
    )
    db.session.commit()


def page_of(after: str | None, *, descending: bool = False) -> Page[District]:
    return keyset_page(
        select(District),
        [District.position, District.id],
        read_cursor(after, int, int),
        lambda row: [row.position, row.id],
        descending=descending,
        size=SIZE,
    )


def walk(*, descending: bool = False) -> list[list[int]]:
    pages, after = [], None
    while True:
        page = page_of(after, descending=descending)
        pages.append([row.id for row in page.rows])
        after = page.after
        if after is None:
            return pages


@pytest.mark.parametrize("number", [0, 1, 3, 4, 5, 8, 9, 13])
@pytest.mark.parametrize("descending", [False, True])
def test_every_row_is_seen_once_and_in_order(app: Flask, number: int, descending: bool) -> None:
    add_districts(number)
    order = list(db.session.scalars(select(District.id).order_by(District.position, District.id)))

    pages = walk(descending=descending)

    assert [row for page in pages for row in page] == (order[::-1] if descending else order)
    assert len(pages) == max(1, -(-number // SIZE))  # no empty page behind the last full one


def test_a_row_that_comes_or_goes_meanwhile_moves_no_other(app: Flask) -> None:
    add_districts(8)
    first = page_of(None)
    seen = [row.id for row in first.rows]
    db.session.delete(first.rows[1])
    add_districts(1, first=100)
    db.session.add(District(ref="early", name="Early", position=-1))
    db.session.commit()

    second = page_of(first.after)
    third = page_of(second.after)

    ids = seen + [row.id for row in [*second.rows, *third.rows]]
    assert len(ids) == len(set(ids)) == 9


def test_the_first_page_knows_that_it_is_the_first(app: Flask) -> None:
    add_districts(5)
    first = page_of(None)

    assert first.first
    assert not page_of(first.after).first


WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=20)
ENCODED = st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode())


@given(st.lists(st.integers(-(2**62), 2**62) | WORDS, max_size=2), st.integers(0, 2**31 - 1))
def test_a_cursor_of_ours_is_read_as_it_was_written(values: list[str | int], row_id: int) -> None:
    values = [*values, row_id]

    assert read_cursor(write_cursor(values), *map(type, values)) == tuple(values)


@given(st.text(max_size=60) | ENCODED)
def test_a_cursor_that_nobody_made_is_none_or_of_the_right_kind(typed: str) -> None:
    found = read_cursor(typed, int)

    assert found is None or isinstance(found[0], int)


@pytest.mark.parametrize(
    "values",
    [
        [], [1, 2, 3], ["1", 1], [1, "1"], [True, 1], [None, 1], [1.0, 1], [2**63, 1],
        [-(2**70), 1], [1, 2**31], [1, -(2**31)],
        {"a": 1}, 1, None, "x", [[1], 1], [float("nan"), 1], [float("inf"), 1], [[[[[1]]]], 1],
    ],
)  # fmt: skip
def test_a_forged_cursor_leads_to_the_first_page(values: Any) -> None:
    forged = base64.urlsafe_b64encode(json.dumps(values).encode()).decode()

    assert read_cursor(forged, int, int) is None


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "\udfff\ud800"])
def test_a_cursor_holds_no_text_that_a_database_would_choke_on(text: str) -> None:
    assert read_cursor(write_cursor([text]), str) is None


@pytest.mark.parametrize(
    "typed",
    [
        "",
        None,
        "garbage",
        "é",
        "=",
        "====",
        "W10",
        "A" * 401,
        base64.b64encode(b"[" * 290).decode(),
    ],
)
def test_what_is_no_cursor_leads_to_the_first_page(typed: str | None) -> None:
    assert read_cursor(typed, int) is None


def test_a_forged_cursor_of_the_right_shape_shows_a_page(app: Flask) -> None:
    add_districts(5)

    assert page_of(write_cursor([2**31 - 1, 0])).rows == []
    assert len(page_of(write_cursor([-(2**31), 0])).rows) == SIZE
