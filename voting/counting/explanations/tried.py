"""Explanations by trials, for rules whose decisions are not all followed here one by one."""

from collections.abc import Callable
from functools import partial

from voting.counting.ballots import Ballots
from voting.counting.counts import Count
from voting.counting.explanations.case import Case, outcome_alone
from voting.counting.explanations.explanation import Explanation
from voting.counting.explanations.ranks import Marks, RanksCase
from voting.counting.explanations.shares_completed import CompletedCase
from voting.counting.explanations.shares_vote import Vote
from voting.counting.explanations.transfers import TransfersCase
from voting.counting.explanations.trials import MOST_STEPS, MOST_TRIALS, Trials

_MOST_SLOW_TRIALS, _SLOW_STEPS = 1000, 4


def explain_by_trials(result: Count) -> tuple[Explanation, ...]:
    """Explain every option of a count, whatever its rule."""
    if not len(result.ballots):
        return tuple(outcome_alone(result, stage) for stage in result.outcomes)
    slow = str(result.contest.parameters.get("completion")).startswith("add1")
    most, steps = (_MOST_SLOW_TRIALS, _SLOW_STEPS) if slow else (MOST_TRIALS, MOST_STEPS)
    case = _case_of(result, Trials(result, most, steps=steps))
    return tuple(case(stage=stage).explanation() for stage in result.outcomes)


def _case_of(result: Count, trials: Trials) -> Callable[..., Case]:
    """What follows this rule."""
    if isinstance(result.ballots, Ballots):
        if result.rule.name == "expanding-approvals":
            return partial(RanksCase, result, trials, marks=Marks(result.ballots))
        if result.rule.name == "budget-stv":
            return partial(TransfersCase, result, trials)
        if result.rule.name == "equal-shares":
            return partial(CompletedCase, result, Vote(result, trials))
    return partial(Case, result, trials)
