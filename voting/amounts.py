"""Money between the database and the counting: smallest units there, hundredths here.

The `.pb` format and the engine write money with two decimals whatever the currency. A yen has
none, so that 500 yen are 50,000 hundredths; a currency with three decimals cannot be counted.
"""

from core.money import minor_digits


class NotCountable(ValueError):
    """An amount that the other side cannot hold exactly."""


def is_countable(currency: str) -> bool:
    """Whether amounts of this currency can be counted and published exactly."""
    return minor_digits(currency) <= 2


def to_hundredths(minor: int, currency: str) -> int:
    """Smallest units as hundredths of the unit. Raises NotCountable."""
    return minor * _hundredths_in_one(currency)


def from_hundredths(hundredths: int, currency: str) -> int:
    """Hundredths of the unit as smallest units. Raises NotCountable for half a yen."""
    minor, rest = divmod(hundredths, _hundredths_in_one(currency))
    if rest:
        raise NotCountable(f"{hundredths} hundredths are no whole amount of {currency}.")
    return minor


def _hundredths_in_one(currency: str) -> int:
    if not is_countable(currency):
        raise NotCountable(f"{currency} has more than two decimals.")
    return int(10 ** (2 - minor_digits(currency)))
