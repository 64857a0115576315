"""What the rules share that use up votes or earnings, and may spend what is left by score.

{"completion":"none","ties":["cheaper","place"]}
"""

from collections.abc import Iterable, Mapping
from typing import Any

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.rules.ledger import Ledger
from voting.counting.rules.rank_points import SCALE_PARAMETERS, check_scale
from voting.counting.rules.rule import Counted
from voting.counting.rules.scores import tally
from voting.counting.rules.texts import N_
from voting.counting.rules.ties import (
    CHEAPER,
    PLACE,
    TIE_PARAMETERS,
    VOTES,
    Ties,
    check_ties,
    refuse_unknown,
)

NONE, GREEDY = COMPLETIONS = ("none", "greedy")
USUAL_TIES = (CHEAPER, VOTES, PLACE)
COMPLETED_PARAMETERS = {
    **TIE_PARAMETERS,
    "completion": N_("How the money that is left at the end is spent: greedy, by score, or none."),
}
RANKED_COMPLETED_PARAMETERS = {**COMPLETED_PARAMETERS, **SCALE_PARAMETERS}


def check_completed(
    contest: Contest, parameters: Mapping[str, Any], known: Iterable[str] | None = None
) -> None:
    """Refuse parameters that are unknown, or not as they must be."""
    if known is None:
        ranked = contest.vote_type == "ordinal"
        known = RANKED_COMPLETED_PARAMETERS if ranked else COMPLETED_PARAMETERS
    refuse_unknown(parameters, known)
    check_ties(contest, parameters)
    check_scale(contest, parameters)
    if parameters.get("completion", NONE) not in COMPLETIONS:
        raise CountingError(f"The parameter completion must be one of {', '.join(COMPLETIONS)}.")


def completes(contest: Contest, usual: str = GREEDY) -> bool:
    """Whether what is left is spent by score."""
    return bool(contest.parameters.get("completion", usual) == GREEDY)


def open_ledger(contest: Contest, counted: Counted) -> tuple[Ballots, Ties, Ledger]:
    """The ballots themselves, what decides ties between them, and an empty ledger."""
    if not isinstance(counted, Ballots):
        raise CountingError("This rule needs the ballots themselves, not a table of ranks.")
    scores = tally(contest, counted)
    ties = Ties.of(contest, counted, scores.ballots, USUAL_TIES)
    return counted.widened(), ties, Ledger(contest, scores, ties)
