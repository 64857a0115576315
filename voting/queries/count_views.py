"""A count as a page shows it: the document of the engine with the titles of the options."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Any

from voting.amounts import from_hundredths
from voting.counting.rules.rule import FUNDING, GREEDY_PART
from voting.counting.rules.units import UNIT
from voting.models import ContestCount, Option


@dataclass(frozen=True)
class StageView:
    """One turn of an option; amounts in the currency's smallest unit.

    An option may have several turns, of which the last `decides`. What its rule does not know is
    None: `price` is what a supporter paid at most (rounded up), `payers` how many ballots paid,
    `rank` how far down they were read, `votes` and `needed` the support there was and that was
    asked for, in hundredths of a ballot (rounded down).
    """

    number: int
    option: Option
    part: str
    outcome: str
    decides: bool
    points: int
    ballots: int
    money_before: int
    money_after: int
    tied_with: Sequence[str]
    tie_broken_by: str
    tie_decides: bool
    price: int | None
    payers: int | None
    rank: int | None
    votes: int | None
    needed: int | None

    @property
    def funded(self) -> bool:
        return self.outcome in FUNDING


@dataclass(frozen=True)
class CountView:
    """What an officer looks at before she certifies."""

    count: ContestCount
    ballots: int
    spent_minor: int
    stages: Sequence[StageView]

    @property
    def funded(self) -> list[StageView]:
        """The winners, in funding order."""
        return [stage for stage in self.stages if stage.funded]

    def knows(self, figure: str) -> bool:
        """Whether the rule tells this of some stage."""
        return any(getattr(stage, figure) is not None for stage in self.stages)


def view_of(count_: ContestCount) -> CountView:
    """Reads a count's document."""
    document = json.loads(count_.document)
    options = {option.ref: option for option in count_.contest.options}
    last = {turn["option"]: number for number, turn in enumerate(document["stages"], 1)}
    currency = count_.contest.currency
    stages = [
        _stage(number, turn, options, currency, decides=last[turn["option"]] == number)
        for number, turn in enumerate(document["stages"], 1)
    ]
    spent = from_hundredths(document["spent"], currency)
    return CountView(count_, document["ballots"]["number"], spent, stages)


def _stage(
    number: int,
    turn: Mapping[str, Any],
    options: Mapping[str, Option],
    currency: str,
    *,
    decides: bool,
) -> StageView:
    return StageView(
        number=number,
        option=options[turn["option"]],
        part=turn.get("part", GREEDY_PART),
        outcome=turn["outcome"],
        decides=decides,
        points=turn["points"],
        ballots=turn["ballots"],
        money_before=from_hundredths(turn["money_before"], currency),
        money_after=from_hundredths(turn["money_after"], currency),
        tied_with=[options[ref].title for ref in turn["tied_with"]],
        tie_broken_by=turn.get("tie_broken_by", ""),
        tie_decides=bool(turn["tie_decides"]),
        price=_price(turn.get("price"), currency),
        payers=turn.get("payers"),
        rank=turn.get("rank"),
        votes=_votes(turn.get("support")),
        needed=_votes(turn.get("quota")),
    )


def _price(hundredths: str | None, currency: str) -> int | None:
    if hundredths is None:
        return None
    return ceil(Fraction(hundredths) * from_hundredths(100, currency) / 100)


def _votes(units: int | None) -> int | None:
    return None if units is None else units * 100 // UNIT
