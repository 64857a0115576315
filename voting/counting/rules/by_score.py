"""Rules that add up points and fund greedily: alike in all but their ballots and their words."""

from collections.abc import Mapping

from voting.counting.rules.greedy import fund_greedily, greedy_terms
from voting.counting.rules.rule import Rule
from voting.counting.rules.terms import (
    GREEDY_NAMES,
    GREEDY_NICKNAMES,
    GREEDY_PARAMETERS,
    check_terms,
)


def rule_by_score(
    *,
    name: str,
    version: str,
    vote_types: tuple[str, ...],
    title: str,
    explanation: str,
    parameters: Mapping[str, str] = GREEDY_PARAMETERS,
) -> Rule:
    """Such a rule; ballots of these kinds are what its points come from."""
    return Rule(
        name=name,
        version=version,
        vote_types=vote_types,
        title=title,
        explanation=explanation,
        parameters=parameters,
        run=fund_greedily,
        check=check_terms,
        names=GREEDY_NAMES,
        nicknames=GREEDY_NICKNAMES,
        terms=greedy_terms,
    )
