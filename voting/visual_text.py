"""Text in the order and the shapes in which it is printed, for a printer that knows neither.

Hebrew and Arabic run from right to left, numbers in them from left to right, and Arabic letters
take another shape where they join. Unicode holds all these shapes as characters of their own
(Arabic Presentation Forms), each with the letters that it stands for.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

from fpdf.bidi import BidiParagraph

_SHAPES = ("isolated", "final", "initial", "medial")
_FORMS = (*range(0xFB50, 0xFBEA), *range(0xFE80, 0xFEFD))
_RIGHT_TO_LEFT = {"R", "AL"}


def runs_to_the_left(text: str) -> bool:
    """Whether the first letter of the text belongs to a script that runs from right to left."""
    for sign in text:
        kind = unicodedata.bidirectional(sign)
        if kind in _RIGHT_TO_LEFT:
            return True
        if kind == "L":
            return False
    return False


def as_printed(text: str) -> str:
    """The characters as they follow each other on paper, from left to right."""
    if not any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text):
        return text
    return str(BidiParagraph(text="".join(_joined(text))).get_reordered_string())


def _joined(text: str) -> Iterator[str]:
    """Arabic letters in the shape that their neighbours ask for; all else as it is."""
    units = list(_units(unicodedata.normalize("NFC", text)))
    letters = [at for at, unit in enumerate(units) if not unicodedata.combining(unit[0])]
    place = {at: number for number, at in enumerate(letters)}
    for at, unit in enumerate(units):
        shapes = _shapes().get(unit)
        if shapes is None or at not in place:
            yield unit
            continue
        number = place[at]
        before = units[letters[number - 1]] if number else ""
        behind = units[letters[number + 1]] if number + 1 < len(letters) else ""
        joins_before = "initial" in _shapes().get(before, {}) and "final" in shapes
        joins_behind = "final" in _shapes().get(behind, {}) and "initial" in shapes
        wanted = ("medial" if joins_before else "initial") if joins_behind else "isolated"
        wanted = "final" if joins_before and not joins_behind else wanted
        yield shapes.get(wanted, unit)


def _units(text: str) -> Iterator[str]:
    """Single letters, and lam with alef, which are written as one sign."""
    at = 0
    while at < len(text):
        pair = text[at : at + 2]
        length = 2 if len(pair) == 2 and pair[0] == "\u0644" and pair in _shapes() else 1
        yield text[at : at + length]
        at += length


@cache
def _shapes() -> dict[str, dict[str, str]]:
    """For each Arabic letter, and for lam with alef, the characters of its shapes."""
    found: dict[str, dict[str, str]] = {}
    for code in _FORMS:
        kind, *letters = unicodedata.decomposition(chr(code)).split() or [""]
        if kind.strip("<>") in _SHAPES and 1 <= len(letters) <= 2:
            unit = "".join(chr(int(letter, 16)) for letter in letters)
            found.setdefault(unit, {}).setdefault(kind.strip("<>"), chr(code))
    return found
