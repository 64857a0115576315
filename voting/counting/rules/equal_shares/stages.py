"""The outcome of equal shares as the stages that are published."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.parameters import fraction_text
from voting.counting.rules.equal_shares.outcome import Outcome, find_outcome
from voting.counting.rules.greedy import order_of_turns
from voting.counting.rules.rule import (
    FILL_PART,
    FUNDED,
    GREEDY_PART,
    SHARES_PART,
    SKIPPED,
    Counted,
    Record,
    Stage,
)

BELOW_ENTRY = "below_entry"
UNPAID = "unpaid"


def equal_shares(contest: Contest, counted: Counted) -> Record:
    """Run the rule: what was bought in order, then the other options by falling score.

    The outcome of an option that nothing funded is "skipped" (in its turn of a greedy completion it
    did not fit), "unpaid" (its supporters' money did not suffice and there was no other turn) or
    "below_entry" (too few votes for its cost to take part).
    """
    if not isinstance(counted, Ballots):
        raise CountingError("Equal shares needs the ballots themselves, not a table of ranks.")
    outcome = find_outcome(contest, counted)
    stages = list(_stages(contest, outcome))
    funded = {stage.option for stage in stages if stage.is_funded}
    numbered = tuple(
        replace(
            stage,
            number=number,
            tie_decides=stage.part == SHARES_PART and not funded >= set(stage.tied_with),
        )
        for number, stage in enumerate(stages, 1)
    )
    return Record(numbered, _facts(outcome))


def _facts(outcome: Outcome) -> dict[str, Any]:
    """Of the run as a whole: everybody's first share, and what the comparison found."""
    facts: dict[str, Any] = {"share": fraction_text(outcome.shares.start)}
    if outcome.preferring is not None:
        for_shares, for_greedy = outcome.preferring
        facts |= {"prefer_shares": for_shares, "prefer_greedy": for_greedy}
        facts["decided_by"] = "greedy" if outcome.replaced else "shares"
    return facts


def _stages(contest: Contest, outcome: Outcome) -> Iterator[Stage]:
    left, ids, costs = contest.budget, contest.ids, contest.costs
    heard: set[int] = set(outcome.turns)
    if not outcome.replaced:
        for purchase, paid in zip(outcome.shares.bought, outcome.payments, strict=True):
            option = purchase.option
            heard.add(option)
            yield replace(
                _stage(contest, outcome, option, left, SHARES_PART, FUNDED),
                price=paid.price,
                payers=paid.payers,
                tier=purchase.tier,
                share=outcome.shares.start,
                tied_with=tuple(ids[other] for other in purchase.tied_with),
                tie_broken_by=outcome.ties.broken_by(option, purchase.tied_with),
            )
            left -= costs[option]
    part = GREEDY_PART if outcome.replaced else FILL_PART
    for option in outcome.turns:
        fits = costs[option] <= left
        yield _stage(contest, outcome, option, left, part, FUNDED if fits else SKIPPED)
        left -= costs[option] if fits else 0
    for option in order_of_turns(outcome.scores.points, contest.tie_ranks):
        if option not in heard:
            why = UNPAID if outcome.entered[option] else BELOW_ENTRY
            yield _stage(contest, outcome, option, left, SHARES_PART, why)


def _stage(
    contest: Contest, outcome: Outcome, option: int, left: int, part: str, result: str
) -> Stage:
    cost, scores = contest.costs[option], outcome.scores
    return Stage(
        number=0,
        option=contest.ids[option],
        points=scores.points[option],
        ballots=scores.ballots[option],
        cost=cost,
        money_before=left,
        money_after=left - cost if result == FUNDED else left,
        outcome=result,
        part=part,
    )
