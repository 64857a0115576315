"""The sandbox: what other rules would have done with the same ballots. None of it is the decision.

An alternative is counted in full by the other rule, and set beside the outcome that decided.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.counts import Count, count
from voting.counting.districts import District
from voting.counting.groups import Grouping
from voting.counting.rules import find_rule
from voting.counting.statistics import Statistics, preferences, statistics

_TIE_SETTINGS = ("ties", "seed")


@dataclass(frozen=True, slots=True)
class Alternative:
    """The outcome of another rule beside the one that decided.

    "Here" and "this" are the outcome that decided, "there" and "other" the alternative: `only_here`
    was funded and would not have been, `prefer_this` are the ballots with more of their choices
    funded by the decision, `prefer_other` those with more of them funded by the alternative; None
    if only a table of ranks is known. `parameters` are those the other rule counted with, `funded`
    is in funding order, the other ids are in the contest's order.
    """

    rule: str
    version: str
    parameters: Mapping[str, Any]
    funded: tuple[str, ...]
    spent: int
    statistics: Statistics
    in_both: tuple[str, ...]
    only_there: tuple[str, ...]
    only_here: tuple[str, ...]
    prefer_this: int | None
    prefer_other: int | None

    def as_document(self) -> dict[str, Any]:
        """Nested dicts and lists of integers, texts and None only."""
        return {
            "rule": self.rule,
            "version": self.version,
            "parameters": dict(self.parameters),
            "funded": list(self.funded),
            "spent": self.spent,
            "statistics": self.statistics.as_document(),
            "in_both": list(self.in_both),
            "only_there": list(self.only_there),
            "only_here": list(self.only_here),
            "prefer_this": self.prefer_this,
            "prefer_other": self.prefer_other,
        }


def alternatives(
    result: Count,
    rules: Sequence[tuple[str, Mapping[str, Any]]],
    districts: Sequence[District] = (),
) -> tuple[Alternative, ...]:
    """Count the same ballots by each of these rules, each named with its parameters.

    Ties are broken as in the count itself if its parameters declare how, unless the other rule's
    own do. Raises UnknownRule or CountingError for a rule that does not fit these ballots.
    """
    grouping = Grouping.of(result.contest, result.ballots)
    return tuple(
        _alternative(result, grouping, districts, name, parameters) for name, parameters in rules
    )


def _alternative(
    result: Count,
    grouping: Grouping,
    districts: Sequence[District],
    name: str,
    parameters: Mapping[str, Any],
) -> Alternative:
    contest, ballots = _asked_again(result.contest, name, parameters), result.ballots
    other = count(contest, ballots)
    here, there = set(result.funded), set(other.funded)
    prefer: tuple[int, int] | tuple[None, None] = None, None
    if isinstance(ballots, Ballots):
        prefer = preferences(contest, ballots, here, there)
    return Alternative(
        rule=other.rule.name,
        version=other.rule.version,
        parameters=other.contest.parameters,
        funded=other.funded,
        spent=other.spent,
        statistics=statistics(contest, ballots, other.funded, grouping, districts),
        in_both=tuple(ref for ref in contest.ids if ref in here and ref in there),
        only_there=tuple(ref for ref in contest.ids if ref in there - here),
        only_here=tuple(ref for ref in contest.ids if ref in here - there),
        prefer_this=prefer[0],
        prefer_other=prefer[1],
    )


def _asked_again(contest: Contest, name: str, parameters: Mapping[str, Any]) -> Contest:
    """The contest with another rule; only our own names go with parameters."""
    rule = find_rule(name, contest.vote_type)
    declared = {key: contest.parameters[key] for key in _TIE_SETTINGS if key in contest.parameters}
    if name != rule.name or "ties" in parameters or "ties" not in rule.parameters:
        declared = {}
    return replace(contest, rule=name, rule_version="", parameters={**declared, **parameters})
