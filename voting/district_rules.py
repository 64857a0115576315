"""For which districts a person may vote in a round, besides the whole city: her own, some, all.

Pure. The rule is chosen with the round and freezes with its first ballot.
"""

from enum import Enum


class DistrictRule(Enum):
    """What a round lets a person choose."""

    HOME = "home"
    SOME = "some"
    ALL = "all"


def may_vote_for(rule: str, district_id: int | None, home_id: int) -> bool:
    """Whether a ballot of this district, or of the whole city, is for whoever lives at home."""
    return district_id in {None, home_id} or DistrictRule(rule) is not DistrictRule.HOME


def most_districts(rule: str, chosen: int) -> int | None:
    """In how many districts a person may have ballots; None where it is all of them."""
    limits = {DistrictRule.HOME: 1, DistrictRule.SOME: chosen, DistrictRule.ALL: None}
    return limits[DistrictRule(rule)]
