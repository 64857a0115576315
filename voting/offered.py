"""The rules that a city can choose for a contest held here, the usual one first.

Voters here rank, so that each of these counts rankings; none needs more than a ballot says. For
contests without money there are rules of their own.
"""

from voting.counting import RULES, Rule
from voting.counting.seats import SEAT_RULES, SeatRule

_IN_ORDER = ("equal-shares", "points-by-rank", "expanding-approvals", "budget-stv")

OFFERED: dict[str, Rule] = {name: RULES[name] for name in _IN_ORDER}
DEFAULT_RULE = _IN_ORDER[0]
EVERY_RULE: dict[str, Rule | SeatRule] = {**OFFERED, **SEAT_RULES}
"""What contests here can be counted by, with money or without."""


def seat_rules_for(seats: int) -> dict[str, SeatRule]:
    """The rules that can fill so many seats, the usual one first.

    For one seat that is instant runoff, for several the single transferable vote by Scotland's
    order, whose seats mirror the voters and whose count a hand can follow.
    """
    return {name: rule for name, rule in SEAT_RULES.items() if seats == 1 or not rule.one_seat}


def default_seat_rule(seats: int) -> str:
    return next(iter(seat_rules_for(seats)))
