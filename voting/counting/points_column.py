"""The points that a ballot gives: read exactly, decimals and all, and never rounded."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from voting.counting.errors import CountingError

PLAIN_POINTS = re.compile(rb"-?[0-9]{1,9}")
MOST_DECIMALS = 9

_POINTS = re.compile(r"([+-]?)([0-9]{1,9})(?:\.([0-9]{1,20}))?")


class Points(NamedTuple):
    """A number of points: `digits` divided by ten so many times."""

    digits: int
    decimals: int


def read_points(cell: str, wanted: int, may_lose: bool) -> list[Points]:
    """The numbers of a cell, one for each project; below zero only where ballots `may_lose`."""
    if (given := cell.count(",") + 1) != wanted:
        raise CountingError(f"The vote names {wanted} projects, but has {given} numbers of points.")
    texts = cell.split(",")
    points = [_number(text) for text in texts]
    if not may_lose and any(each.digits < 0 for each in points):
        raise CountingError("The vote gives points below zero.")
    return points


def common_scale(points: Sequence[Sequence[Points]]) -> tuple[list[list[int]], int]:
    """The same points as whole numbers, in units of one by the scale that is returned too."""
    decimals = max((each.decimals for row in points for each in row), default=0)
    whole = [[each.digits * 10 ** (decimals - each.decimals) for each in row] for row in points]
    return whole, 10**decimals


def _number(text: str) -> Points:
    match = _POINTS.fullmatch(text)
    if match is None:
        raise CountingError(f"The vote gives {text[:20]!r} points, which is not a number.")
    decimals = (match[3] or "").rstrip("0")
    if len(decimals) > MOST_DECIMALS:
        raise CountingError(f"The vote gives points with more than {MOST_DECIMALS} decimals.")
    return Points(int(f"{match[1]}{match[2]}{decimals}"), len(decimals))
