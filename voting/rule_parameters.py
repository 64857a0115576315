"""The parameters of a contest's rule, between what an officer sets and what the engine counts with.

They are the engine's own, in its names and in hundredths, but for one thing: a limit on a theme
names the theme alone, since the proposals on the paper are not known when the rule is chosen:

    {"limits":[{"name":"Sport","projects":2}]}

When ballots are counted its `ids` are those of the proposals that stand under that theme.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from voting import counting

Parameters = Mapping[str, Any]


def in_order(parameters: Parameters) -> dict[str, Any]:
    """The parameters as they are kept: sorted, so that equal ones are equal in every place."""
    kept: dict[str, Any] = json.loads(json.dumps(dict(parameters), sort_keys=True))
    return kept


def parameters_for_count(
    parameters: Parameters, options: Sequence[counting.Option]
) -> dict[str, Any]:
    """As the engine takes them: limits on themes with the ids of what stands under them.

    A theme under which nothing stands limits nothing and is left out.
    """
    if "limits" not in parameters:
        return dict(parameters)
    filled = [_filled(limit, options) for limit in parameters["limits"]]
    limits = [limit for limit in filled if limit["ids"]]
    others = {name: value for name, value in parameters.items() if name != "limits"}
    return {**others, "limits": limits} if limits else others


def projects_named(parameters: Parameters) -> list[str]:
    """The projects that parameters name, each once: a paper without one of them cannot be counted
    with these parameters."""
    groups: list[Iterable[str]] = list(parameters.get("exclusive", []))
    groups += [limit.get("ids", []) for limit in parameters.get("limits", [])]
    return list(dict.fromkeys(ref for group in groups for ref in group))


def themes_limited(parameters: Parameters) -> list[str]:
    """The themes on which there is a limit, in the order of the limits."""
    return [limit["name"] for limit in parameters.get("limits", []) if "ids" not in limit]


def check(rule: str, parameters: Parameters, max_length: int) -> None:
    """Refuse parameters with which this rule cannot count rankings of at most so many ranks.

    Raises counting.CountingError. Parameters that name projects are checked with these alone.
    """
    options = [
        counting.Option.build(f"{number}", 1, columns={"category": theme})
        for number, theme in enumerate(themes_limited(parameters) or ["-"])
    ]
    known = {option.id for option in options}
    options += [
        counting.Option.build(ref, 1) for ref in projects_named(parameters) if ref not in known
    ]
    contest = counting.Contest.build("", 1, options, rule=rule, max_length=max_length)
    counting.RULES[rule].check(contest, parameters_for_count(parameters, options))


def _filled(limit: Parameters, options: Sequence[counting.Option]) -> dict[str, Any]:
    if "ids" in limit:
        return dict(limit)
    return {**limit, "ids": [each.id for each in options if limit["name"] in each.categories]}
