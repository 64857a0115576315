"""What may be told of a count: everything, or less where ballots are so few that some are secret.

Of few ballots only the table of project × rank is public. A rule that can be counted from it is
told from it alone. Of a rule that needs whole rankings, what the rankings gave is told (who is
funded, in which order, what each costs) and nothing that shows which marks were made together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from transparency.results import Sandbox
from voting import counting
from voting.offered import OFFERED

PLAIN = "points-by-rank"


@dataclass(frozen=True)
class Told:
    """The count as it is published. `recounted_from` is what the second program counts again;
    `recountable` says that it is public."""

    count: counting.Count
    explanations: Sequence[counting.Explanation]
    recounted_from: counting.Ballots | counting.RankTable
    recountable: bool
    sandbox: Sandbox | None = None


def tell(result: counting.Count, districts: Sequence[counting.District] = ()) -> Told:
    """Everything: the count of ballots that are all published. `districts` say in sums where
    those live who cast them."""
    explanations = counting.explain(result.contest, result)
    return Told(result, explanations, result.ballots, True, _sandbox(result, districts))


def tell_of_few(result: counting.Count, ballots: counting.Ballots) -> Told | None:
    """What the table of project × rank gives, or, where the rule needs rankings, what they gave.

    None if the table gives another count than the ballots.
    """
    table = counting.RankTable.of_ballots(ballots)
    try:
        from_table = counting.count(result.contest, table)
    except counting.CountingError:
        return _without_rankings(result, table)
    if from_table.stages != result.stages:
        return None
    return Told(from_table, counting.explain(result.contest, from_table), table, True)


def _without_rankings(result: counting.Count, table: counting.RankTable) -> Told:
    """Outcomes, money and what the table shows; not how supporters paid, nor what if."""
    stages = tuple(
        stage._replace(price=None, payers=None, share=None, tier="", details={})
        for stage in result.stages
    )
    told = replace(result, ballots=table, record=counting.Record(stages))
    explanations = [
        replace(
            why, cost_limit=None, points_limit=None, budget_limit=None,
            ballots_more=None, rival=None,
        )
        for why in counting.explain(result.contest, result)
    ]  # fmt: skip
    return Told(told, explanations, result.ballots, False)


def _sandbox(result: counting.Count, districts: Sequence[counting.District]) -> Sandbox:
    """What voters got, and what the plain count by points and every other offered rule would have
    done; of a rule that these ballots do not fit, nothing."""
    contest, ballots = result.contest, result.ballots
    figures = counting.statistics(contest, ballots, result.funded, districts=districts)
    names = [PLAIN, *(name for name in OFFERED if name != PLAIN)]
    plain = not contest.parameters
    others: list[tuple[str, dict[str, Any]]] = [
        (name, {}) for name in names if name != result.rule.name or not plain
    ]
    fitting = [each for each in others if contest.vote_type in counting.RULES[each[0]].vote_types]
    told = counting.alternatives(result, fitting, districts)
    return Sandbox(figures.as_document(), [each.as_document() for each in told])
