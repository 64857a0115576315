"""The rules that a city can choose for a contest held here, the usual one first.

Voters here rank, so that each of these counts rankings; none needs more than a ballot says.
"""

from voting.counting import RULES, Rule

_IN_ORDER = ("equal-shares", "points-by-rank", "expanding-approvals", "budget-stv")

OFFERED: dict[str, Rule] = {name: RULES[name] for name in _IN_ORDER if name in RULES}
DEFAULT_RULE = _IN_ORDER[0]
