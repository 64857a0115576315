"""Amounts of money: as they are written in files, and in the parts in which they are counted.

Inside, money is a whole number of *parts* of the currency unit: of hundredths, or where an amount
of a file has more decimals, of parts so fine that all its amounts are whole. `decimals` says how
fine: 10 to the power of so many make a unit. Nothing is ever rounded, since a rounded cost may fit
where the true one does not; an amount too large for that is refused.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from voting.counting.errors import CountingError

HUNDREDTHS = 2
"""The decimals with which money is counted where no amount has more."""

MOST_DIGITS = 17
"""So many digits an amount may have in parts: less than 10^17, which machine numbers hold."""

MOST_DECIMALS = 1000
"""Finer than any money, and still so that the longest figure of a count can be written down."""

_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_NAMES = {
    2: "hundredths", 3: "thousandths", 4: "ten-thousandths", 5: "hundred-thousandths",
    6: "millionths", 9: "billionths",
}  # fmt: skip


class Amount(NamedTuple):
    """An amount above zero: `digits` divided by ten `decimals` times, as few as there can be."""

    digits: int
    decimals: int

    def in_parts(self, decimals: int, what: str) -> int:
        """How many parts it is where there are so many decimals, at least its own.

        `what` names it in the refusal ("The budget") of an amount that has too many digits.
        """
        more = decimals - self.decimals
        if len(str(self.digits)) + more > MOST_DIGITS:
            raise CountingError(
                f"{what} is too much: in {parts_in_words(decimals)}, as fine as this file is "
                f"counted, it has more than {MOST_DIGITS} digits."
            )
        return int(self.digits * 10**more)


def read_amount(text: str, what: str) -> Amount:
    """An amount above zero of a file; `what` names it in the refusal ("The budget")."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        raise CountingError(f"{what} is {text[:40]!r}, which is not an amount such as 1234.50.")
    decimals = (match[2] or "").rstrip("0")
    digits = f"{match[1]}{decimals}".lstrip("0")
    if not digits:
        raise CountingError(f"{what} is {text[:40]!r}, but it must be above zero.")
    if len(decimals) > MOST_DECIMALS:
        raise CountingError(f"{what} has more than {MOST_DECIMALS} decimals, finer than any money.")
    fine = max(len(decimals), HUNDREDTHS)
    if len(digits) - len(decimals) + fine > MOST_DIGITS:
        raise CountingError(
            f"{what} is {text[:40]!r}, which is too much: in {parts_in_words(fine)} it has more "
            f"than {MOST_DIGITS} digits."
        )
    return Amount(int(digits), len(decimals))


def common_decimals(amounts: Iterable[Amount]) -> int:
    """The decimals in which all of these are whole: two, or the most that any of them has."""
    return max((HUNDREDTHS, *(amount.decimals for amount in amounts)))


def has_spare_zeros(text: str) -> bool:
    """Whether an amount that was read has zeros behind its second decimal."""
    _, _, decimals = text.partition(".")
    return len(decimals) > HUNDREDTHS and decimals.endswith("0")


def parts_in_words(decimals: int) -> str:
    """What the parts are called of which ten to the power of so many make a currency unit."""
    return _NAMES.get(decimals, f"parts of which 10^{decimals} make a unit")


def format_money(parts: int, decimals: int = HUNDREDTHS) -> str:
    """Write an amount as files have it: without decimals if it is whole, else with two or more."""
    digits = str(parts).rjust(decimals + 1, "0")
    units, rest = digits[:-decimals], digits[-decimals:].rstrip("0")
    return f"{units}.{rest.ljust(HUNDREDTHS, '0')}" if rest else units
