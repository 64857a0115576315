"""What a rank of a ballot gives: by the length of the own list, on a fixed scale, or by Dowdall's.

    {"scale":"fixed","top":5}

On the own scale a list of three gives 3, 2, 1 and a list of one gives 1, as in Krakow. A fixed
scale gives every first rank the same. Dowdall's, as in Nauru, gives the first rank one, the second
a half, the third a third; here times a number that makes all of these whole.
"""

from collections.abc import Mapping
from math import lcm
from typing import Any

import numpy as np

from voting.counting.ballots import Numbers, Placings
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.rules.texts import N_

OWN, FIXED, DOWDALL = SCALES = ("own", "fixed", "dowdall")
SCALE_PARAMETERS = {
    "scale": N_(
        "What the ranks give: own (3, 2, 1 on a list of three), fixed (the first rank of every "
        "list the same, then one less each) or dowdall (the whole, a half, a third and so on)."
    ),
    "top": N_("What the first rank gives on the fixed scale."),
}
MOST_POINTS = 1_000_000
MOST_SHARES = 20
"""The longest list that Dowdall's points are whole numbers of a bearable size for."""


def check_scale(contest: Contest, parameters: Mapping[str, Any]) -> None:
    """Refuse a scale that is none, or that does not fit the ballots."""
    scale = parameters.get("scale", OWN)
    if scale not in SCALES:
        raise CountingError(f"The parameter scale must be one of {', '.join(SCALES)}.")
    if "scale" in parameters and contest.vote_type != "ordinal":
        raise CountingError("The parameter scale needs ordinal ballots.")
    if "top" in parameters and scale != FIXED:
        raise CountingError("The parameter top goes only together with the scale fixed.")
    longest = contest.max_length
    if scale == DOWDALL and (longest is None or longest > MOST_SHARES):
        raise CountingError(f"The scale dowdall needs a max_length of {MOST_SHARES} or less.")
    if scale == FIXED and longest is None and "top" not in parameters:
        raise CountingError("The scale fixed needs a max_length or the parameter top.")
    least = len(contest.options) if longest is None else longest
    top = parameters.get("top", MOST_POINTS)
    if "top" in parameters and (type(top) is not int or not least <= top <= MOST_POINTS):
        raise CountingError(
            f"The parameter top must be a whole number from {least}, the longest list allowed, "
            f"to {MOST_POINTS}."
        )


def rank_points(contest: Contest, placings: Placings) -> Numbers:
    """What each placing gives by the contest's scale, which was checked."""
    longest = contest.max_length
    scale = contest.parameters.get("scale", OWN)
    if scale == OWN:
        return placings.length + 1 - placings.rank
    if placings.rank.max(initial=0) > (longest or len(contest.options)):
        raise CountingError("A ballot is longer than the contest allows.")
    if scale == FIXED:
        top: int = contest.parameters.get("top", longest)
        return top + 1 - placings.rank
    whole = lcm(*range(1, (longest or 1) + 1))
    return np.int64(whole) // placings.rank
