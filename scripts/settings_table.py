"""Writes the table of settings in docs/operations.md from config.py, or checks that it is current.

`python -m scripts.settings_table` writes; with `--check` it only says whether it would change.
"""

import sys
from pathlib import Path

from config import Settings

PAGE = Path(__file__).resolve().parent.parent / "docs" / "operations.md"
BEGINS, ENDS = "<!-- settings: begin -->\n", "<!-- settings: end -->\n"


def table() -> str:
    """One row per setting: variable, default, meaning."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = ",".join(field.default) if isinstance(field.default, list) else field.default
        shown = "" if default in ("", None, []) else f"`{default}`"
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows) + "\n"


def current(page: str) -> str:
    """The page with the table that config.py asks for."""
    before, rest = page.split(BEGINS)
    _, after = rest.split(ENDS)
    return before + BEGINS + table() + ENDS + after


def main() -> None:
    page = PAGE.read_text()
    wanted = current(page)
    if "--check" in sys.argv:
        sys.exit(0 if page == wanted else "Run python -m scripts.settings_table.")
    PAGE.write_text(wanted)


if __name__ == "__main__":
    main()
