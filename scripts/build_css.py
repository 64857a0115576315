"""Join the style sheet's parts into the one file that pages load.

The parts in static/css/parts are what people edit; static/css/app.css and its compressed
twin are committed, so that no build step stands between a clone and a served page. A test
calls `joined()` and compares, so that they never drift apart.

Usage: python scripts/build_css.py
"""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

STYLES = Path(__file__).resolve().parent.parent / "static" / "css"
TARGET = STYLES / "app.css"
TWIN = STYLES / "app.css.gz"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)
_BLANK = re.compile(r"\n{2,}")
_FONT = re.compile(r"\.\./fonts/([a-z-]+\.woff2)")


def joined() -> str:
    """The whole style sheet: the parts in order of name, without comments and indents."""
    parts = sorted((STYLES / "parts").glob("*.css"))
    text = "\n".join(part.read_text(encoding="utf-8") for part in parts)
    text = _INDENT.sub("", _COMMENT.sub("", text))
    text = _FONT.sub(_marked, text)
    return "/* Joined by scripts/build_css.py from parts/: edit those. */\n" + _BLANK.sub(
        "\n", text
    ).lstrip("\n")


def _marked(found: re.Match[str]) -> str:
    """A font's address with the same mark of its content that `static_url` writes, so that
    the preload in the page and the style sheet fetch one file, once."""
    font = STYLES.parent / "fonts" / found[1]
    return f"{found[0]}?v={hashlib.sha256(font.read_bytes()).hexdigest()[:10]}"


if __name__ == "__main__":
    TARGET.write_text(joined(), encoding="utf-8")
    TWIN.write_bytes(gzip.compress(TARGET.read_bytes(), mtime=0))
    print(f"{TARGET.name}: {TARGET.stat().st_size:,d} bytes")
