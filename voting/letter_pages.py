"""Letters on paper: one A4 page each, with the address where a window envelope shows it.

Pure: it is given every sentence and prints it. DIN 5008, form B: the address stands 20 mm from
the left edge, between 45 and 90 mm from the top. The code is set large in groups of four, and as a
QR code of an address that holds it behind the #, which no browser sends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF

from voting.visual_text import as_printed, runs_to_the_left

FONTS = Path(__file__).resolve().parent.parent / "static" / "fonts"
LEFT, RIGHT, WIDTH = 25.0, 185.0, 160.0
WINDOW_WIDTH, QR_SIZE = 80.0, 40.0
BLACK, GREY = 0, 90
_CUTS = {"serif": ("serif-latin", "serif-latin-ext"), "sans": ("sans-latin", "sans-latin-ext")}
_WEIGHTS: dict[str, dict[str, float]] = {"": {"wght": 400}, "B": {"wght": 700}}


@dataclass(frozen=True)
class Sheet:
    """Everything that stands on one letter, in the language of the round."""

    language: str
    town: str
    sender: str
    reference: Sequence[str]
    name: str
    address: Sequence[str]
    title: str
    greeting: str
    contests: Sequence[str]
    until: str
    code_title: str
    code_groups: Sequence[str]
    url: str
    qr_url: str
    steps: Sequence[str]
    help_title: str
    help: str


def print_letters(sheets: Sequence[Sheet], more_fonts: Sequence[Path] = ()) -> bytes:
    """A PDF with one page for each sheet. `more_fonts` are for scripts that ours lack."""
    pdf = empty_document(more_fonts)
    for sheet in sheets:
        _print(pdf, sheet)
    return bytes(pdf.output())


def empty_document(more_fonts: Sequence[Path] = ()) -> FPDF:
    """A document without pages in our typefaces: "serif" and "sans", plain and bold."""
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(False)
    pdf.set_margins(LEFT, 15, 210 - RIGHT)
    for family, (latin, extended) in _CUTS.items():
        for name, cut in ((family, latin), (f"{family}-ext", extended)):
            pdf.add_font(name, fname=FONTS / f"{cut}.woff2", variations=_WEIGHTS)
    for number, path in enumerate(more_fonts):
        pdf.add_font(f"more-{number}", fname=path)
    extra = [f"more-{number}" for number in range(len(more_fonts))]
    pdf.set_fallback_fonts(["sans-ext", *extra], exact_match=False)
    return pdf


def unprintable(text: str, more_fonts: Sequence[Path] = ()) -> str:
    """The characters of the text that none of the typefaces has, each once."""
    known = _letters(FONTS / "sans-latin.woff2") | _letters(FONTS / "sans-latin-ext.woff2")
    for path in more_fonts:
        known |= _letters(path)
    return "".join(dict.fromkeys(sign for sign in as_printed(text) if ord(sign) not in known))


@cache
def _letters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


def _print(pdf: FPDF, sheet: Sheet) -> None:
    pdf.add_page()
    pdf.set_lang(sheet.language)
    _head(pdf, sheet)
    _window(pdf, sheet)
    _body(pdf, sheet)
    _code(pdf, sheet)
    _foot(pdf, sheet)


def _head(pdf: FPDF, sheet: Sheet) -> None:
    _line(pdf, LEFT, 18, sheet.town, "serif", "B", 20)
    pdf.set_draw_color(BLACK)
    pdf.set_line_width(0.5)
    pdf.line(LEFT, 30, RIGHT, 30)
    pdf.set_line_width(0.2)
    for at in (105.0, 148.5, 210.0):  # where the paper is folded and punched
        pdf.line(4, at, 8, at)


def _window(pdf: FPDF, sheet: Sheet) -> None:
    _line(pdf, LEFT, 46, sheet.sender, "sans", "", 7.5, GREY)
    top = 62.0
    for line in (sheet.name, *sheet.address):
        _line(pdf, LEFT, top, line, "sans", "", 11, width=WINDOW_WIDTH)
        top += 5.2
    top = 50.0
    for line in sheet.reference:
        _line(pdf, 130, top, line, "sans", "", 9, GREY, width=RIGHT - 130)
        top += 4.6


def _body(pdf: FPDF, sheet: Sheet) -> None:
    _paragraph(pdf, 98, sheet.title, "serif", "B", 17, 7.2)
    _paragraph(pdf, pdf.get_y() + 3, sheet.greeting, "serif", "", 11.5, 5.6)
    for contest in sheet.contests:
        _paragraph(pdf, pdf.get_y() + 1, f"–  {contest}", "serif", "B", 11.5, 5.6)
    _paragraph(pdf, pdf.get_y() + 3, sheet.until, "serif", "", 11.5, 5.6)


def _code(pdf: FPDF, sheet: Sheet) -> None:
    top = 172.0
    pdf.set_line_width(0.5)
    pdf.rect(LEFT, top, WIDTH, 48)
    pdf.rect(LEFT + 0.9, top + 0.9, WIDTH - 1.8, 46.2)
    _line(pdf, LEFT + 7, top + 6, sheet.code_title, "sans", "", 10, GREY)
    groups = list(sheet.code_groups)
    for row, half in enumerate((groups[:2], groups[2:])):
        _line(pdf, LEFT + 7, top + 14 + 12.5 * row, "   ".join(half), "sans", "B", 27)
    _line(pdf, LEFT + 7, top + 40, sheet.url, "sans", "", 10)
    _qr(pdf, sheet.qr_url, RIGHT - QR_SIZE - 4, top + 4)


def _qr(pdf: FPDF, url: str, left: float, top: float) -> None:
    """Dark modules as bars, side by side in one, so that five hundred letters stay small."""
    matrix = [bytes(row) for row in segno.make(url, micro=False, error="m").matrix]
    size = QR_SIZE / len(matrix)
    pdf.set_fill_color(BLACK)
    for down, row in enumerate(matrix):
        across = 0
        while across < len(row):
            width = 1
            while across + width < len(row) and row[across + width] == row[across]:
                width += 1
            if row[across]:
                pdf.rect(left + across * size, top + down * size, width * size, size, style="F")
            across += width


def _foot(pdf: FPDF, sheet: Sheet) -> None:
    top = 227.0
    for number, step in enumerate(sheet.steps, start=1):
        _paragraph(pdf, top, f"{number}.  {step}", "sans", "", 10, 4.8)
        top = pdf.get_y() + 0.8
    _paragraph(pdf, top + 3, sheet.help_title, "sans", "B", 10, 4.8)
    _paragraph(pdf, pdf.get_y() + 0.4, sheet.help, "sans", "", 10, 4.8)


def _line(
    pdf: FPDF,
    left: float,
    top: float,
    text: str,
    family: str,
    style: str,
    size: float,
    grey: int = BLACK,
    *,
    width: float = WIDTH,
) -> None:
    """One line, smaller where it would not fit; at the right edge of its width where it runs so."""
    pdf.set_text_color(grey)
    pdf.set_font(family, style, size)
    shown = as_printed(text)
    length = pdf.get_string_width(shown)
    if length > width:
        pdf.set_font(family, style, size * width / length)
    pdf.set_xy(left, top)
    pdf.cell(width, size * 0.45, shown, align="R" if runs_to_the_left(text) else "L")


def _paragraph(
    pdf: FPDF, top: float, text: str, family: str, style: str, size: float, leading: float
) -> None:
    pdf.set_text_color(BLACK)
    pdf.set_font(family, style, size)
    pdf.set_xy(LEFT, top)
    align = "R" if runs_to_the_left(text) else "L"
    pdf.multi_cell(WIDTH, leading, as_printed(text), align=align, new_x="LMARGIN", new_y="NEXT")
