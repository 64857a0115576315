"""The style sheet and the fonts: up to date, light, legible, and the same from right to left."""

import gzip
import math
import re

import pytest
from fontTools.ttLib import TTFont

from scripts import build_css, build_fonts
from tests.architecture.test_shape import ROOT

STATIC = ROOT / "static"
TOKENS = (STATIC / "css" / "parts" / "20-tokens.css").read_text()
POLISH = "ĄĆĘŁŃÓŚŹŻąćęłńóśźż"
OTHERS = "ÄÖÜßéèêëçñåøæðþőűčřšžťďňğışțăāēīūķļņıœ€§„”–—’"

OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
PAIRS = re.compile(rf"--([\w-]+): light-dark\({OKLCH}, {OKLCH}\)")

GROUNDS = ("paper", "sheet", "shade")
ON_EVERY_GROUND = (
    "ink", "ink-soft", "stamp", "stamp-deep", "funded", "unfunded", "pending", "alarm",
)  # fmt: skip
ON_ITS_OWN = [
    ("on-stamp", "stamp"), ("on-stamp", "stamp-deep"), ("paper", "ink"), ("paper", "alarm"),
    ("stamp", "stamp-wash"), ("funded", "funded-wash"), ("unfunded", "unfunded-wash"),
    ("pending", "pending-wash"), ("alarm", "alarm-wash"), ("ink", "funded-wash"),
    ("ink", "alarm-wash"), ("ink", "stamp-wash"), ("ink-soft", "stamp-wash"),
]  # fmt: skip
TEXTS = [(text, ground) for text in ON_EVERY_GROUND for ground in GROUNDS] + ON_ITS_OWN
EDGES = [("rule-strong", "paper"), ("rule-strong", "sheet"), ("brass", "sheet"),
         ("brass-deep", "sheet"), ("stamp", "sheet")]  # fmt: skip


def test_pages_load_the_parts_as_they_are() -> None:
    assert build_css.TARGET.read_text() == build_css.joined()
    assert gzip.decompress(build_css.TWIN.read_bytes()).decode() == build_css.joined()


def test_the_style_sheet_names_no_side_of_the_screen() -> None:
    """Left and right turn round in Arabic; only the arrow of a select is placed by side, twice."""
    rooms = [file.read_text() for file in (STATIC / "css" / "rooms").glob("*.css")]
    sides = re.findall(
        r"(?:margin|padding|border|inset|text-align: |float: )-?(?:left|right)"
        r"|(?<![-\w])(?:left|right): ",
        "\n".join([build_css.joined(), *rooms]),
    )

    assert sides == []


def test_the_fonts_fit_their_budget_together() -> None:
    size = sum(file.stat().st_size for file in (STATIC / "fonts").glob("*.woff2"))

    assert size <= build_fonts.BUDGET


@pytest.mark.parametrize("family", ["serif", "sans"])
def test_each_typeface_can_write_the_names_of_europe(family: str) -> None:
    letters: set[int] = set()
    for part in ("latin", "latin-ext"):
        letters |= set(TTFont(STATIC / "fonts" / f"{family}-{part}.woff2").getBestCmap())

    assert [letter for letter in POLISH + OTHERS if ord(letter) not in letters] == []


def test_what_every_page_loads_is_light() -> None:
    """Style and scripts of the first view; the page itself has the rest of the 60 KB."""
    files = ["css/app.css", "js/theme.js", "js/elements.js", "vendor/htmx.min.js"]
    size = sum(len(gzip.compress((STATIC / file).read_bytes())) for file in files)

    assert size <= 40_000


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_is_legible_on_its_ground(text: str, ground: str, scheme: str) -> None:
    assert contrast(text, ground, scheme) >= 7


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_and_bars_stand_out_from_their_ground(edge: str, ground: str, scheme: str) -> None:
    assert contrast(edge, ground, scheme) >= 3


def contrast(one: str, other: str, scheme: str) -> float:
    """The ratio of WCAG 2 between two tokens."""
    lights = sorted((luminance(one, scheme), luminance(other, scheme)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(token: str, scheme: str) -> float:
    """Relative luminance of a token, by way of Oklab (Ottosson 2020)."""
    found = {name: values for name, *values in PAIRS.findall(TOKENS)}[token]
    light, chroma, hue = map(float, found[:3] if scheme == "light" else found[3:])
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    weights = ((red, 0.2126), (green, 0.7152), (blue, 0.0722))
    return sum(min(max(part, 0.0), 1.0) * weight for part, weight in weights)
