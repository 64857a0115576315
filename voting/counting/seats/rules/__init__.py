"""The rules for seats by name: IRV, Scotland's STV, Meek's STV, Schulze's and ranked pairs."""

from voting.counting.errors import UnknownRule
from voting.counting.seats.rules.irv import IRV
from voting.counting.seats.rules.meek_stv import MEEK_STV
from voting.counting.seats.rules.ranked_pairs import RANKED_PAIRS
from voting.counting.seats.rules.rule import Parameter, SeatRule
from voting.counting.seats.rules.schulze import SCHULZE
from voting.counting.seats.rules.scottish_stv import SCOTTISH_STV

__all__ = ["SEAT_RULES", "Parameter", "SeatRule", "find_seat_rule"]

SEAT_RULES: dict[str, SeatRule] = {
    rule.name: rule for rule in (IRV, SCOTTISH_STV, MEEK_STV, SCHULZE, RANKED_PAIRS)
}
"""Every rule for contests without money, by the name that commands and documents use."""


def find_seat_rule(name: str) -> SeatRule:
    """The rule of this name; raises UnknownRule."""
    if name not in SEAT_RULES:
        known = ", ".join(SEAT_RULES)
        raise UnknownRule(f"There is no rule {name[:40]!r} for seats; known are {known}.")
    return SEAT_RULES[name]
