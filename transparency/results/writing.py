"""Writing the document that is published of a contest."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from voting.counting import Count, Explanation, Stage
from voting.counting.parameters import canonical_json, fraction_text

FORMAT = "common-purse result 2"


class Sandbox(NamedTuple):
    """What the voters got, and what other rules would have done: documents of the engine."""

    statistics: Mapping[str, Any]
    alternatives: Sequence[Mapping[str, Any]]


def write_document(
    contest: Mapping[str, Any],
    options: Mapping[str, Mapping[str, Any]],
    result: Count,
    explanations: Sequence[Explanation],
    sandbox: Sandbox | None = None,
) -> str:
    """The published document.

    `contest` says what the count does not know (ref, title, currency, limits, aggregate_only,
    recountable, count_sha256); `options` holds title, category and proposal by option id.
    """
    funding = {ref: number for number, ref in enumerate(result.funded, 1)}
    stages = zip(result.outcomes, explanations, strict=True)
    document = {
        "format": FORMAT,
        "contest": {
            **contest,
            "budget": result.contest.budget,
            "ballots": len(result.ballots),
            "rule": result.rule.name,
            "rule_version": result.rule.version,
        },
        "count": result.as_document(),
        "results": [
            {
                "id": stage.option,
                **options[stage.option],
                "outcome": "funded" if stage.is_funded else "not_funded",
                "funded_as": funding.get(stage.option),
                "place": stage.number,
                **_turn(stage),
                **_reason(why),
            }
            for stage, why in stages
        ],
    }
    if sandbox is not None:
        document["statistics"] = dict(sandbox.statistics)
        document["alternatives"] = [dict(each) for each in sandbox.alternatives]
    return canonical_json(document)


def _turn(stage: Stage) -> dict[str, Any]:
    """The turn that decided of an option."""
    return {
        "part": stage.part,
        "points": stage.points,
        "ballots": stage.ballots,
        "cost": stage.cost,
        "money_before": stage.money_before,
        "money_after": stage.money_after,
        "price": None if stage.price is None else fraction_text(stage.price),
        "payers": stage.payers,
        "equal_points": list(stage.tied_with),
        "tie_decides": int(stage.tie_decides),
        "tie_broken_by": stage.tie_broken_by,
    }


def _reason(why: Explanation) -> dict[str, Any]:
    return {
        "reason": why.code,
        "cost_limit": why.cost_limit,
        "points_limit": why.points_limit,
        "budget_limit": why.budget_limit,
        "ballots_more": why.ballots_more,
        "rival": why.rival,
    }
