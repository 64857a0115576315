"""Whether another order among equals would have funded an option, under any rule with a ledger.

The count is made with a tie order in which the option goes before all others, which follow as the
chain has them. So nothing changes but where the option is equal to another.
"""

from dataclasses import replace

from voting.counting.counts import Count
from voting.counting.explanations.trials import Trials, Unanswered
from voting.counting.rules import Stage
from voting.counting.rules.completion import USUAL_TIES
from voting.counting.rules.greedy import order_of_turns
from voting.counting.rules.ties import PLACE, Ties


def lost_tie(result: Count, trials: Trials, stage: Stage) -> bool:
    """Whether an option that was not funded would have been, as the first of those equal to it."""
    if stage.is_funded or not _stood_level(result, stage.option):
        return False
    contest, own = result.contest, trials.number[stage.option]
    by_ref = {each.option: each for each in result.outcomes}
    votes = [by_ref[ref].ballots for ref in contest.ids]
    points = [by_ref[ref].points for ref in contest.ids]
    ranks = Ties.of(contest, result.ballots, votes, USUAL_TIES).ranks
    if _others(order_of_turns(points, ranks), own) != _others(
        order_of_turns(points, contest.tie_ranks), own
    ):
        return False  # what is spent by score goes by the tie order alone, and would change too
    order = sorted(range(len(ranks)), key=lambda option: (option != own, ranks[option]))
    kept = {key: given for key, given in contest.parameters.items() if key != "seed"}
    asked = replace(
        trials.contest,
        tie_order=tuple(contest.ids[option] for option in order),
        parameters={**kept, "ties": [PLACE]},
    )
    try:
        return stage.option in trials.run(asked, trials.ballots).funded
    except Unanswered:
        return False


def _stood_level(result: Count, ref: str) -> bool:
    """Whether it was equal to another at any stage on record."""
    return any(
        each.tied_with and (each.option == ref or ref in each.tied_with) for each in result.stages
    )


def _others(order: list[int], own: int) -> list[int]:
    return [option for option in order if option != own]
