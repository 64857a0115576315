"""What is told of one option after a count."""

from dataclasses import dataclass
from typing import Any

from voting.counting.rules.rule import SKIPPED, Stage

OVER_BUDGET = "over_budget"
NO_MONEY_LEFT = "no_money_left"
LOST_TIE = "lost_tie"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why one option came out as it did. Money is in parts of the unit
    (see `Contest.decimals`).

    `code` is the outcome of the option's last stage as its rule has it ("funded", "topped_up",
    "below_threshold", "unpaid" and so on), but instead of "skipped" it is "over_budget" (it costs
    more than there ever was) or "no_money_left", and "lost_tie" wherever another order among equal
    options would have funded it.

    All else as it was: `cost_limit` is the most it could have cost; `points_limit` the fewest
    points that would have been enough (None too if no number of points is too few), in units of one
    by the ballots' `points_scale`. For an option that was not funded, `budget_limit` is a larger
    budget and `ballots_more` a number of further ballots that would have funded it, while a
    part or a ballot less would not; they are the smallest such where the rule is monotone in
    them. Each further ballot marks this option alone; where ballots give points, it gives as many
    as most ballots give in all. `rival` is a funded option without which it would have been funded:
    one that takes no part, while ballots and points stay as they were.
    """

    option: str
    code: str
    place: int
    points: int
    cost: int
    money_before: int
    cost_limit: int | None = None
    points_limit: int | None = None
    budget_limit: int | None = None
    ballots_more: int | None = None
    rival: str | None = None

    def as_document(self) -> dict[str, Any]:
        """Integers, texts and None, by name."""
        return {name: getattr(self, name) for name in self.__slots__}


def code_of(stage: Stage, budget: int) -> str:
    """The outcome of a stage; what was skipped cost too much from the start, or at its turn."""
    if stage.outcome != SKIPPED:
        return stage.outcome
    return OVER_BUDGET if stage.cost > budget else NO_MONEY_LEFT
