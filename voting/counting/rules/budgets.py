"""The smallest budget that funds an option when options take their turns: what explanations ask.

It is computed for all budgets and all options at once rather than by counting with many of them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from voting.counting.ballots import Numbers
from voting.counting.rules.limits import Used, allowed, use
from voting.counting.rules.terms import Terms

MOST_STRETCHES = 100_000
MOST_GROUPS = 62
PLAIN = Terms()
_ENDLESS = 1 << 60
_START, _SPENT, _TAKEN = range(3)


def smallest_budgets(
    order: Sequence[int], costs: Sequence[int], budget: int, terms: Terms = PLAIN
) -> dict[int, int]:
    """For each option of the order the smallest budget, from `budget` upwards, that funds it.

    The order holds the options that are considered. Missing from the answer is what no budget
    funds, and what could not be found.
    """
    if terms.no_skip:
        return _budgets_that_reach(order, costs, budget, terms)
    return _budgets_by_stretches(order, costs, budget, terms)


def _budgets_that_reach(
    order: Sequence[int], costs: Sequence[int], budget: int, terms: Terms
) -> dict[int, int]:
    """Where funding ends with what does not fit, all before must fit, and then the option."""
    needed: dict[int, int] = {}
    before, taken = 0, 0
    used: Used = ()
    for option in order:
        if taken & terms.group(option):
            continue
        own = costs[option]
        least = -(-terms.top_up * own // 100) if terms.top_up else own
        enough = max(budget, before + least)
        if allowed(terms.limits, used, option, min(own, enough - before)):
            needed[option] = enough
        if allowed(terms.limits, used, option, own):
            before, taken = before + own, taken | terms.group(option)
            used = use(terms.limits, used, option, own)
    return needed


def _budgets_by_stretches(
    order: Sequence[int], costs: Sequence[int], budget: int, terms: Terms
) -> dict[int, int]:
    """Follow all budgets at once, in stretches on which every decision so far is the same.

    A larger budget may fund something dearer first and leave less for those who come after, so
    funding is not simply "more is enough". Each stretch is a column: where it begins, what was
    spent, the groups that have their one, and for each limit the projects and the money used. At
    each turn a stretch divides where the option begins to fit. The topmost stretches are forgotten
    when there are too many; an option funded only there is missing from the answer.
    """
    if budget + sum(costs) >= _ENDLESS or max(terms.groups, default=0) >> MOST_GROUPS:
        return {}
    table = np.zeros((3 + 2 * len(terms.limits), 1), np.int64)
    table[_START] = budget
    top = _ENDLESS
    enough: dict[int, int] = {}
    for option in order:
        cost = costs[option]
        fits_from = np.maximum(table[_START], table[_SPENT] + cost)
        fits = fits_from < np.append(table[_START, 1:], top)
        fits &= _open(option, cost, table, terms)
        if fits.any():
            enough[option] = int(fits_from[fits][0])
        divided = fits & (fits_from > table[_START])
        growth = _growth(option, cost, terms)
        upper = table[:, divided] + growth
        upper[_START] = fits_from[divided]
        table = np.where(fits & ~divided, table + growth, table)
        table = np.insert(table, np.flatnonzero(divided) + 1, upper, axis=1)
        if table.shape[1] > MOST_STRETCHES:
            top = int(table[_START, MOST_STRETCHES])
            table = table[:, :MOST_STRETCHES]
    return enough


def _open(option: int, cost: int, table: Numbers, terms: Terms) -> NDArray[np.bool_]:
    """On which stretches neither a rival nor a limit stands in the option's way."""
    found: NDArray[np.bool_] = table[_TAKEN] & terms.group(option) == 0
    for limit, (projects, money) in zip(terms.limits, _pairs(table), strict=True):
        if option in limit.options:
            found &= limit.projects is None or projects < min(limit.projects, _ENDLESS)
            found &= limit.money is None or money + cost <= min(limit.money, _ENDLESS)
    return found


def _growth(option: int, cost: int, terms: Terms) -> Numbers:
    """What funding the option adds to the column of a stretch; its groups are not taken there."""
    growth = [0, cost, terms.group(option)]
    for limit in terms.limits:
        growth += (1, cost) if option in limit.options else (0, 0)
    return np.array(growth, np.int64)[:, np.newaxis]


def _pairs(table: Numbers) -> list[tuple[Numbers, Numbers]]:
    return list(zip(table[3::2], table[4::2], strict=True))
