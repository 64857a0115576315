"""Marking a paper without scripts: each button posts the ranking so far and one act.

Pure functions over refs. The ranking lives in the page alone: an act answers with another
ranking, and nothing is stored until a ballot is cast.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.refs import fold

LONGEST_SEARCH = 200


class Obstacle(StrEnum):
    """Why an act left the ranking as it was."""

    FULL = "full"
    FIRST = "first"
    LAST = "last"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Marked:
    """The ranking after an act; `obstacle` and `ref` say why it did not change, if so."""

    ranking: list[str]
    obstacle: Obstacle | None = None
    ref: str = ""


def keepable(refs: Iterable[str], known: Container[str]) -> list[str]:
    """What can be shown again of a ranking that was posted: known refs, each at its first place."""
    return [ref for ref in dict.fromkeys(ref.strip() for ref in refs) if ref in known]


def act_on(ranking: Sequence[str], act: str, known: Container[str], most: int) -> Marked:
    """The ranking after `add:REF`, `up:REF`, `down:REF` or `remove:REF`; other acts change nothing.

    Pressing a button twice is no mistake: adding what is ranked and removing what is not leave
    the ranking as it is.
    """
    what, _, ref = act.partition(":")
    kept = list(ranking)
    if what not in {"add", "up", "down", "remove"}:
        return Marked(kept)
    if ref not in known:
        return Marked(kept, Obstacle.UNKNOWN, ref)
    if what == "add":
        return _add(kept, ref, most)
    if ref not in kept:
        return Marked(kept)
    at = kept.index(ref)
    if what == "remove":
        return Marked(kept[:at] + kept[at + 1 :])
    return _move(kept, at, -1 if what == "up" else 1)


def found(texts: Sequence[tuple[str, str, str]], query: str, category: str) -> set[str] | None:
    """Refs of those whose text holds every word typed and whose category is the chosen one.

    `texts` are (ref, text, category). None where nothing was asked: all are shown then.
    """
    words = fold(query[:LONGEST_SEARCH]).split()
    if not words and not category:
        return None
    return {
        ref
        for ref, text, kind in texts
        if (not category or kind == category) and all(word in fold(text) for word in words)
    }


def _add(ranking: list[str], ref: str, most: int) -> Marked:
    if ref in ranking:
        return Marked(ranking)
    if len(ranking) >= most:
        return Marked(ranking, Obstacle.FULL, ranking[-1])
    return Marked([*ranking, ref])


def _move(ranking: list[str], at: int, by: int) -> Marked:
    to, ref = at + by, ranking[at]
    if to < 0:
        return Marked(ranking, Obstacle.FIRST, ref)
    if to >= len(ranking):
        return Marked(ranking, Obstacle.LAST, ref)
    ranking[at], ranking[to] = ranking[to], ranking[at]
    return Marked(ranking)
