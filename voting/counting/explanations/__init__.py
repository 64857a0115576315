"""Why each option was funded or not, and what would have changed that: figures, not sentences.

Every figure is found along the count's own trace and is given out only after the count, run again
with it, has confirmed it on both sides: enough at the figure, not enough one step beyond. What no
run confirms is None. After "Evaluation of Project Performance in Participatory Budgeting"
(IJCAI 2024, arXiv 2312.14723).
"""

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.explanations.explanation import Explanation
from voting.counting.explanations.scored import explain_scored
from voting.counting.explanations.shares import explain_shares, is_plain
from voting.counting.explanations.tried import explain_by_trials

__all__ = ["Explanation", "explain"]


def explain(contest: Contest, result: Count) -> tuple[Explanation, ...]:
    """Explain every option of the count, in the order of its outcomes."""
    if result.rule.terms is not None:
        terms = result.rule.terms(result.contest, result.ballots)
        return explain_scored(contest, result, terms)
    if is_plain(result):
        return explain_shares(result)
    return explain_by_trials(result)
