"""Explanations by trials, for rules whose decisions are not all followed here one by one."""

from voting.counting.ballots import Ballots
from voting.counting.counts import Count
from voting.counting.explanations.case import Case, outcome_alone
from voting.counting.explanations.explanation import Explanation
from voting.counting.explanations.ranks import Marks, RanksCase
from voting.counting.explanations.trials import Trials

_MOST_TRIALS = 2000
_MOST_SLOW_TRIALS = 200


def explain_by_trials(result: Count) -> tuple[Explanation, ...]:
    """Explain every option of a count, whatever its rule."""
    slow = str(result.contest.parameters.get("completion")).startswith("add1")
    trials = Trials(result, _MOST_SLOW_TRIALS if slow else _MOST_TRIALS)
    if not len(result.ballots):
        return tuple(outcome_alone(result, stage) for stage in result.outcomes)
    if result.rule.name == "expanding-approvals" and isinstance(result.ballots, Ballots):
        marks = Marks(result.ballots)
        return tuple(
            RanksCase(result, trials, stage, marks).explanation() for stage in result.outcomes
        )
    return tuple(Case(result, trials, stage).explanation() for stage in result.outcomes)
