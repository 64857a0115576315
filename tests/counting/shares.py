"""Small electorates for the tests of equal shares, and the rule once more by its definition."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from voting.counting.rules.equal_shares.electorate import Electorate


class Small(NamedTuple):
    """Ballots as option -> points; what it takes to make an electorate of them."""

    costs: list[int]
    ballots: list[dict[int, int]]
    by_cost: bool = True
    ranks: list[int] | None = None

    def electorate(self) -> Electorate:
        points = [value for ballot in self.ballots for value in ballot.values()]
        return Electorate.build(
            np.cumsum([0, *map(len, self.ballots)]),
            np.array([option for ballot in self.ballots for option in ballot], np.int64),
            np.array(points, np.int64),
            np.ones(len(self.ballots), np.int64),
            self.costs,
            self.costs if self.by_cost else None,
            self.ranks,
        )


def by_definition(vote: Small, start: Fraction) -> list[int]:
    """The options bought, in order: every price from every ballot's money, in fractions."""
    money = [start] * len(vote.ballots)
    ranks = vote.ranks or list(range(len(vote.costs)))
    bought: list[int] = []
    while True:
        best: tuple[Fraction, int, int] | None = None
        for option, cost in enumerate(vote.costs):
            price = None if option in bought else _price(vote, money, option)
            if price is not None:
                per_worth = price / (cost if vote.by_cost else 1)
                best = min(
                    best or (per_worth, ranks[option], option), (per_worth, ranks[option], option)
                )
        if best is None:
            return bought
        option = best[2]
        price = _price(vote, money, option)
        assert price is not None
        for voter, ballot in enumerate(vote.ballots):
            money[voter] -= min(money[voter], price * max(0, ballot.get(option, 0)))
        bought.append(option)


def _price(vote: Small, money: list[Fraction], option: int) -> Fraction | None:
    """What a point costs: the supporters in the order in which their money runs out."""
    supporters = [
        (money[voter] / ballot[option], money[voter], ballot[option])
        for voter, ballot in enumerate(vote.ballots)
        if ballot.get(option, 0) > 0
    ]
    missing = Fraction(vote.costs[option])
    points = sum(supporter[2] for supporter in supporters)
    for most, purse, given in sorted(supporters):
        if missing <= most * points:
            return missing / points
        missing -= purse
        points -= given
    return None


@st.composite
def small_votes(draw: st.DrawFn, costs_up_to: int = 12, most_points: int = 3) -> Small:
    """Few options, costs and points, so that ties and tight money are common."""
    number = draw(st.integers(1, 6))
    points = st.integers(-1, most_points) if draw(st.booleans()) else st.just(1)
    ballot = st.dictionaries(st.integers(0, number - 1), points, min_size=1)
    return Small(
        draw(st.lists(st.integers(1, costs_up_to), min_size=number, max_size=number)),
        draw(st.lists(ballot, min_size=1, max_size=9)),
        draw(st.booleans()),
        draw(st.permutations(range(number))),
    )
