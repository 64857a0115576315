"""What one run of equal shares leaves behind: the options bought, in order."""

from fractions import Fraction
from typing import NamedTuple

FLOAT = "float"
EXACT = "exact"


class Purchase(NamedTuple):
    """One option bought: which arithmetic decided that it was its turn, and with whom it tied."""

    option: int
    tier: str
    tied_with: tuple[int, ...] = ()


class Payment(NamedTuple):
    """What one purchase cost its supporters.

    `price` is what one point costs, in parts of the unit: nobody pays more than that for each point
    she gave, and who has less pays all she has. `payers` is how many ballots paid something.
    """

    price: Fraction
    payers: int
