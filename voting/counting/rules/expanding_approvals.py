"""Expanding approvals for budgets: ballots support ever more of their list until it is paid for.

Aziz and Lee, "Proportionally Representative Participatory Budgeting with Ordinal Preferences",
arXiv 1911.00864 (PB-EAR): every ballot has weight one; at step j it supports what it
ranks at j or better; an option with weight of at least n times its share of the budget is funded,
and its supporters lose that weight. The paper leaves open which of several is taken and who of the
supporters loses how much. Here it is the one with most support for its cost, and all pay alike, or
all they have.
"""

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
from voting.counting.rules.units import UNIT, level, quotas, with_most

PART = "ranks"


def expand(contest: Contest, counted: Counted) -> Record:
    """Run the rule; see docs/counting/rules.md, which says it step by step."""
    ballots, ties, ledger = open_ledger(contest, counted)
    if len(ballots):
        _Expansion(contest, ballots, ties, ledger).run()
    if completes(contest):
        ledger.spend()
    ledger.close(PART)
    return ledger.record({"unit": UNIT})


class _Expansion:
    """The ballots with the units that they have left, and what supports each option so far."""

    def __init__(self, contest: Contest, ballots: Ballots, ties: Ties, ledger: Ledger) -> None:
        self._ballots, self._ledger, self._ranks = ballots, ledger, ties.ranks
        self._costs, self._quotas = contest.costs, quotas(contest, ballots)
        self._open = list(range(len(contest.options)))
        self._units: Numbers = np.full(len(ballots.copies), UNIT)
        self._support: Numbers = np.zeros(len(contest.options), np.int64)
        placings = ballots.placings()
        self._option, self._rank = placings.option, placings.rank
        self._owner = np.repeat(np.arange(len(ballots.copies)), ballots.lengths)
        self._by_option = np.argsort(placings.option, kind="stable")
        self._ends = np.cumsum(np.bincount(placings.option, minlength=len(contest.options)))

    def run(self) -> None:
        for rank in range(1, int(self._ballots.lengths.max()) + 1):
            reached = np.flatnonzero(self._rank == rank)
            groups = self._owner[reached]
            given = self._units[groups] * self._ballots.copies[groups]
            np.add.at(self._support, self._option[reached], given)
            while self._fund_one(rank):
                pass

    def _fund_one(self, rank: int) -> bool:
        """Fund the option with most support for its cost, if any has enough."""
        support: list[int] = self._support.tolist()
        enough = [c for c in self._open if support[c] >= self._quotas[c] and self._ledger.fits(c)]
        if not enough:
            return False
        option, *equals = with_most(enough, support, self._costs, self._ranks)
        payment, payers = self._pay(option, rank)
        details = {
            "rank": rank,
            "support": support[option],
            "quota": self._quotas[option],
            "payment": payment,
        }
        self._ledger.fund(option, PART, equals, payers=payers, details=details)
        self._open.remove(option)
        return True

    def _pay(self, option: int, rank: int) -> tuple[int, int]:
        """Take the quota from the supporters: what each pays at the most, and how many pay."""
        entries = self._by_option[self._ends[option - 1] if option else 0 : self._ends[option]]
        groups = self._owner[entries[self._rank[entries] <= rank]]
        copies, units = self._ballots.copies[groups], self._units[groups]
        payment = level(units, copies, self._quotas[option])
        paid = np.minimum(units, payment)
        self._units[groups] = units - paid
        self._withdraw(groups, paid * copies, rank)
        return payment, int(copies[paid > 0].sum())

    def _withdraw(self, groups: Numbers, units: Numbers, rank: int) -> None:
        """What these groups paid supports nothing any more of what they support so far."""
        for place in range(rank):
            longer = self._ballots.lengths[groups] > place
            groups, units = groups[longer], units[longer]
            option = self._option[self._ballots.starts[groups] + place]
            np.subtract.at(self._support, option, units)


EXPANDING_APPROVALS = Rule(
    name="expanding-approvals",
    version="1",
    vote_types=("ordinal",),
    title=N_("Expanding approvals"),
    explanation=N_(
        "A project needs ballots in proportion to its cost: one that costs a fifth of the budget "
        "needs a fifth of the ballots. At first a ballot supports only its first choice. A "
        "project with enough support is funded, and its supporters’ ballots are used up as far as "
        "it needs them, all alike. When no project has enough, ballots support their second "
        "choices too, then the third, and so on. Money that is left is spent by points. For "
        "example, ten ballots share 100. Five rank the park, then the benches; one ranks the "
        "trees, then the park; four rank the benches alone. The park costs 60 and needs six "
        "ballots, the benches cost 40 and need four, the trees cost 20 and need two. The four "
        "fund the benches. With second choices the park has its six and is funded."
    ),
    parameters=RANKED_COMPLETED_PARAMETERS,
    run=expand,
    check=check_completed,
)
