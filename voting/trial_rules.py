"""A rule for rankings on ballots that do not rank: what comes nearest to it, for trying it out.

Many cities let people tick projects, or give points to them. An officer who thinks of rankings may
still see what such a rule does with their votes: a tick stands for a point, points for points.
"""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext

from voting import counting
from voting.counting.vote_types import RANKED, TICKED
from voting.rule_parameters import Parameters, projects_named

_NEAREST: Mapping[tuple[str, bool], str] = {
    ("equal-shares", True): "equal-shares",
    ("equal-shares", False): "equal-shares",
    ("points-by-rank", True): "approvals",
    ("points-by-rank", False): "points",
}
"""By the rule, and whether ballots tick."""
_WORTH = {
    "rank-points-cost": ("cost", "points"),
    "rank-points": ("cardinality", "points"),
    "cost": ("cost", "cost"),
    "cardinality": ("cardinality", "cardinality"),
}
"""What comes nearest to a worth by rank, on ballots that tick and on ballots that give points."""


def rule_for(
    rule: str, parameters: Parameters, contest: counting.Contest
) -> tuple[str, dict[str, Any]]:
    """The rule to try on the ballots of this contest, with its parameters.

    Raises counting.CountingError where nothing comes near.
    """
    given = dict(parameters)
    if not set(projects_named(parameters)) <= set(contest.ids):
        given = without_projects(given)
    if contest.vote_type == RANKED:
        return rule, given
    ticked = contest.vote_type in TICKED
    nearest = _NEAREST.get((rule, ticked))
    if rule == "budget-stv" and contest.vote_type == "cumulative":
        nearest = "minimal-transfers"
    if nearest is None:
        raise counting.CountingError(
            gettext(
                "“%(rule)s” goes by the order of a ballot, and the ballots of this file have none. "
                "Equal shares and points by rank can be tried on it.",
                rule=gettext(counting.RULES[rule].title),
            )
        )
    if nearest == "equal-shares":
        given["utility"] = _WORTH[given.get("utility", "rank-points-cost")][not ticked]
        given.setdefault("completion", "greedy")
    if "ties" in given:
        given["ties"] = [way for way in given["ties"] if way != "first_ranks"] or ["place"]
    known = counting.RULES[nearest].parameters.keys() - {"scale", "top"}
    return nearest, {name: value for name, value in given.items() if name in known}


def without_projects(parameters: Parameters) -> dict[str, Any]:
    """The parameters without what names projects of one paper: other ballots have others."""
    kept = {name: value for name, value in parameters.items() if name != "exclusive"}
    if limits := [limit for limit in kept.pop("limits", []) if "ids" not in limit]:
        kept["limits"] = limits
    return kept


def remarks(rule: str, parameters: Parameters, contest: counting.Contest) -> list[str]:
    """What a trial on these ballots could not do as the rule says, in plain sentences."""
    said = []
    if contest.vote_type in TICKED:
        said.append(
            gettext(
                "These ballots tick projects and do not rank them: every tick counted the same, "
                "whatever points the rule has for ranks."
            )
        )
    elif contest.vote_type != RANKED:
        said.append(
            gettext(
                "These ballots give points and do not rank: their own points counted, whatever "
                "points the rule has for ranks."
            )
        )
    if contest.vote_type != RANKED and "first_ranks" in parameters.get("ties", []):
        said.append(gettext("Ties could not go by first ranks here and passed on."))
    if rule == "budget-stv" and contest.vote_type == "cumulative":
        said.append(
            gettext(
                "Transferable votes were tried as minimal transfers, which move points instead of "
                "whole ballots."
            )
        )
    if not set(projects_named(parameters)) <= set(contest.ids):
        said.append(gettext("What the rule says of single projects of your paper was left out."))
    return said
