"""The lots: the order of the options on paper, and the order that decides ties.

Both are drawn from the contest's seed, which is random and published with the paper, by sorting
hashes, so that anybody can draw them again:

    printf 'SEED\\nREF' | sha256sum            the paper: ascending by this hash
    printf 'SEED\\nties\\nREF' | sha256sum      ties: the lowest hash wins
"""

import hashlib
import secrets
from collections.abc import Sequence
from enum import StrEnum

from voting.counting import lot_order


class TieOrder(StrEnum):
    """How the order that decides ties comes about; DRAWN is one that the city drew elsewhere."""

    LOT = "lot"
    LISTED = "listed"
    CHEAPER = "cheaper"
    DRAWN = "drawn"


def new_seed() -> str:
    """256 random bits as 64 hexadecimal digits."""
    return secrets.token_hex(32)


def paper_order(seed: str, refs: Sequence[str]) -> list[str]:
    """The refs in the order in which they stand on paper."""
    return sorted(refs, key=lambda ref: _hash(seed, ref))


def tie_order(
    how: TieOrder, seed: str, refs: Sequence[str], costs: Sequence[int] | None = None
) -> list[str]:
    """The refs, the one that wins every tie first; equal costs go by lot."""
    if how is TieOrder.LISTED:
        return list(refs)
    drawn = lot_order(seed, refs)
    if how is TieOrder.LOT or costs is None:
        return drawn
    cost = dict(zip(refs, costs, strict=True))
    return sorted(drawn, key=lambda ref: cost[ref])


def _hash(seed: str, ref: str) -> str:
    return hashlib.sha256(f"{seed}\n{ref}".encode()).hexdigest()
