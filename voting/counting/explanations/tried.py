"""Explanations by trials, for rules whose decisions are not all followed here one by one."""

from collections.abc import Callable
from functools import partial

from voting.counting.ballots import Ballots
from voting.counting.counts import Count
from voting.counting.explanations.case import Case, outcome_alone
from voting.counting.explanations.explanation import Explanation
from voting.counting.explanations.ranks import Marks, RanksCase
from voting.counting.explanations.transfers import TransfersCase
from voting.counting.explanations.trials import Trials
from voting.counting.rules import Stage

_MOST_TRIALS = 2000
_MOST_SLOW_TRIALS = 200


def explain_by_trials(result: Count) -> tuple[Explanation, ...]:
    """Explain every option of a count, whatever its rule."""
    slow = str(result.contest.parameters.get("completion")).startswith("add1")
    trials = Trials(result, _MOST_SLOW_TRIALS if slow else _MOST_TRIALS)
    if not len(result.ballots):
        return tuple(outcome_alone(result, stage) for stage in result.outcomes)
    case = _case_of(result)
    return tuple(case(result, trials, stage).explanation() for stage in result.outcomes)


def _case_of(result: Count) -> Callable[[Count, Trials, Stage], Case]:
    """What follows this rule."""
    if isinstance(result.ballots, Ballots):
        if result.rule.name == "expanding-approvals":
            return partial(RanksCase, marks=Marks(result.ballots))
        if result.rule.name == "budget-stv":
            return TransfersCase
    return Case
