"""Amounts of money as they are written in files: a decimal point and at most two decimals.

Inside, money is an integer number of hundredths. Reading refuses what is not an exact number of
them rather than rounding it: a rounded cost may fit where the true one does not. Zeros behind the
second decimal change nothing and are read.
"""

import re

from voting.counting.errors import CountingError

_AMOUNT = re.compile(r"([0-9]{1,15})(?:\.([0-9]{1,2})(0{0,30}))?")
_TOO_FINE = re.compile(r"[0-9]+\.[0-9]{3,}")


def parse_money(text: str, what: str) -> int:
    """Read an amount above zero; `what` names it in the refusal ("The budget")."""
    match = _AMOUNT.fullmatch(text)
    if match is None:
        if _TOO_FINE.fullmatch(text):
            raise CountingError(
                f"{what} is {text[:40]!r}, which has more than two decimals; "
                "say it in hundredths, as it was decided on."
            )
        raise CountingError(f"{what} is {text[:40]!r}, which is not an amount such as 1234.50.")
    minor = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0"))
    if minor == 0:
        raise CountingError(f"{what} is {text!r}, but it must be above zero.")
    return minor


def has_spare_zeros(text: str) -> bool:
    """Whether an amount that was read has zeros behind its second decimal."""
    match = _AMOUNT.fullmatch(text)
    return match is not None and bool(match[3])


def format_money(minor: int) -> str:
    """Write an amount as files have it: without decimals when it is whole, else with two."""
    units, rest = divmod(minor, 100)
    return f"{units}.{rest:02d}" if rest else str(units)
