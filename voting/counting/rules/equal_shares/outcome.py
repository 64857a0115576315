"""From ballots and settings to an outcome: the run of equal shares, its completion, the comparison.

Everything here counts with option numbers; `stages` says it in the words of the published record.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.rules.equal_shares import certified
from voting.counting.rules.equal_shares.add1 import Shares, raise_shares
from voting.counting.rules.equal_shares.electorate import Electorate, Whole
from voting.counting.rules.equal_shares.epsilon import spend_by_epsilon
from voting.counting.rules.equal_shares.exact import pay
from voting.counting.rules.equal_shares.prices import payments
from voting.counting.rules.equal_shares.purchases import Payment, Purchase
from voting.counting.rules.equal_shares.settings import USUAL_TIES, Settings
from voting.counting.rules.greedy import State, order_of_turns, turns
from voting.counting.rules.rank_points import rank_points
from voting.counting.rules.scores import Tally, tally
from voting.counting.rules.ties import Ties
from voting.counting.statistics import preferences


@dataclass(frozen=True, slots=True)
class Outcome:
    """What equal shares bought and how it was paid, and whose turn came after it, in order.

    `helped` is what was bought with everybody's help in the completion epsilon.
    `entered` says by option whether it takes part. `replaced` means that the comparison preferred
    greedy funding: then nothing counts but `turns`, from the whole budget on. `preferring` are the
    ballots that prefer equal shares and those that prefer greedy funding, where that was asked.
    """

    scores: Tally
    ties: Ties
    electorate: Electorate
    shares: Shares
    helped: list[tuple[Purchase, Payment]]
    entered: list[bool]
    turns: list[int]
    replaced: bool = False
    preferring: tuple[int, int] | None = None

    def payments(self) -> list[Payment]:
        """The exact price of each purchase, which only the record needs."""
        return payments(self.electorate, self.shares.start, self.shares.order)


def find_outcome(contest: Contest, ballots: Ballots) -> Outcome:
    """Count the ballots by the contest's parameters, which were checked."""
    settings, scores = Settings.of(contest), tally(contest, ballots)
    entered = entered_of(contest, settings, scores, len(ballots))
    ties = Ties.of(contest, ballots, scores.ballots, USUAL_TIES)
    electorate = electorate_of(contest, ballots, settings, ties, entered)
    shares = _shares(contest, settings, electorate, entered)
    bought = {purchase.option for purchase in shares.bought}
    by_score = [c for c in order_of_turns(scores.points, contest.tie_ranks) if entered[c]]
    rest = [c for c in by_score if c not in bought] if settings.fills else []
    helped = []
    if settings.spends_by_epsilon:
        money = pay(electorate, shares.start, shares.bought)[1]
        helped = list(spend_by_epsilon(electorate, money, [c for c in by_score if c not in bought]))
        bought.update(purchase.option for purchase, _ in helped)
    outcome = Outcome(scores, ties, electorate, shares, helped, entered, rest)
    if settings.comparison:
        left = contest.budget - sum(contest.costs[option] for option in bought)
        ours = bought | _funded_in_turn(contest, scores, rest, left)
        rival = _funded_in_turn(contest, scores, by_score, contest.budget)
        for_us, against = preferences(contest, ballots, _ids(contest, ours), _ids(contest, rival))
        outcome = replace(outcome, preferring=(for_us, against))
        if against > for_us:
            return replace(outcome, turns=by_score, replaced=True)
    return outcome


def _funded_in_turn(contest: Contest, scores: Tally, order: list[int], left: int) -> set[int]:
    run = turns(order, contest.costs, scores.points, State(left))
    return {turn.option for turn in run if turn.funds}


def entered_of(contest: Contest, settings: Settings, scores: Tally, voters: int) -> list[bool]:
    """Who takes part: with an entry share, options with votes enough for what they cost."""
    if settings.entry_share is None:
        return [True] * len(contest.options)
    p, q = settings.entry_share.as_integer_ratio()
    return [
        votes * q * contest.budget >= p * voters * cost
        for votes, cost in zip(scores.ballots, contest.costs, strict=True)
    ]


def electorate_of(
    contest: Contest, ballots: Ballots, settings: Settings, ties: Ties, entered: list[bool]
) -> Electorate:
    """The ballots of those who take part, with what each option is worth to whom."""
    costs = contest.costs
    by_cost = settings.utility in ("cost", "rank-points-cost")
    return Electorate.build(
        ballots.bounds, ballots.options, _points(contest, ballots, settings.utility),
        ballots.narrow_copies, costs, costs if by_cost else None, ties.ranks, entered,
    )  # fmt: skip


def _points(contest: Contest, ballots: Ballots, utility: str) -> Whole | None:
    if utility == "points":
        if ballots.points is None:
            raise CountingError("The utility points needs ballots with points.")
        return ballots.points
    if utility.startswith("rank-points"):
        nothing = np.zeros(0, np.uint8)
        return np.concatenate([nothing, *(_narrow(contest, part) for part in ballots.parts())])
    return None


def _narrow(contest: Contest, ballots: Ballots) -> Whole:
    """What each mark gives, in numbers no wider than that needs."""
    points = rank_points(contest, ballots.placings())
    return points.astype(np.min_scalar_type(max(1, int(points.max(initial=1)))))


def _shares(
    contest: Contest, settings: Settings, electorate: Electorate, entered: list[bool]
) -> Shares:
    start, unit = Fraction(contest.budget, max(1, electorate.voters)), contest.unit
    if settings.start == "floor":
        start = Fraction(start // unit * unit)
    if not settings.adds_one:
        return Shares(start, certified.run(electorate, start))
    fills = [option for option, takes_part in enumerate(entered) if takes_part]
    exhaustive = settings.stop == "exhaustive"
    return raise_shares(electorate, contest.budget, start, unit, exhaustive, fills)


def _ids(contest: Contest, options: set[int]) -> list[str]:
    return [contest.ids[option] for option in options]
