"""Transferable votes for budgets: a ballot stands by one project at a time and moves on.

Single transferable vote with a quota for each project by its share of the budget. It is ours, after
the weighted inclusive Gregory method of Scotland's local elections (SSI 2007/42, rule 48):
the surplus of what is funded is transferred, every ballot keeping the same part of its value; where
nothing has its quota, what is furthest from it is dropped. Projects cost differently, so support
goes by quota, and what no longer fits the money left is dropped before it can hold any ballots.
"""

from collections.abc import Iterator, Sequence

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.rules.completion import (
    RANKED_COMPLETED_PARAMETERS,
    check_completed,
    completes,
    open_ledger,
)
from voting.counting.rules.ledger import Ledger
from voting.counting.rules.rule import Counted, Record, Rule
from voting.counting.rules.texts import N_
from voting.counting.rules.ties import Ties
from voting.counting.rules.units import UNIT, quotas, scaled, with_most

PART = "transfers"
DROPPED_COST = "dropped_cost"
DROPPED_SUPPORT = "dropped_support"
_NOBODY = -1


def transfer(contest: Contest, counted: Counted) -> Record:
    """Run the rule; see docs/counting/rules.md, which says it step by step."""
    ballots, ties, ledger = open_ledger(contest, counted)
    if len(ballots):
        for _ in Transfers(contest, ballots, ties, ledger).decisions():
            pass
    if completes(contest):
        ledger.spend()
    ledger.close(PART)
    return ledger.record({"unit": UNIT})


class Transfers:
    """By which project each group of ballots stands, with how many units.

    `spared` is for explanations: an option that is neither funded nor dropped, whatever it has, so
    that its support can be followed to the end.
    """

    def __init__(
        self,
        contest: Contest,
        ballots: Ballots,
        ties: Ties,
        ledger: Ledger,
        spared: int = _NOBODY,
    ) -> None:
        self._ballots, self._ledger, self._ranks = ballots, ledger, ties.ranks
        self._quotas = quotas(contest, ballots)
        self._continuing = np.ones(len(contest.options), np.bool_)
        self._among = [c for c in range(len(contest.options)) if c != spared]
        self._units: Numbers = np.full(len(ballots.copies), UNIT)
        self._at = ballots.starts[:-1].copy()
        self._stands: Numbers = ballots.options[self._at].astype(np.int64)
        self._support: Numbers = np.zeros(len(contest.options), np.int64)
        np.add.at(self._support, self._stands, ballots.copies * UNIT)

    def decisions(self) -> Iterator[Numbers]:
        """Before each option is funded or dropped, the support of all, and once more at the end."""
        while True:
            self._drop_what_does_not_fit()
            yield self._support
            if not self._among:
                return
            support: list[int] = self._support.tolist()
            enough = [c for c in self._among if support[c] >= self._quotas[c]]
            if enough:
                self._fund(with_most(enough, support, self._quotas, self._ranks))
            else:
                self._drop_the_least(support)

    def _drop_what_does_not_fit(self) -> None:
        dropped = [c for c in self._among if not self._ledger.fits(c)]
        for option in sorted(dropped, key=self._ranks.__getitem__):
            self._end(option, DROPPED_COST)
        if dropped:
            self._move(np.flatnonzero(np.isin(self._stands, dropped)))

    def _fund(self, equals: list[int]) -> None:
        """Fund the first of these; its ballots move on with what it does not need."""
        option, *others = equals
        support, quota = int(self._support[option]), self._quotas[option]
        self._end(option, None, others)
        groups = np.flatnonzero(self._stands == option)
        self._units[groups] = scaled(self._units[groups], support - quota, support)
        self._move(groups)

    def _drop_the_least(self, support: list[int]) -> None:
        """Drop the furthest from its quota; the worst of those that are equally far."""
        lacking = [-units for units in support]
        *others, option = with_most(self._among, lacking, self._quotas, self._ranks)
        self._end(option, DROPPED_SUPPORT, others)
        self._move(np.flatnonzero(self._stands == option))

    def _move(self, groups: Numbers) -> None:
        """Let these stand by the next of their list that continues, or by nobody."""
        self._stands[groups] = _NOBODY
        while len(groups):
            self._at[groups] += 1
            groups = groups[self._at[groups] < self._ballots.starts[groups + 1]]
            option = self._ballots.options[self._at[groups]].astype(np.int64)
            found = self._continuing[option]
            arrived, option = groups[found], option[found]
            self._stands[arrived] = option
            np.add.at(self._support, option, self._units[arrived] * self._ballots.copies[arrived])
            groups = groups[~found]

    def _end(self, option: int, dropped: str | None, equals: Sequence[int] = ()) -> None:
        """Write what becomes of an option, which does not continue then."""
        details = {"support": int(self._support[option]), "quota": self._quotas[option]}
        if dropped is None:
            self._ledger.fund(option, PART, equals, details=details)
        else:
            self._ledger.write(option, dropped, PART, equals, details=details)
        self._continuing[option] = False
        self._among.remove(option)


BUDGET_STV = Rule(
    name="budget-stv",
    version="1",
    vote_types=("ordinal",),
    title=N_("Transferable votes"),
    explanation=N_(
        "A project needs ballots in proportion to its cost: a fifth of the budget needs a fifth of "
        "the ballots. Each ballot stands by its first choice. A project with "
        "enough ballots is funded, and what it has more than it needs moves on to the next "
        "choices of its ballots, the same part of each. When no project has enough, the one that "
        "is furthest from it is dropped, and its ballots move on. Money that is left is spent by "
        "points. For example, ten ballots share 100. Five rank the park, then the benches; one "
        "ranks the trees, then the park; four rank the benches alone. The park costs 60 and needs "
        "six ballots, the benches cost 40 and need four, the trees cost 20 and need two. The four "
        "fund the benches. The trees are dropped, their ballot moves to the park, and the park "
        "is funded."
    ),
    parameters=RANKED_COMPLETED_PARAMETERS,
    run=transfer,
    check=check_completed,
)
