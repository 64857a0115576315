"""What may be set of a rule that adds up points and funds greedily, and how files say it.

    {"no_skip":true,"threshold":50,"top_up":80}

`no_skip`, `threshold` and `exclusive` are what Pabulib calls greedy-no-skip, greedy-threshold and
greedy-exclusive (http://pabulib.org/format); `no_skip` with `top_up` 80 is the rule of Poznan.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voting.counting.contest import Contest
from voting.counting.errors import CountingError, UnknownRule
from voting.counting.rules.limits import Limit, check_limits, read_limits
from voting.counting.rules.rank_points import SCALE_PARAMETERS, check_scale
from voting.counting.rules.texts import N_
from voting.counting.rules.ties import TIE_PARAMETERS, check_ties, refuse_unknown

GREEDY_PARAMETERS = {
    **TIE_PARAMETERS,
    "no_skip": N_("Funding ends with the first project that does not fit."),
    "threshold": N_("Projects with fewer points than this are not considered."),
    "threshold_share": N_(
        "Projects with fewer points than this share of the number of ballots are not considered."
    ),
    "top_up": N_(
        "Where funding ends, the project that does not fit is funded all the same if what is left "
        "covers this percentage of its cost; the rest comes from elsewhere."
    ),
    "exclusive": N_("Groups of projects of which at most one is funded."),
    "limits": N_(
        "Lists of projects, such as those of a category or a district, of which at most so many "
        "are funded, or for at most so much money in hundredths."
    ),
}
RANKED_PARAMETERS = {**GREEDY_PARAMETERS, **SCALE_PARAMETERS}
"""Those of the rule for ranked ballots."""

_SHARE = re.compile(r"([1-9][0-9]{0,17})/([1-9][0-9]{0,17})")
_META_THRESHOLD = "min_project_score_threshold"


@dataclass(frozen=True, slots=True)
class Terms:
    """The parameters as the turns need them; the plain rule where nothing is set.

    `least` is the least score that is considered. `groups` has, by option, a number whose set bits
    are the exclusive groups it belongs to; it is empty when there are none.
    """

    no_skip: bool = False
    least: int | None = None
    top_up: int = 0
    groups: tuple[int, ...] = ()
    limits: tuple[Limit, ...] = ()

    @classmethod
    def of(cls, contest: Contest, ballots: int, points_scale: int = 1) -> "Terms":
        """The terms that the contest's parameters, checked before, set for so many ballots."""
        given = contest.parameters
        bounds = []
        if "threshold" in given:
            bounds.append(given["threshold"] * points_scale)
        if "threshold_share" in given:
            over, under = map(int, given["threshold_share"].split("/"))
            bounds.append(-(-over * ballots * points_scale // under))
        return cls(
            no_skip=given.get("no_skip", False),
            least=max(bounds, default=None),
            top_up=given.get("top_up", 0),
            groups=_groups(given.get("exclusive", []), contest.ids),
            limits=read_limits(given.get("limits", []), contest),
        )

    def considers(self, points: int) -> bool:
        return self.least is None or points >= self.least

    def group(self, option: int) -> int:
        return self.groups[option] if self.groups else 0

    def tops_up(self, cost: int, left: int) -> bool:
        """Whether what is left is enough of the cost to fund an option that does not fit."""
        return self.top_up > 0 and left * 100 >= self.top_up * cost

    def pays(self, cost: int, left: int) -> int:
        """What funding an option takes from the budget: all that is left if it is topped up."""
        return left if cost > left and self.tops_up(cost, left) else cost


def check_terms(contest: Contest, parameters: Mapping[str, Any]) -> None:
    """Refuse parameters that are unknown or not as they must be, each in one sentence."""
    ranked = contest.vote_type == "ordinal"
    refuse_unknown(parameters, RANKED_PARAMETERS if ranked else GREEDY_PARAMETERS)
    check_ties(contest, parameters)
    check_scale(contest, parameters)
    if parameters.get("no_skip", True) is not True:
        raise CountingError("The parameter no_skip must be true or be left out.")
    threshold = parameters.get("threshold", 1)
    if type(threshold) is not int or threshold < 1:
        raise CountingError("The threshold must be a whole number above zero.")
    share = parameters.get("threshold_share", "1/1")
    if not isinstance(share, str) or not _SHARE.fullmatch(share):
        raise CountingError('The threshold_share must be a fraction such as "1/20".')
    percent = parameters.get("top_up", 1)
    if type(percent) is not int or not 1 <= percent <= 99:
        raise CountingError("The parameter top_up must be a whole number from 1 to 99.")
    if "top_up" in parameters and "no_skip" not in parameters:
        raise CountingError("The parameter top_up goes only together with no_skip.")
    _check_groups(parameters.get("exclusive", []), contest.ids)
    check_limits(parameters.get("limits", []), contest.ids)


def _check_groups(groups: object, ids: Sequence[str]) -> None:
    if not isinstance(groups, list) or not all(isinstance(group, list) for group in groups):
        raise CountingError("The parameter exclusive must be a list of lists of project ids.")
    known = set(ids)
    for group in groups:
        stranger = next(
            (ref for ref in group if not isinstance(ref, str) or ref not in known), None
        )
        if stranger is not None:
            raise CountingError(f"The parameter exclusive names {stranger!r}, not in PROJECTS.")
        if len(set(group)) < max(len(group), 2):
            raise CountingError("Each list of exclusive must name two projects or more, each once.")


def _groups(groups: Sequence[Sequence[str]], ids: Sequence[str]) -> tuple[int, ...]:
    if not groups:
        return ()
    marks = dict.fromkeys(ids, 0)
    for number, group in enumerate(groups):
        for ref in group:
            marks[ref] |= 1 << number
    return tuple(marks.values())


def _plain(meta: Mapping[str, str]) -> dict[str, Any]:
    text = meta.get(_META_THRESHOLD, "")
    if not text:
        return {}
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise CountingError(f"The {_META_THRESHOLD} in META is {text[:20]!r}, not a whole number.")
    return {"threshold": int(text)} if int(text) else {}


def _threshold(meta: Mapping[str, str]) -> dict[str, Any]:
    found = _plain(meta)
    if not found:
        raise UnknownRule(f"The rule 'greedy-threshold' needs the {_META_THRESHOLD} in META.")
    return found


def _exclusive(_: Mapping[str, str]) -> dict[str, Any]:
    raise UnknownRule(
        "The rule 'greedy-exclusive' cannot be followed: "
        "the file does not say which projects exclude each other."
    )


GREEDY_NAMES = {
    "greedy": _plain,
    "greedy-threshold": _threshold,
    "greedy-no-skip": lambda meta: {"no_skip": True, **_plain(meta)},
    "greedy-exclusive": _exclusive,
}
"""Pabulib's names, each with what it stands for in a file of this META."""

GREEDY_NICKNAMES = {"greedy-80": lambda _: {"no_skip": True, "top_up": 80}}


def meta_of(parameters: Mapping[str, Any]) -> dict[str, str]:
    """What META has to say so that one of its names may stand for these parameters."""
    threshold = parameters.get("threshold")
    return {} if threshold is None else {_META_THRESHOLD: str(threshold)}
