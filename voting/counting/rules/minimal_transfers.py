"""Minimal transfers over costs: voters split their share, and gather it where it is enough.

Skowron, Slinko, Szufa and Talmon, "Participatory Budgeting with Cumulative Votes", arXiv
2009.02690. Every ballot has an equal share and splits it by its points. A project that is given its
cost is funded, of several the one with the most for its cost (there: greedy by support over cost),
and what is too much goes back in proportion (there: excess redistribution). Where none is given
enough, the supporters of one who could afford it together move money to it, in proportion to what
they give it already (there: minimal transfers). What is left at the end we spend by points, where
the paper accepts projects with too little support.
"""

from voting.counting.contest import Contest
from voting.counting.parameters import fraction_text
from voting.counting.rules.completion import (
    COMPLETED_PARAMETERS,
    check_completed,
    completes,
    open_ledger,
)
from voting.counting.rules.donations import Donations
from voting.counting.rules.ledger import Ledger
from voting.counting.rules.rule import Counted, Record, Rule
from voting.counting.rules.texts import N_
from voting.counting.rules.ties import Ties
from voting.counting.rules.units import UNIT, with_most, worth

DONATIONS_PART = "donations"
TRANSFERS_PART = "transfers"


def gather(contest: Contest, counted: Counted) -> Record:
    """Run the rule; see docs/counting/rules.md, which says it step by step."""
    ballots, ties, ledger = open_ledger(contest, counted)
    value = worth(ballots)
    quotas = [max(1, value * cost // contest.budget) for cost in contest.costs]
    donations = Donations(contest, ballots)
    waiting = list(range(len(contest.options)))
    while True:
        option = _fund_one(contest, waiting, quotas, donations, ties, ledger)
        if option is None:
            break
        waiting.remove(option)
    if completes(contest):
        ledger.spend()
    ledger.close(DONATIONS_PART)
    return ledger.record({"unit": UNIT})


def _fund_one(
    contest: Contest,
    waiting: list[int],
    quotas: list[int],
    donations: Donations,
    ties: Ties,
    ledger: Ledger,
) -> int | None:
    """Fund what is given enough, or else what its donors can gather enough for, if anything is."""
    support = donations.support()
    fitting = [c for c in waiting if ledger.fits(c)]
    enough = [c for c in fitting if support[c] >= quotas[c]]
    if enough:
        option, *equals = with_most(enough, support, contest.costs, ties.ranks)
        told = {"support": support[option], "quota": quotas[option]}
        payers = donations.pay(option, quotas[option], support[option])
        ledger.fund(option, DONATIONS_PART, equals, payers=payers, details=told)
        return option
    reach = donations.reach()
    able = [c for c in fitting if support[c] and reach[c] >= quotas[c]]
    if not able:
        return None
    option, *equals = with_most(able, support, contest.costs, ties.ranks)
    factor, payers = donations.gather(option, quotas[option])
    gathered = {
        "support": support[option], "quota": quotas[option], "factor": fraction_text(factor)
    }  # fmt: skip
    ledger.fund(option, TRANSFERS_PART, equals, payers=payers, details=gathered)
    return option


MINIMAL_TRANSFERS = Rule(
    name="minimal-transfers",
    version="1",
    vote_types=("cumulative",),
    title=N_("Minimal transfers"),
    explanation=N_(
        "Every ballot has an equal share of the budget and splits it by its points. A project "
        "that is given its cost is funded; what is too much goes back and on to the donors’ other "
        "projects. When none is given enough, the nearest to its cost that its donors could pay "
        "for together is funded: each gives more to it, in proportion. Money left at the end is "
        "spent by points. For example, ten ballots have 10 each. Five give 8 to the park and 2 to "
        "the benches, five give 4 to the benches and 6 to the trees. The park costs 32 and is "
        "given 40: it is funded, and 8 goes on to the benches. They cost 40 and are given 38; the "
        "first five have no more, the others give 4.40 instead of 4. The trees cost 50, "
        "more than their donors have left."
    ),
    parameters=COMPLETED_PARAMETERS,
    run=gather,
    check=check_completed,
)
