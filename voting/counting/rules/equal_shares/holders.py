"""The supporters of one option with what they have, in floats, a bearable number at a time."""

from collections.abc import Iterator
from functools import cached_property

import numpy as np

from voting.counting.rules.equal_shares.electorate import Reals, Supporters


class Part:
    """Some of the supporters, or all of them. `own` is what each ballot has."""

    def __init__(self, found: Supporters, money: Reals) -> None:
        self.found = found
        self.own: Reals = money[found.groups]

    @cached_property
    def funds(self) -> Reals:
        """What all ballots of each group have."""
        return self.found.real_copies * self.own

    def asked(self, price: float) -> Reals | float:
        """What each has to pay, if she can."""
        return price if self.found.alike else price * self.found.real_points


class Holders:
    """All supporters of an option, to be gone through part by part, as often as needed.

    `money` is what each ballot of each group of the electorate has; `pay` changes it.
    """

    def __init__(self, found: Supporters, money: Reals) -> None:
        self._found = found
        self._money = money
        self._kept = list(self._parts()) if found.in_one_part else None

    def __iter__(self) -> Iterator[Part]:
        return self._parts() if self._kept is None else iter(self._kept)

    def _parts(self) -> Iterator[Part]:
        return (Part(part, self._money) for part in self._found.parts())

    def total(self) -> float:
        return sum(float(part.funds.sum()) for part in self)

    def poor(self, price: float) -> tuple[float, float]:
        """The funds and the points of those who have less than their points cost."""
        funds, points = 0.0, 0.0
        for part in self:
            poor = part.own < part.asked(price)
            funds += float(part.funds[poor].sum())
            points += float(part.found.weights[poor].sum())
        return funds, points

    def payments(self, price: float) -> float:
        """What all pay together if a point costs this much."""
        return sum(
            float((part.found.real_copies * np.minimum(part.own, part.asked(price))).sum())
            for part in self
        )

    def pay(self, price: float) -> None:
        for part in self:
            paid = np.minimum(part.own, part.asked(price))
            self._money[part.found.groups] = part.own - paid
