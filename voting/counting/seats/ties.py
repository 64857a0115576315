"""Equal tallies: looked up in other stages as the rule says, and last of all in the lot.

Nothing here is random. The lot is the race's tie order, drawn and published before.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Tallies = Sequence[int]

EARLIER_STAGES = "earlier-stages"
FIRST_STAGES = "first-stages"
LOT = "lot"
CHAINS = (EARLIER_STAGES, FIRST_STAGES, LOT)


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that had to be broken: who was tied, for what, who it fell on, and what broke it.

    `question` is "exclusion", "surplus" or "order"; `broken_by` names the stage whose tallies
    differed ("stage 3") or is "lot".
    """

    question: str
    candidates: tuple[str, ...]
    chosen: str
    broken_by: str

    def as_document(self) -> dict[str, object]:
        return {
            "question": self.question,
            "candidates": list(self.candidates),
            "chosen": self.chosen,
            "broken_by": self.broken_by,
        }


@dataclass(frozen=True, slots=True)
class TieBreaker:
    """How a rule breaks ties.

    With "earlier-stages" the most recent stage before this one at which the tied differ decides
    (SSI 2007/42, rules 49(2) and 51), with "first-stages" the earliest one, with "lot" none. Where
    more than two are tied, those who are equal at that stage too go on to the next. The lot favours
    whoever comes first in the tie order.
    """

    chain: str
    lot: Sequence[int]
    ids: Sequence[str]

    def highest(
        self, tied: Sequence[int], history: Sequence[Tallies], question: str
    ) -> tuple[int, Tie | None]:
        """The one of the tied who comes out on top, and the tie if there was one."""
        return self._choose(tied, history, question, max, min)

    def lowest(
        self, tied: Sequence[int], history: Sequence[Tallies], question: str
    ) -> tuple[int, Tie | None]:
        """The one of the tied who comes out last; `history` has the tallies of the stages."""
        return self._choose(tied, history, question, min, max)

    def with_most(
        self, among: Sequence[int], tallies: Tallies, history: Sequence[Tallies], question: str
    ) -> tuple[int, Tie | None]:
        """The one of these who has the most, and the tie if there was one."""
        most = max(tallies[number] for number in among)
        tied = [number for number in among if tallies[number] == most]
        return self.highest(tied, history, question)

    def with_fewest(
        self, among: Sequence[int], tallies: Tallies, history: Sequence[Tallies], question: str
    ) -> tuple[int, Tie | None]:
        """The one of these who has the fewest, and the tie if there was one."""
        fewest = min(tallies[number] for number in among)
        tied = [number for number in among if tallies[number] == fewest]
        return self.lowest(tied, history, question)

    def in_order(
        self, among: Sequence[int], tallies: Tallies, history: Sequence[Tallies]
    ) -> tuple[list[int], list[Tie]]:
        """Those elected together, the one with the most first, and the ties among them."""
        left, order, ties = list(among), [], []
        while left:
            first, tie = self.with_most(left, tallies, history, "order")
            left.remove(first)
            order.append(first)
            ties += [tie] if tie else []
        return order, ties

    def _choose(
        self,
        tied: Sequence[int],
        history: Sequence[Tallies],
        question: str,
        side: Callable[[Iterable[int]], int],
        lot_side: Callable[[Iterable[int]], int],
    ) -> tuple[int, Tie | None]:
        if len(tied) == 1:
            return tied[0], None
        left = list(tied)
        for stage in self._stages(len(history)):
            tallies = history[stage]
            wanted = side(tallies[number] for number in left)
            left = [number for number in left if tallies[number] == wanted]
            if len(left) == 1:
                return left[0], self._tie(question, tied, left[0], f"stage {stage + 1}")
        place = lot_side(self.lot[number] for number in left)
        chosen = next(number for number in left if self.lot[number] == place)
        return chosen, self._tie(question, tied, chosen, LOT)

    def _stages(self, number: int) -> Iterable[int]:
        if self.chain == LOT:
            return ()
        return range(number) if self.chain == FIRST_STAGES else reversed(range(number))

    def _tie(self, question: str, tied: Sequence[int], chosen: int, broken_by: str) -> Tie:
        return Tie(question, tuple(self.ids[n] for n in tied), self.ids[chosen], broken_by)
