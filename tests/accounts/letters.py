"""What arrived in the letter boxes of a test."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Flask


def letters(app: Flask) -> list[Any]:
    """Every mail that was sent, the last one last."""
    return list(getattr(app.extensions["mailman"], "outbox", []))


def last_letter(app: Flask, to: str) -> Any:
    mine = [mail for mail in letters(app) if mail.to == [to]]
    assert mine, f"Nothing was sent to {to}."
    return mine[-1]


def link_in(letter: Any, under: str) -> str:
    """The path of the link in a mail that leads to a page under this path."""
    links: list[str] = [urlsplit(url).path for url in re.findall(r"https?://\S+", letter.body)]
    return next(path for path in links if path.startswith(under))
