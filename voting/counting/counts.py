"""One run of a rule over the ballots of a contest, and the document that is published of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.money import HUNDREDTHS
from voting.counting.parameters import canonical_json, fraction_text
from voting.counting.published_text import sha256_of
from voting.counting.rank_table import RankTable
from voting.counting.rules import Record, Rule, Stage, choose_rule
from voting.counting.rules.rule import GREEDY_PART

ENGINE = "3"
"""Changes whenever any count could come out, or be told, otherwise."""


@dataclass(frozen=True, slots=True)
class Count:
    """The outcome of a count, with every stage and with what it was counted from."""

    contest: Contest
    ballots: Ballots | RankTable
    rule: Rule
    record: Record

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.record.stages

    @property
    def outcomes(self) -> tuple[Stage, ...]:
        """What becomes of each option: its last stage, in the order of these stages."""
        last = {stage.option: stage for stage in self.record.stages}
        return tuple(stage for stage in self.record.stages if last[stage.option] is stage)

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
        contest = _contest_as_document(self.contest, self.rule)
        outcome = {stage.option: stage.outcome for stage in self.outcomes}
        return {
            "format": "common-purse count 2",
            "engine": ENGINE,
            "contest": contest,
            "contest_sha256": sha256_of(canonical_json(contest).encode()),
            "ballots": self.ballots.describe(self.contest.ids),
            "stages": [_stage_as_document(stage) for stage in self.stages],
            "ties": _ties_as_document(self.stages),
            "facts": dict(self.record.facts),
            "outcomes": [{"id": ref, "outcome": outcome[ref]} for ref in self.contest.ids],
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
    if ballots.highest_option >= len(contest.options):
        raise CountingError("A ballot ranks a project that is not in the contest.")
    counted = replace(contest, parameters=parameters)
    return Count(counted, ballots, chosen, chosen.run(counted, ballots))


def _contest_as_document(contest: Contest, rule: Rule) -> dict[str, Any]:
    """All that the count depends on but for the ballots.

    Money is in hundredths where there are no `decimals`, and in parts as fine as they say.
    """
    fine = {"decimals": contest.decimals} if contest.decimals > HUNDREDTHS else {}
    return {
        **fine,
        "title": contest.title,
        "vote_type": contest.vote_type,
        "budget": contest.budget,
        "options": [{"id": option.id, "cost": option.cost} for option in contest.options],
        "rule": rule.name,
        "rule_version": rule.version,
        "parameters": {**contest.parameters, "tie_order": list(contest.tie_order)},
    }


def _ties_as_document(stages: Sequence[Stage]) -> list[dict[str, Any]]:
    """Every tie with what broke it, at the first of its stages; one of a completion by itself."""
    ties: dict[tuple[str, frozenset[str]], dict[str, Any]] = {}
    for stage in stages:
        if stage.tied_with:
            equals = frozenset((stage.option, *stage.tied_with))
            ties.setdefault(
                (stage.part, equals),
                {
                    "stage": stage.number,
                    "first": stage.option,
                    "others": list(stage.tied_with),
                    "broken_by": stage.tie_broken_by,
                    "decides": int(stage.tie_decides),
                },
            )
    return list(ties.values())


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
    if stage.tie_broken_by:
        document["tie_broken_by"] = stage.tie_broken_by
    if stage.price is not None:
        document["price"] = fraction_text(stage.price)
    if stage.payers is not None:
        document["payers"] = stage.payers
    if stage.part != GREEDY_PART:
        document["part"] = stage.part
    if stage.share is not None:
        document["share"] = fraction_text(stage.share)
    if stage.tier:
        document["tier"] = stage.tier
    return {**document, **stage.details}
