"""The outcome of equal shares as the stages that are published."""

from typing import Any

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.parameters import fraction_text
from voting.counting.rules.equal_shares.outcome import Outcome, find_outcome
from voting.counting.rules.equal_shares.purchases import Payment, Purchase
from voting.counting.rules.greedy import State, turns
from voting.counting.rules.ledger import Ledger
from voting.counting.rules.rule import (
    EPSILON_PART,
    GREEDY_PART,
    SHARES_PART,
    UNPAID,
    Counted,
    Record,
)

BELOW_ENTRY = "below_entry"


def equal_shares(contest: Contest, counted: Counted) -> Record:
    """Run the rule: what was bought in order, then the other options by falling score.

    The outcome of an option that nothing funded is "skipped" (in its turn of a greedy completion it
    did not fit), "unpaid" (its supporters' money did not suffice and there was no other turn) or
    "below_entry" (too few votes for its cost to take part).
    """
    outcome = _outcome(contest, counted)
    ledger = Ledger(contest, outcome.scores, outcome.ties)
    if outcome.replaced:
        ledger.spend(outcome.turns, GREEDY_PART)
    else:
        _write_shares(ledger, outcome)
        ledger.spend(outcome.turns)
    ledger.close(SHARES_PART, lambda option: UNPAID if outcome.entered[option] else BELOW_ENTRY)
    return ledger.record(_facts(outcome))


def funded_by_equal_shares(contest: Contest, counted: Counted) -> frozenset[str]:
    """What the same run funds, without working out the prices that only the record tells."""
    outcome = _outcome(contest, counted)
    shares = [*outcome.shares.bought, *(purchase for purchase, _ in outcome.helped)]
    bought = [] if outcome.replaced else [purchase.option for purchase in shares]
    left = contest.budget - sum(contest.costs[option] for option in bought)
    run = turns(outcome.turns, contest.costs, outcome.scores.points, State(left))
    funded = {*bought, *(turn.option for turn in run if turn.funds)}
    return frozenset(contest.ids[option] for option in funded)


def _outcome(contest: Contest, counted: Counted) -> Outcome:
    if not isinstance(counted, Ballots):
        raise CountingError("Equal shares needs the ballots themselves, not a table of ranks.")
    return find_outcome(contest, counted)


def _write_shares(ledger: Ledger, outcome: Outcome) -> None:
    def write(part: str, purchase: Purchase, paid: Payment) -> None:
        ledger.fund(
            purchase.option, part, purchase.tied_with,
            price=paid.price, payers=paid.payers, tier=purchase.tier, share=outcome.shares.start,
        )  # fmt: skip

    for purchase, paid in zip(outcome.shares.bought, outcome.payments(), strict=True):
        write(SHARES_PART, purchase, paid)
    for purchase, paid in outcome.helped:
        write(EPSILON_PART, purchase, paid)


def _facts(outcome: Outcome) -> dict[str, Any]:
    """Of the run as a whole: everybody's first share, and what the comparison found."""
    facts: dict[str, Any] = {"share": fraction_text(outcome.shares.start)}
    if outcome.preferring is not None:
        for_shares, for_greedy = outcome.preferring
        facts |= {"prefer_shares": for_shares, "prefer_greedy": for_greedy}
        facts["decided_by"] = "greedy" if outcome.replaced else "shares"
    return facts
