"""A ranking: checking it as it is cast, packing it as the database keeps it, unpacking many."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum

import numpy as np

from voting.counting.errors import CountingError
from voting.counting.grouping import OptionNumbers


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


def unpack_rankings(packed: Iterable[bytes]) -> Iterator[OptionNumbers]:
    """Rankings that `pack_ranking` packed, those of each length as the rows of a matrix.

    Taken one by one from the database, a million need little more memory than their bytes.
    """
    of_length: defaultdict[int, bytearray] = defaultdict(bytearray)
    for ranking in packed:
        of_length[len(ranking)] += ranking
    if any(length % 2 for length in of_length):
        raise CountingError("A stored ballot is cut in the middle of an option number.")
    if 0 in of_length:
        raise CountingError("A ballot ranks nothing.")
    for length in sorted(of_length):
        yield _matrix(of_length.pop(length), length // 2)


def _matrix(packed: bytearray, ranks: int) -> OptionNumbers:
    """In one byte a rank where that is enough."""
    numbers = np.frombuffer(packed, ">u2").reshape(-1, ranks)
    narrow: OptionNumbers = numbers.astype(np.uint8 if numbers.max() < 256 else np.uint16)
    return narrow
