"""Who has equally much: ballots in classes with one amount each, a few thousand at the most.

Prices are found among classes rather than among all ballots. What an amount is, a number or one
that grows, is for those who keep them here.
"""

from collections.abc import Hashable
from typing import Generic, NamedTuple, TypeVar

import numpy as np

from voting.counting.rules.equal_shares.electorate import Electorate, Numbers

Amount = TypeVar("Amount", bound=Hashable)


class Holding(NamedTuple, Generic[Amount]):
    """How many supporters of an option have this much money and give it this many points."""

    money: Amount
    points: int
    ballots: int


class Purses(Generic[Amount]):
    """The amounts by class, and for each group of equal ballots the class it is in."""

    def __init__(self, electorate: Electorate, start: Amount) -> None:
        self._electorate = electorate
        self.amounts: list[Amount] = [start]
        self.class_of_group: Numbers = np.zeros(len(electorate.copies), np.int64)

    def holdings(self, option: int) -> tuple[list[Holding[Amount]], Numbers]:
        """The supporters by money and points, and for each group its place in that list."""
        found = self._electorate.supporters[option]
        levels, level = np.unique(
            found.points, return_inverse=True
        )  # points may be huge, not these
        keys, place = np.unique(
            self.class_of_group[found.groups] * len(levels) + level, return_inverse=True
        )
        ballots = np.zeros(len(keys), np.int64)
        np.add.at(ballots, place, found.copies)
        holdings = [
            Holding(self.amounts[key // len(levels)], int(levels[key % len(levels)]), number)
            for key, number in zip(keys.tolist(), ballots.tolist(), strict=True)
        ]
        return holdings, place

    def settle(self, option: int, place: Numbers, kept: list[Amount], others: list[Amount]) -> None:
        """After a purchase: what the supporters keep, by place, and the amounts of all others."""
        groups = self._electorate.supporters[option].groups
        self.class_of_group[groups] = len(others) + place
        self.amounts = others + kept
        self._merge_classes()

    def _merge_classes(self) -> None:
        """Forget amounts that nobody has, and give one class to everybody who has equally much."""
        used = np.flatnonzero(np.bincount(self.class_of_group)).tolist()
        renumbered = np.zeros(len(self.amounts), np.int64)
        number: dict[Amount, int] = {}
        for old in used:
            renumbered[old] = number.setdefault(self.amounts[old], len(number))
        self.amounts = list(number)
        self.class_of_group = renumbered[self.class_of_group]
