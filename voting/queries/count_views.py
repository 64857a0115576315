"""A count as a page shows it: the document of the engine with the titles of the options."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from voting.amounts import from_hundredths
from voting.models import ContestCount, Option


@dataclass(frozen=True)
class StageView:
    """One option's turn; amounts in the currency's smallest unit."""

    number: int
    option: Option
    points: int
    ballots: int
    money_before: int
    money_after: int
    funded: bool
    tied_with: Sequence[str]
    tie_decides: bool


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


def view_of(count_: ContestCount) -> CountView:
    """Reads a count's document."""
    document = json.loads(count_.document)
    contest = count_.contest
    options = {option.ref: option for option in contest.options}

    def minor(hundredths: int) -> int:
        return from_hundredths(hundredths, contest.currency)

    stages = [
        StageView(
            number=number,
            option=options[stage["option"]],
            points=stage["points"],
            ballots=stage["ballots"],
            money_before=minor(stage["money_before"]),
            money_after=minor(stage["money_after"]),
            funded=stage["outcome"] == "funded",
            tied_with=[options[ref].title for ref in stage["tied_with"]],
            tie_decides=bool(stage["tie_decides"]),
        )
        for number, stage in enumerate(document["stages"], 1)
    ]
    return CountView(count_, document["ballots"]["number"], minor(document["spent"]), stages)
