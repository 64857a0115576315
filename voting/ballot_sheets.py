"""Ballot papers to print: the options in the order of the lot, with numbers, and boxes to fill in.

Pure: it is given every sentence and prints it. The voter writes numbers into the boxes, the first
choice first. All papers of a contest and place are alike: none bears a number of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fpdf import FPDF

from voting.letter_pages import empty_document
from voting.visual_text import as_printed, runs_to_the_left

LEFT, RIGHT, TOP, BOTTOM = 18.0, 192.0, 16.0, 280.0
WIDTH = RIGHT - LEFT
BLACK, GREY = 0, 80
BOX = 15.0
LARGE = 1.55


@dataclass(frozen=True)
class Line:
    """An option on paper; one that `is_gone` was withdrawn after other papers were printed."""

    number: int
    title: str
    about: str
    is_gone: bool = False


@dataclass(frozen=True)
class BallotSheet:
    """Everything that stands on a paper, in the language of the round."""

    language: str
    town: str
    round: str
    title: str
    instructions: Sequence[str]
    ranks: Sequence[str]
    list_title: str
    lines: Sequence[Line]
    foot: str
    page_words: str
    is_large: bool


def print_ballot_sheet(sheet: BallotSheet, more_fonts: Sequence[Path] = ()) -> bytes:
    """A PDF of one paper; `page_words` holds {page} and {pages}.

    Printed on both sides, a paper stays one sheet up to two pages.
    """
    pdf = empty_document(more_fonts)
    pdf.set_lang(sheet.language)
    pdf.set_title(sheet.title)
    scale = LARGE if sheet.is_large else 1.0
    _new_page(pdf, sheet)
    _head(pdf, sheet, scale)
    _boxes(pdf, sheet, scale)
    _text(pdf, sheet.list_title, "serif", "B", 14 * scale)
    for line in sheet.lines:
        if pdf.get_y() + _height(pdf, line, scale) > BOTTOM:
            _new_page(pdf, sheet)
        _option(pdf, line, scale)
    return bytes(pdf.output())


def _new_page(pdf: FPDF, sheet: BallotSheet) -> None:
    pdf.add_page()
    pdf.set_text_color(GREY)
    pdf.set_font("sans", "", 8.5)
    pdf.set_xy(LEFT, BOTTOM + 5)
    number = sheet.page_words.replace("{page}", str(pdf.page)).replace("{pages}", "{nb}")
    pdf.cell(WIDTH * 0.7, 4, as_printed(sheet.foot))
    pdf.cell(WIDTH * 0.3, 4, as_printed(number), align="R")
    pdf.set_text_color(BLACK)
    pdf.set_xy(LEFT, TOP)


def _head(pdf: FPDF, sheet: BallotSheet, scale: float) -> None:
    _text(pdf, f"{sheet.town} · {sheet.round}", "sans", "", 10 * scale, grey=GREY)
    _text(pdf, sheet.title, "serif", "B", 22 * scale)
    pdf.set_line_width(0.6)
    pdf.line(LEFT, pdf.get_y() + 1, RIGHT, pdf.get_y() + 1)
    pdf.set_y(pdf.get_y() + 4)
    for sentence in sheet.instructions:
        _text(pdf, sentence, "sans", "", 11 * scale, after=0.8)
    pdf.set_y(pdf.get_y() + 2)


def _boxes(pdf: FPDF, sheet: BallotSheet, scale: float) -> None:
    """One box for each rank, its name above; as many in a row as find room."""
    size, step = BOX * scale, 34.0 * scale
    in_row = max(int(WIDTH // step), 1)
    line = 4.6 * scale
    for first in range(0, len(sheet.ranks), in_row):
        row = sheet.ranks[first : first + in_row]
        if pdf.get_y() + size + line + 4 > BOTTOM:
            _new_page(pdf, sheet)
        top = pdf.get_y()
        for place, name in enumerate(row):
            pdf.set_xy(LEFT + place * step, top)
            pdf.set_font("sans", "B", 10 * scale)
            pdf.cell(step - 2, line, as_printed(name))
            pdf.set_line_width(0.7)
            pdf.rect(LEFT + place * step, top + line + 1, size * 1.4, size)
        pdf.set_xy(LEFT, top + line + size + 6)


def _height(pdf: FPDF, line: Line, scale: float) -> float:
    """How much room an option takes."""
    pdf.set_font("serif", "B", 12.5 * scale)
    height = pdf.multi_cell(
        WIDTH - 18 * scale, 5.5 * scale, as_printed(line.title), dry_run=True, output="HEIGHT"
    )
    assert isinstance(height, float | int), "Only the height was asked for."
    return height + (5 * scale if line.about else 0) + 4 * scale


def _option(pdf: FPDF, line: Line, scale: float) -> None:
    """Its number, title and what is said of it; struck through where it was withdrawn."""
    top, indent = pdf.get_y() + 1.6 * scale, 18 * scale
    style, ink = ("BS", GREY) if line.is_gone else ("B", BLACK)
    pdf.set_line_width(0.15)
    pdf.line(LEFT, top, RIGHT, top)
    top += 1.6 * scale
    pdf.set_xy(LEFT, top)
    pdf.set_text_color(ink)
    pdf.set_font("sans", style, 15 * scale)
    pdf.cell(indent - 5 * scale, 5.4 * scale, str(line.number), align="R")
    left = LEFT + indent
    _text(pdf, line.title, "serif", style, 12.5 * scale, top=top, left=left, grey=ink)
    if line.about:
        _text(pdf, line.about, "sans", "", 9.5 * scale, left=left, grey=GREY)


def _text(
    pdf: FPDF,
    text: str,
    family: str,
    style: str,
    size: float,
    *,
    top: float | None = None,
    left: float = LEFT,
    after: float = 0.0,
    grey: int = BLACK,
) -> None:
    """A paragraph from the left edge given, or to the right one where the script runs so."""
    pdf.set_text_color(grey)
    pdf.set_font(family, style, size)
    pdf.set_xy(left, pdf.get_y() if top is None else top)
    align = "R" if runs_to_the_left(text) else "L"
    pdf.multi_cell(RIGHT - left, size * 0.44, as_printed(text), align=align)
    pdf.set_xy(LEFT, pdf.get_y() + after)
    pdf.set_text_color(BLACK)
