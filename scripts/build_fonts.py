"""Cut the two typefaces of the house down to what its pages print.

Source Serif 4 carries titles and the sentences that explain results; Atkinson
Hyperlegible Next carries everything that a person acts on. Both are variable and
come from the fontsource packages named in package.json. This script keeps the
letters of Latin and Latin Extended-A (every language of the European Union that is
written in Latin letters, Polish first), the weights 400 to 700, and for the serif one
optical size between text and display. The results are committed, so that nobody needs
this script, Node or a network to run the product.

Usage: npm ci && python scripts/build_fonts.py [node_modules]
"""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter, parse_unicodes
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "fonts"
BUDGET = 90 * 1024

LATIN = (
    "0020-007E,00A0,00A3,00A7,00A9,00AB,00AD,00AE,00B0-00B3,00B7,00B9,00BB,00BC-00BF,"
    "00C0-00FF,0131,0152,0153,2009,200A,2010-2015,2018-201A,201C-201E,2020-2022,2026,202F,2030,2032,2033,"
    "2039,203A,2044,20AC,2122,2190-2193,2212,2215"
)
LATIN_EXTENDED = (
    "0100-0130,0132-0151,0154-017F,018F,0192,0218-021B,1E9E,20A1,20B1,20B4,20B9,20BA,2116"
)
LATIN_ITALIC = "0020-007E,00A0,00B7,00C0-00FF,2013,2014,2018,2019,201C-201E,2026"

FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "tnum", "pnum", "frac"]


@dataclass(frozen=True)
class Cut:
    """One file to make: its source, the letters to keep, and where each axis is fixed."""

    name: str
    package: str
    source: str
    letters: str
    axes: dict[str, Any]


SERIF = "@fontsource-variable/source-serif-4"
SANS = "@fontsource-variable/atkinson-hyperlegible-next"
SERIF_AXES = {"opsz": 20, "wght": (400, 700)}
SANS_AXES = {"wght": (400, 700)}

CUTS = [
    Cut("serif-latin", SERIF, "source-serif-4-latin-opsz-normal", LATIN, SERIF_AXES),
    Cut(
        "serif-latin-ext", SERIF, "source-serif-4-latin-ext-opsz-normal", LATIN_EXTENDED, SERIF_AXES
    ),
    Cut(
        "serif-italic",
        SERIF,
        "source-serif-4-latin-opsz-italic",
        LATIN_ITALIC,
        {"opsz": 20, "wght": 400},
    ),
    Cut("sans-latin", SANS, "atkinson-hyperlegible-next-latin-wght-normal", LATIN, SANS_AXES),
    Cut(
        "sans-latin-ext",
        SANS,
        "atkinson-hyperlegible-next-latin-ext-wght-normal",
        LATIN_EXTENDED,
        SANS_AXES,
    ),
]

LICENCES = {SERIF: "source-serif-4-OFL.txt", SANS: "atkinson-hyperlegible-next-OFL.txt"}


def main() -> int:
    """Make every cut and say what it weighs; fail when the page budget is passed."""
    modules = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "node_modules"
    TARGET.mkdir(parents=True, exist_ok=True)
    total = 0
    for cut in CUTS:
        size = _make(cut, modules)
        total += size
        print(f"{cut.name:18} {size:7,d} bytes")
    for package, name in LICENCES.items():
        shutil.copyfile(modules / package / "LICENSE", TARGET / name)
    print(f"{'together':18} {total:7,d} bytes of {BUDGET:,d}")
    return 0 if total <= BUDGET else 1


def _make(cut: Cut, modules: Path) -> int:
    font = TTFont(modules / cut.package / "files" / f"{cut.source}.woff2")
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=parse_unicodes(cut.letters))
    subsetter.subset(font)
    present = {axis.axisTag for axis in font["fvar"].axes}
    axes = {tag: place for tag, place in cut.axes.items() if tag in present}
    font = instancer.instantiateVariableFont(font, axes)
    target = TARGET / f"{cut.name}.woff2"
    font.flavor = "woff2"
    font.save(target)
    return target.stat().st_size


if __name__ == "__main__":
    raise SystemExit(main())
