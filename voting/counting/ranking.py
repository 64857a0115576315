"""One ranking: checking it as it is cast, and packing it as the database keeps it."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import numpy as np


class RankingFault(StrEnum):
    """Why a ranking is no valid ballot."""

    NOT_A_RANKING = "not_a_ranking"
    UNKNOWN_OPTION = "unknown_option"
    RANKED_TWICE = "ranked_twice"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"


def normalise_ranking(
    refs: object, options: Iterable[str], min_length: int, max_length: int | None
) -> tuple[str, ...] | list[RankingFault]:
    """Check what somebody marked: the ranking as a tuple of refs, or the list of its faults.

    `refs` may be anything that came in over the wire. An empty text is a place left open and is
    passed over; blanks around a ref do not count.
    """
    if not isinstance(refs, list | tuple) or not all(isinstance(ref, str) for ref in refs):
        return [RankingFault.NOT_A_RANKING]
    ranking = tuple(ref.strip() for ref in refs if ref.strip())
    found = {
        RankingFault.UNKNOWN_OPTION: not set(ranking) <= set(options),
        RankingFault.RANKED_TWICE: len(set(ranking)) < len(ranking),
        RankingFault.TOO_MANY: max_length is not None and len(ranking) > max_length,
        RankingFault.TOO_FEW: len(ranking) < max(min_length, 1),
    }
    return [fault for fault, present in found.items() if present] or ranking


def pack_ranking(ranking: Sequence[str], options: Sequence[str]) -> bytes:
    """A ranking as the database keeps it: big-endian 16-bit option numbers, the first rank first.

    `options` are all ids in the contest's order. Raises KeyError for a ref that is not among them.
    """
    number = {ref: place for place, ref in enumerate(options)}
    return np.array([number[ref] for ref in ranking], ">u2").tobytes()


def unpack_ranking(packed: bytes, options: Sequence[str]) -> tuple[str, ...]:
    """The ranking that `pack_ranking` packed."""
    return tuple(options[number] for number in np.frombuffer(packed, ">u2"))
