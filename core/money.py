"""Money: whole numbers of the smallest unit, with a currency. Never floats."""

import re
from decimal import Decimal, InvalidOperation

from babel.numbers import get_currency_precision

MAX_MINOR = 10**15
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:(?:\.\d{3})+|(?:,\d{3})+)")


class WrongAmount(ValueError):
    """A typed amount that cannot be read; `code` says why: empty, unreadable, negative,
    ambiguous, too_precise or too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def minor_digits(currency: str) -> int:
    """How many digits follow the point: 2 for PLN, 0 for JPY."""
    return get_currency_precision(currency)


def parse_amount(text: str, currency: str) -> int:
    """Reads 12000, 12 000, 12.000,00 or 12,000.50 as a whole number of the smallest unit.

    Raises WrongAmount. A last group of exactly three digits after one kind of mark is thousands,
    but for a lone point: 1.005 is a thousand to some and a little more than one to others.
    """
    plain = _SPACES.sub("", text.strip())
    if plain.upper().startswith(currency) or plain.upper().endswith(currency):
        plain = plain.upper().replace(currency, "")
    if not plain:
        raise WrongAmount("empty")
    if plain.startswith(("-", "\N{MINUS SIGN}")):
        raise WrongAmount("negative")
    if not plain.isascii() or not re.fullmatch(r"[\d.,]+", plain) or len(plain) > 24:
        raise WrongAmount("unreadable")
    try:
        value = Decimal(_with_point(plain, minor_digits(currency)))
    except InvalidOperation:
        raise WrongAmount("unreadable") from None
    minor = value.scaleb(minor_digits(currency))
    if minor != minor.to_integral_value():
        raise WrongAmount("too_precise")
    if minor > MAX_MINOR:
        raise WrongAmount("too_large")
    return int(minor)


def plain_amount(minor: int, currency: str) -> str:
    """The amount as digits with a point, for files and form fields: 1500000 or 1584196.52."""
    value = Decimal(minor).scaleb(-minor_digits(currency))
    whole = value.to_integral_value()
    return str(int(whole)) if value == whole else f"{value:f}"


def _with_point(plain: str, digits: int) -> str:
    last = max(plain.rfind("."), plain.rfind(","))
    if last == -1:
        return plain
    marks = set(plain) & {".", ","}
    if len(marks) == 1 and _GROUPED.fullmatch(plain):
        lone_point = plain.count(".") == 1
        if lone_point and digits == 3:
            return plain
        if lone_point and digits:
            raise WrongAmount("ambiguous")
        return re.sub(r"[.,]", "", plain)
    whole, fraction = plain[:last], plain[last + 1 :]
    if re.search(r"[.,]", whole) and (plain[last] in whole or not _GROUPED.fullmatch(whole)):
        raise WrongAmount("unreadable")
    return re.sub(r"[.,]", "", whole) + "." + fraction
