"""Reading what was keyed of a paper, comparing two readings, and the sums of a batch.

Pure functions. On paper an option has the number of its place in the order of the lot, from 1. What
a paper says is read by a rule that was public before voting: a box that is empty is passed over, a
number that stands twice counts at its first place, and a paper from which no valid ranking is left
is spoiled.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_LINE = 400
_NUMBERS = re.compile(r"\d{1,4}(?:[\s,;.>/-]+\d{1,4})*")


class Spoiled(StrEnum):
    """Why a paper is not counted."""

    BLANK = "blank"
    UNCLEAR = "unclear"
    TOO_FEW = "too_few"
    NAMED = "named"


class KeyFault(StrEnum):
    """Why what was typed is no reading of a paper."""

    NO_NUMBERS = "no_numbers"
    NOT_ON_PAPER = "not_on_paper"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"


@dataclass(frozen=True)
class Reading:
    """What one person read on one paper: a ranking as the database keeps it, or why it is spoiled.

    Two readings agree if they rank alike, or both hold the paper for spoiled, for whatever reason.
    """

    ranking: bytes | None
    spoiled: str = ""

    def agrees_with(self, other: "Reading | None") -> bool:
        return other is not None and self.ranking == other.ranking


@dataclass(frozen=True)
class Sums:
    """What became of the papers of a batch, or of several."""

    issued: int
    counted: int
    spoiled: int
    unused: int
    returned: int

    @property
    def found(self) -> int:
        """The papers of which is known what became of them."""
        return self.counted + self.spoiled + self.unused + self.returned

    @property
    def hold(self) -> bool:
        return self.issued == self.found


def read_numbers(
    typed: str, on_paper: int, least: int, most: int
) -> list[int] | tuple[KeyFault, int]:
    """The numbers that were typed, the first rank first, each at its first place.

    `on_paper` is the highest number there. Where it is no reading, the fault and the number that it
    is about: the one that is not on the paper, or how many there are.
    """
    line = typed.strip()[:LONGEST_LINE]
    if not _NUMBERS.fullmatch(line):
        return KeyFault.NO_NUMBERS, 0
    numbers = list(dict.fromkeys(int(each) for each in re.findall(r"\d+", line)))
    strange = next((each for each in numbers if not 1 <= each <= on_paper), None)
    if strange is not None:
        return KeyFault.NOT_ON_PAPER, strange
    if len(numbers) > most:
        return KeyFault.TOO_MANY, len(numbers)
    if len(numbers) < max(least, 1):
        return KeyFault.TOO_FEW, len(numbers)
    return numbers


def numbers_on_paper(ranking: bytes | None, order: Sequence[int]) -> list[int]:
    """The numbers that stand on paper for a stored ranking, the first rank first.

    `order` are the options' own numbers as they stand on paper.
    """
    packed = ranking or b""
    stored = [int.from_bytes(packed[at : at + 2]) for at in range(0, len(packed), 2)]
    places = {number: place for place, number in enumerate(order, 1)}
    return [places[number] for number in stored]


def differences(first: Mapping[int, Reading], second: Mapping[int, Reading]) -> list[int]:
    """The numbers of the papers that the two read differently, or that only one of them has."""
    return [
        number
        for number in sorted(first.keys() | second.keys())
        if number not in first or not first[number].agrees_with(second.get(number))
    ]


def totals(batches: list[Sums]) -> Sums:
    """The sums of several batches."""
    return Sums(
        issued=sum(each.issued for each in batches),
        counted=sum(each.counted for each in batches),
        spoiled=sum(each.spoiled for each in batches),
        unused=sum(each.unused for each in batches),
        returned=sum(each.returned for each in batches),
    )


def places_to_tell(counted: Mapping[str, int], least: int) -> dict[str, int]:
    """The places whose totals may be published: each of at least `least` ballots.

    What is left out must not follow from the sum: either nothing is, or at least `least` ballots
    of at least two places are.
    """
    told = {place: ballots for place, ballots in counted.items() if ballots >= least}
    hidden = {place: ballots for place, ballots in counted.items() if 0 < ballots < least}
    while told and hidden and (sum(hidden.values()) < least or len(hidden) < 2):
        smallest = min(told, key=lambda place: (told[place], place))
        hidden[smallest] = told.pop(smallest)
    return told
