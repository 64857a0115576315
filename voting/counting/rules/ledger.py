"""The stages of a count in the making, and the money that is left: what the rules have in common.

Rules by which supporters pay decide with option numbers and write here what they decided. Where
money is left at the end, it may be spent by score.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from voting.counting.contest import Contest
from voting.counting.rules.greedy import State, order_of_turns, tie_decides, turns
from voting.counting.rules.rule import FILL_PART, FUNDED, GREEDY_PART, UNPAID, Record, Stage
from voting.counting.rules.scores import Tally
from voting.counting.rules.ties import PLACE, Ties

_TURNS = (GREEDY_PART, FILL_PART)


class Ledger:
    """Stages in order, each with the money before and after it."""

    def __init__(self, contest: Contest, scores: Tally, ties: Ties) -> None:
        self.left = contest.budget
        self._contest = contest
        self._costs, self._ids = contest.costs, contest.ids  # made anew whenever they are asked for
        self._scores = scores
        self._ties = ties
        self._stages: list[Stage] = []

    def fits(self, option: int) -> bool:
        return self._costs[option] <= self.left

    def fund(self, option: int, part: str, equals: Sequence[int] = (), **more: Any) -> None:
        """Fund an option, chosen from among these equals; `more` is what else its stage tells."""
        self.write(option, FUNDED, part, equals, **more)

    def write(
        self, option: int, outcome: str, part: str, equals: Sequence[int] = (), **more: Any
    ) -> None:
        """Add a stage; one that funds takes the cost from what is left."""
        before, cost = self.left, self._costs[option]
        more.setdefault("tie_broken_by", self._ties.broken_by(option, equals))
        self.left -= cost if outcome == FUNDED else 0
        self._stages.append(
            Stage(
                number=len(self._stages) + 1,
                option=self._ids[option],
                points=self._scores.points[option],
                ballots=self._scores.ballots[option],
                cost=cost,
                money_before=before,
                money_after=self.left,
                outcome=outcome,
                part=part,
                tied_with=tuple(self._ids[other] for other in equals),
                **more,
            )
        )

    def by_score(self) -> list[int]:
        """All options by falling score, equal ones in the tie order, whatever the chain."""
        return order_of_turns(self._scores.points, self._contest.tie_ranks)

    def spend(self, order: Iterable[int] | None = None, part: str = FILL_PART) -> None:
        """Give options their turns until nothing fits: those of the order, or all not funded."""
        if order is None:
            funded = self._funded()
            order = [option for option in self.by_score() if self._ids[option] not in funded]
        for _, level in groupby(order, key=self._scores.points.__getitem__):
            self._take_turns(list(level), part)

    def _take_turns(self, equals: list[int], part: str) -> None:
        """The turns of options with equal points, which come in the tie order."""
        state, points = State(self.left), self._scores.points
        told: dict[str, Any] = {}
        if len(equals) > 1:
            decides = tie_decides(equals, self._costs, points, state)
            told = {"tie_broken_by": PLACE, "tie_decides": decides}
        for turn in turns(equals, self._costs, points, state):
            others = [other for other in equals if other != turn.option]
            self.write(turn.option, turn.outcome, part, others, **told)

    def close(self, part: str, outcome_of: Callable[[int], str] = lambda _: UNPAID) -> None:
        """Say of every option that had no stage yet what became of it."""
        heard = {stage.option for stage in self._stages}
        for option in self.by_score():
            if self._ids[option] not in heard:
                self.write(option, outcome_of(option), part)

    def record(self, facts: Mapping[str, Any] | None = None) -> Record:
        """The stages as they are published; ties decide where equals came out differently.

        Of turns it was known at once whether another order of the equals would fund others.
        """
        funded = self._funded()
        stages = (
            stage._replace(tie_decides=_came_out_differently(stage, funded))
            if stage.tied_with and stage.part not in _TURNS
            else stage
            for stage in self._stages
        )
        return Record(tuple(stages), facts or {})

    def _funded(self) -> set[str]:
        return {stage.option for stage in self._stages if stage.is_funded}


def _came_out_differently(stage: Stage, funded: set[str]) -> bool:
    """Whether of the options that were equal some are funded and some are not."""
    return len({ref in funded for ref in (stage.option, *stage.tied_with)}) > 1
