"""Committees elected by abcvoting: candidates, approvals, seats and a rule."""

import json
import sys
from typing import Any

from abcvoting.abcrules import compute_equal_shares, compute_seqphragmen
from abcvoting.preferences import Profile


def elected(case: dict[str, Any]) -> list[int]:
    """The committee, ties by the candidates' numbers; of equal shares its first phase only."""
    profile = Profile(case["candidates"])
    profile.add_voters(case["approvals"])
    exact = {"algorithm": "standard-fractions", "resolute": True}
    if case["rule"] == "phragmen":
        committees = compute_seqphragmen(profile, case["seats"], **exact)
    else:
        committees = compute_equal_shares(profile, case["seats"], completion=None, **exact)
    return sorted(committees[0])


if __name__ == "__main__":
    json.dump([elected(case) for case in json.load(sys.stdin)], sys.stdout)
