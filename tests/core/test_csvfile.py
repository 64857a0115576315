"""The one writer of CSV files: a spreadsheet runs nothing of it, and a program reads all of it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.csvfile import write_csv

CELLS = st.text(st.characters(codec="utf-8"), max_size=30) | st.text(
    "=+-@\t\r\n\x00;,\"' a", max_size=8
)
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def read_back(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(), newline="")))


@pytest.mark.parametrize(
    "typed",
    [
        "=HYPERLINK(1)",
        "+cmd",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\x00=1",
        "\x00\x00@x",
        "\n=1",
        "\r\n=1",
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(typed: str) -> None:
    [[cell]] = read_back(write_csv(["x"], [[typed]]))[1:]

    assert cell.startswith("'")
    assert "\x00" not in cell


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=4))
def test_no_cell_begins_like_a_formula_and_every_row_stays_a_row(rows: list[list[str]]) -> None:
    read = read_back(write_csv(["a", "b"], rows))

    assert len(read) == len(rows) + 1
    assert not [cell for row in read for cell in row if cell.startswith(STARTS)]
    for written, typed in zip(read[1:], rows, strict=True):
        for cell, original in zip(written, typed, strict=True):
            plain = original.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
            assert cell in {plain, f"'{plain}"}


def test_numbers_stay_numbers_and_nothing_stays_empty() -> None:
    assert write_csv(["n", "none"], [[-5, None]]) == b"n,none\n-5,\n"


def test_quotes_commas_and_letters_survive() -> None:
    content = write_csv(["title"], [['Łąka, "nowa"; x']])

    assert content == 'title\n"Łąka, ""nowa""; x"\n'.encode()
