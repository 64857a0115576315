"""Atom feeds whose entries say in which language their titles are."""

from collections.abc import Iterator
from typing import Any

from feedwerk.atom import AtomFeed, FeedEntry
from markupsafe import escape

from core.languages import page_language


class Entry(FeedEntry):
    """One entry; `language` is that of its title."""

    def __init__(self, *args: Any, language: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language

    def generate(self) -> Iterator[str]:
        for piece in super().generate():
            yield _with_language(piece, "title", self.language)


class Feed(AtomFeed):
    """A feed in the language of its reader, with titles in their own."""

    def add(self, *args: Any, **kwargs: Any) -> None:
        self.entries.append(Entry(*args, feed_url=self.feed_url, **kwargs))

    def generate(self) -> Iterator[str]:
        for piece in super().generate():
            yield _with_language(piece, "feed", page_language())


def _with_language(piece: str, element: str, language: str) -> str:
    """The piece of XML with the language on this element, if it is what the piece begins with."""
    begin = f"<{element}"
    if not language or not piece.lstrip().startswith((f"{begin}>", f"{begin} ")):
        return piece
    return piece.replace(begin, f'{begin} xml:lang="{escape(language)}"', 1)
