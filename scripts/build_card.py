"""Draw the picture that other sites show when somebody shares a page of ours.

It bears the mark and a purse bar but no name, because every city has its own.

Usage: python scripts/build_card.py (needs the development packages and Chromium)
"""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "static" / "img" / "card.png"
CARD = """<!doctype html><html><head><meta charset="utf-8"><style>{{ css }}
body { display: grid; place-content: center; justify-items: center; gap: 64px; block-size: 630px; }
.mark svg { inline-size: 300px; block-size: 300px; }
.purse-frame { inline-size: 860px; padding: 7px; border-width: 4px; }
.purse-bar { block-size: 56px; }
.frame { position: fixed; inset: 28px; border-block: 10px double var(--ink); }
</style></head><body>{{ marks.patterns() }}<div class="frame"></div>
<div class="mark">{{ marks.purse() }}</div>
<div class="purse-frame"><svg class="purse-bar">
  <rect class="part-spent" width="24%" height="100%"/>
  <rect class="part-chosen" x="24%" width="46%" height="100%"/>
  <rect fill="url(#asked-hatch)" x="70%" width="18%" height="100%"/>
  <rect fill="url(#left-dots)" x="88%" width="12%" height="100%"/>
</svg></div></body></html>"""


def main() -> int:
    """Draw the card in light colours and save it."""
    templates = Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)
    marks = templates.get_template("core/marks.html").module
    css = (ROOT / "static" / "css" / "app.css").read_text(encoding="utf-8")
    html = Environment(autoescape=False).from_string(CARD).render(marks=marks, css=css)  # noqa: S701
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1200, "height": 630}, color_scheme="light")
        page.set_content(html)
        page.screenshot(path=TARGET)
        browser.close()
    print(f"{TARGET.name}: {TARGET.stat().st_size:,d} bytes")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
