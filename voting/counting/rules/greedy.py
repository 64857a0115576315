"""Greedy funding: options take their turns in a fixed order and are funded while the money lasts.

Kept apart from the rules that make the order, since explanations run it again with one thing
changed: a cost, the points of one option, the budget.
"""

from collections.abc import Iterator, Sequence

import numpy as np

MOST_STRETCHES = 100_000
_ENDLESS = 1 << 60


def order_of_turns(points: Sequence[int], tie_ranks: Sequence[int]) -> list[int]:
    """Option numbers by falling points; between equal points the lower tie rank goes first."""
    return sorted(range(len(points)), key=lambda option: (-points[option], tie_ranks[option]))


def turns(
    order: Sequence[int], costs: Sequence[int], budget: int
) -> Iterator[tuple[int, int, bool]]:
    """Each option's turn: its number, the money left before it, and whether it is funded.

    What no longer fits is skipped and the next has its turn.
    """
    left = budget
    for option in order:
        fits = costs[option] <= left
        yield option, left, fits
        if fits:
            left -= costs[option]


def smallest_budgets(order: Sequence[int], costs: Sequence[int], budget: int) -> dict[int, int]:
    """For each option the smallest budget, from `budget` upwards, that funds it.

    A larger budget may fund something dearer first and leave less for those who come after, so
    funding is not simply "more is enough". All budgets are followed at once, in stretches on which
    every decision so far is the same: a stretch begins at `starts`, and `spent` was spent there.
    At each turn a stretch divides where the option begins to fit. The topmost stretches are
    forgotten when there are too many; an option funded only there is missing from the answer.
    """
    if budget + sum(costs) >= _ENDLESS:
        return {}
    starts, spent = np.array([budget]), np.array([0])
    top = _ENDLESS
    enough: dict[int, int] = {}
    for option in order:
        fits_from = np.maximum(starts, spent + costs[option])
        fits = fits_from < np.append(starts[1:], top)
        if fits.any():
            enough[option] = int(fits_from[fits][0])
        divided = fits & (fits_from > starts)
        upper = np.flatnonzero(divided) + 1
        upper_starts, upper_spent = fits_from[divided], spent[divided] + costs[option]
        spent = np.where(fits & ~divided, spent + costs[option], spent)
        starts, spent = np.insert(starts, upper, upper_starts), np.insert(spent, upper, upper_spent)
        if len(starts) > MOST_STRETCHES:
            top = int(starts[MOST_STRETCHES])
            starts, spent = starts[:MOST_STRETCHES], spent[:MOST_STRETCHES]
    return enough
