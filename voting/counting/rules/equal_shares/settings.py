"""What may be set of equal shares, what holds where nothing is, and how Pabulib names it.

    {"utility":"cost","completion":"add1","start":"floor","stop":"overspend","comparison":true}

Completing with add1 goes by several readings that give different winners, so each is a parameter
with a name. Pabulib's `equalshares/add1` begins with whole currency units and ends on overspending.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.rules.rank_points import SCALE_PARAMETERS, check_scale
from voting.counting.rules.texts import N_
from voting.counting.rules.ties import (
    CHEAPER,
    PLACE,
    TIE_PARAMETERS,
    VOTES,
    check_ties,
    refuse_unknown,
)
from voting.counting.vote_types import POINTED, RANKED, TICKED

PARAMETERS = {
    **TIE_PARAMETERS,
    **SCALE_PARAMETERS,
    "utility": N_(
        "What a project is worth to a supporter: its cost, one project, the points she gave, her "
        "points by rank, or these times the cost."
    ),
    "completion": N_(
        "How the money that equal shares leaves is spent: none, greedy, add1, add1-greedy, or "
        "epsilon (all ballots help to pay, first for what needs least of those who name it not)."
    ),
    "start": N_("Whether the first share is exact or rounded down to whole currency units."),
    "stop": N_("Whether add1 ends on overspending, or as soon as nothing more fits."),
    "comparison": N_("The greedy outcome wins if more ballots have more projects funded by it."),
    "entry_share": N_(
        "Projects take part if their share of the votes is at least this part of their share of "
        "the budget."
    ),
}

_CHOICES = {
    "utility": ("cost", "cardinality", "points", "rank-points", "rank-points-cost"),
    "completion": ("none", "greedy", "add1", "add1-greedy", "epsilon"),
    "start": ("floor", "exact"),
    "stop": ("overspend", "exhaustive"),
}
USUAL_TIES = (CHEAPER, VOTES, PLACE)
_SHARE = re.compile(r"([1-9][0-9]{0,17})/([1-9][0-9]{0,17})")


@dataclass(frozen=True, slots=True)
class Settings:
    """All parameters with their values, set or not."""

    utility: str
    completion: str
    start: str
    stop: str
    comparison: bool
    entry_share: Fraction | None

    @classmethod
    def of(cls, contest: Contest) -> "Settings":
        """The settings of a contest whose parameters were checked."""
        given = contest.parameters
        ranked = contest.vote_type == RANKED
        usual = "rank-points-cost" if ranked else "cost"
        completion = given.get("completion", "greedy" if ranked else "none")
        share = given.get("entry_share")
        return cls(
            utility=given.get("utility", "points" if contest.vote_type in POINTED else usual),
            completion=completion,
            start=given.get("start", "floor" if completion.startswith("add1") else "exact"),
            stop=given.get("stop", "overspend"),
            comparison=given.get("comparison", False),
            entry_share=None if share is None else Fraction(share),
        )

    @property
    def spends_by_epsilon(self) -> bool:
        return self.completion == "epsilon"

    @property
    def adds_one(self) -> bool:
        return self.completion.startswith("add1")

    @property
    def fills(self) -> bool:
        return self.completion.endswith("greedy")


def check_settings(contest: Contest, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that are unknown, not as they must be, or do not fit the ballots."""
    refuse_unknown(parameters, PARAMETERS)
    check_ties(contest, parameters)
    check_scale(contest, parameters)
    for key, choices in _CHOICES.items():
        if key in parameters and parameters[key] not in choices:
            raise CountingError(f"The parameter {key} must be one of {', '.join(choices)}.")
    if "stop" in parameters and not str(parameters.get("completion")).startswith("add1"):
        raise CountingError("The parameter stop goes only together with the completion add1.")
    if parameters.get("comparison", True) is not True:
        raise CountingError("The parameter comparison must be true or be left out.")
    share = parameters.get("entry_share", "1/1")
    if not isinstance(share, str) or not _SHARE.fullmatch(share):
        raise CountingError('The entry_share must be a fraction such as "1/3".')
    _check_fit(contest.vote_type, parameters)


def _check_fit(vote_type: str, parameters: Mapping[str, Any]) -> None:
    utility = parameters.get("utility", "cost")
    if utility.startswith("rank-points") and vote_type != RANKED:
        raise CountingError(f"The utility {utility} needs ordinal ballots.")
    if utility == "points" and vote_type in TICKED:
        raise CountingError(f"The utility points needs ballots with points, not {vote_type} ones.")
    if parameters.get("comparison") and vote_type not in TICKED:
        raise CountingError("The comparison needs approval or choose-1 ballots.")


def _named(**parameters: object) -> Any:
    return lambda _meta: {"utility": "cost", **parameters}


_ADD1 = {"completion": "add1", "start": "floor", "stop": "overspend"}

NAMES = {
    "equalshares": _named(completion="none"),
    "equalshares/add1": _named(**_ADD1),
    "equalshares-comparison": _named(completion="none", comparison=True),
    "equalshares/add1-comparison": _named(**_ADD1, comparison=True),
}
"""Pabulib's names, each with what it stands for."""
