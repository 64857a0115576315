"""One run of a rule over the ballots of a contest, and the document that is published of it."""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.parameters import canonical_json
from voting.counting.rank_table import RankTable
from voting.counting.rules import Rule, Stage, choose_rule
from voting.counting.rules.rule import GREEDY_PART


@dataclass(frozen=True, slots=True)
class Count:
    """The outcome of a count, with every stage and with what it was counted from."""

    contest: Contest
    ballots: Ballots | RankTable
    rule: Rule
    stages: tuple[Stage, ...]

    @property
    def funded(self) -> tuple[str, ...]:
        """The ids of the funded options in funding order."""
        return tuple(stage.option for stage in self.stages if stage.is_funded)

    @property
    def spent(self) -> int:
        """What the budget pays; of an option that is topped up, what was left for it."""
        return sum(stage.money_before - stage.money_after for stage in self.stages)

    @property
    def left(self) -> int:
        return self.contest.budget - self.spent

    def as_document(self) -> dict[str, Any]:
        """The count as nested dicts and lists of integers and strings only."""
        contest = self.contest
        return {
            "format": "common-purse count 1",
            "title": contest.title,
            "rule": self.rule.name,
            "rule_version": self.rule.version,
            "parameters": {**contest.parameters, "tie_order": list(contest.tie_order)},
            "budget": contest.budget,
            "ballots": self.ballots.describe(contest.ids),
            "options": [{"id": option.id, "cost": option.cost} for option in contest.options],
            "stages": [_stage_as_document(stage) for stage in self.stages],
            "funded": list(self.funded),
            "spent": self.spent,
        }

    def as_json(self) -> str:
        """The document in its canonical form: the same count always gives the same bytes."""
        return canonical_json(self.as_document())


def count(contest: Contest, ballots: Ballots | RankTable, rule: str | None = None) -> Count:
    """Count the ballots by `rule`, or by the contest's own rule when none is named.

    The count keeps the contest with the parameters that it was counted with. Raises UnknownRule,
    or CountingError for wrong parameters or when the ballots are not of this contest.
    """
    chosen, parameters = choose_rule(contest, rule)
    placings = ballots.placings()
    if placings.option.size and placings.option.max() >= len(contest.options):
        raise CountingError("A ballot ranks a project that is not in the contest.")
    counted = replace(contest, parameters=parameters)
    return Count(counted, ballots, chosen, chosen.run(counted, ballots))


def _stage_as_document(stage: Stage) -> dict[str, Any]:
    document: dict[str, Any] = {
        "option": stage.option,
        "points": stage.points,
        "ballots": stage.ballots,
        "cost": stage.cost,
        "money_before": stage.money_before,
        "money_after": stage.money_after,
        "outcome": stage.outcome,
        "tied_with": list(stage.tied_with),
        "tie_decides": int(stage.tie_decides),
    }
    if stage.price is not None:
        document["price"] = _fraction(stage.price)
    if stage.payers is not None:
        document["payers"] = stage.payers
    if stage.part != GREEDY_PART:
        document["part"] = stage.part
    if stage.share is not None:
        document["share"] = _fraction(stage.share)
    if stage.tier:
        document["tier"] = stage.tier
    return document


def _fraction(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"
