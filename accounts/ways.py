"""Ways to be verified: how a person shows that she is this person of the register.

Each way asks for something that only she has: a letter that went to her address, a number on a
paper of hers, her telephone, the town's sign-on, or her document at the desk. What neighbours know
is no way. A room puts the offers of its ways into the slot; whichever she takes ends in
`services.verification.verify`, so that one register entry gets one account, whatever the way.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

SLOT = "ways_to_be_verified"
HOME_SLOT = "home_on_the_roll"
DESK, LETTER, SIGN_ON, PROOF, MOBILE = "desk", "letter", "sign_on", "proof", "mobile"
_ORDER = (LETTER, SIGN_ON, MOBILE, PROOF, DESK)


@dataclass(frozen=True)
class Offer:
    """A way as people read it: what it is, what one needs, and where it begins.

    `url` is empty for a way that one walks in the street.
    """

    way: str
    title: str
    needs: str
    act: str = ""
    url: str = ""


class WayToBeVerified(Protocol):
    """One way. `offer` says how it goes, or None where this town does not have it."""

    def offer(self) -> Offer | None: ...


@dataclass(frozen=True)
class Home:
    """What the voter roll says of a person: her district, and whether she was taken off."""

    district_id: int
    has_left: bool


def in_order(offers: list[Offer | None]) -> list[Offer]:
    """The offers that there are, in the order in which most people will want them."""
    return sorted((each for each in offers if each), key=lambda offer: _ORDER.index(offer.way))


HomeOnTheRoll = Callable[[str], Home | None]
