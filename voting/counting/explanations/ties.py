"""Whether another order among equals would have funded an option, under any rule with a ledger.

The count is made with a tie order in which the option goes before all others, which follow as the
chain has them. So nothing changes but where the option is equal to another. What is spent by score
goes by the tie order whatever the chain; where the option was equal to another there, it is put
before all others in that order alone.
"""

from dataclasses import replace

from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.explanations.trials import Trials, Unanswered
from voting.counting.rules import Stage
from voting.counting.rules.completion import USUAL_TIES
from voting.counting.rules.greedy import order_of_turns
from voting.counting.rules.rule import FILL_PART, GREEDY_PART
from voting.counting.rules.ties import PLACE, Ties


def lost_tie(result: Count, trials: Trials, stage: Stage) -> bool:
    """Whether an option that was not funded would have been, as the first of those equal to it."""
    if stage.is_funded:
        return False
    asked = []
    if _stood_level(result, stage.option, in_turns=False):
        asked += _first_of_the_chain(result, trials, stage)
    if _stood_level(result, stage.option, in_turns=True):
        order = sorted(result.contest.tie_order, key=lambda ref: ref != stage.option)
        asked.append(replace(trials.contest, tie_order=tuple(order)))
    try:
        return any(stage.option in trials.run(each, trials.ballots).funded for each in asked)
    except Unanswered:
        return False


def _first_of_the_chain(result: Count, trials: Trials, stage: Stage) -> list[Contest]:
    """The contest in which the option goes first wherever the chain decides, if that is all."""
    contest, own = result.contest, trials.number[stage.option]
    by_ref = {each.option: each for each in result.outcomes}
    votes = [by_ref[ref].ballots for ref in contest.ids]
    points = [by_ref[ref].points for ref in contest.ids]
    ranks = Ties.of(contest, result.ballots, votes, USUAL_TIES).ranks
    if _others(order_of_turns(points, ranks), own) != _others(
        order_of_turns(points, contest.tie_ranks), own
    ):
        return []  # what is spent by score goes by the tie order alone, and would change too
    order = sorted(range(len(ranks)), key=lambda option: (option != own, ranks[option]))
    kept = {key: given for key, given in contest.parameters.items() if key != "seed"}
    changed = replace(
        trials.contest,
        tie_order=tuple(contest.ids[option] for option in order),
        parameters={**kept, "ties": [PLACE]},
    )
    return [changed]


def _stood_level(result: Count, ref: str, *, in_turns: bool) -> bool:
    """Whether it was equal to another at any stage on record, in the turns or elsewhere."""
    return any(
        each.tied_with and (each.option == ref or ref in each.tied_with)
        for each in result.stages
        if (each.part in (GREEDY_PART, FILL_PART)) == in_turns
    )


def _others(order: list[int], own: int) -> list[int]:
    return [option for option in order if option != own]
