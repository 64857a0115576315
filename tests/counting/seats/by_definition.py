"""Instant runoff and both single transferable votes once more, paper by paper, as they are defined.

Slow and plain, with dictionaries and one pile of equal papers at a time: what the package's tables
are held to. Only for papers that rank one candidate after the other, without a gap or repetition.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tests.counting.seats.races import Ranks
from voting.counting.seats import Race

Tallies = dict[str, int]
Counted = tuple[tuple[str, ...], list[Tallies]]
"""The elected in their order, and the tallies of every stage."""

FIVE_DECIMALS = 100_000
NINE_DECIMALS = 1_000_000_000


@dataclass
class Pile:
    """Equal papers: whom they rank, whose they are now, and what each is worth."""

    ranks: list[str]
    copies: int
    value: int = 1
    holder: str | None = None


def instant_runoff(race: Race, marks: Mapping[Ranks, int]) -> Counted:
    """One seat; ties by the latest stage at which the tied differ, then by lot."""
    piles, inside = _piles(race, marks), list(race.ids)
    stages: list[Tallies] = []
    while True:
        for pile in piles:
            pile.holder = _next(pile, inside)
        stages.append(_tallies(race.ids, piles))
        counted = sum(stages[-1].values())
        ahead = [name for name in inside if 2 * stages[-1][name] > counted]
        if ahead or len(inside) == 1:
            return tuple(ahead or inside), stages
        inside.remove(_lowest(race, inside, stages))


def scottish(race: Race, marks: Mapping[Ranks, int]) -> Counted:
    """SSI 2007/42, rules 45 to 52, in hundred-thousandths of a paper."""
    piles = _piles(race, marks, FIVE_DECIMALS)
    quota = (sum(pile.copies for pile in piles) // (race.seats + 1) + 1) * FIVE_DECIMALS
    inside, elected, waiting = list(race.ids), list[str](), list[str]()
    stages: list[Tallies] = []
    for pile in piles:
        pile.holder = _next(pile, inside)
    while True:
        now = _tallies(race.ids, piles)
        now.update({name: quota for name in elected if name not in waiting})
        stages.append(now)
        reached = [name for name in inside if now[name] >= quota]
        if len(inside) - len(reached) <= race.seats - len(elected) - len(reached):
            reached = _ordered(race, reached, stages)
            inside = [name for name in inside if name not in reached]
            return (*elected, *reached, *_ordered(race, inside, stages)), stages
        for name in _ordered(race, reached, stages):
            inside.remove(name)
            elected.append(name)
            waiting += [name] if now[name] > quota else []
        if len(elected) == race.seats:
            return tuple(elected), stages
        if waiting:
            giver = _highest(race, waiting, stages)
            waiting.remove(giver)
            part, whole = now[giver] - quota, now[giver]
        else:
            giver, part, whole = _lowest(race, inside, stages), 1, 1
            inside.remove(giver)
        for pile in piles:
            if pile.holder == giver:
                pile.value = pile.value * part // whole
                pile.holder = _next(pile, inside)


def meek(race: Race, marks: Mapping[Ranks, int]) -> Counted:
    """The Reference Meek Rule, in billionths of a paper; the steps have its letters."""
    one = NINE_DECIMALS
    keeps, hopeful, elected = dict.fromkeys(race.ids, one), list(race.ids), list[str]()
    stages: list[Tallies] = []
    while True:
        before = None
        while True:
            votes = _passed_on(race, marks, keeps)  # B.2.a
            quota = sum(votes.values()) // (race.seats + 1) + 1  # B.2.b
            reached = [name for name in hopeful if votes[name] >= quota]  # B.2.c
            surplus = max(0, sum(votes[name] - quota for name in elected))  # B.2.d
            if reached or surplus < one // 1_000_000 or (before is not None and surplus >= before):
                break  # B.2.e
            before = surplus
            for name in elected:  # B.2.f
                keeps[name] = min(one, _up(_up(keeps[name] * quota, one) * one, votes[name]))
        stages.append(votes)
        elected += _ordered(race, reached, [votes])
        hopeful = [name for name in hopeful if name not in elected]
        if len(elected) == race.seats or not hopeful:
            return tuple(elected), stages
        if len(elected) + len(hopeful) <= race.seats:  # C
            return (*elected, *_ordered(race, hopeful, [votes])), stages
        if not reached:  # B.3
            fewest = min(votes[name] for name in hopeful) + surplus
            tied = [name for name in hopeful if votes[name] <= fewest]
            out = max(tied, key=race.tie_order.index)
            hopeful.remove(out)
            keeps[out] = 0


def _passed_on(race: Race, marks: Mapping[Ranks, int], keeps: Tallies) -> Tallies:
    votes = dict.fromkeys(race.ids, 0)
    for pile in _piles(race, marks):
        weight = NINE_DECIMALS
        for name in pile.ranks:
            kept = _up(weight * keeps[name], NINE_DECIMALS)
            votes[name] += kept * pile.copies
            weight -= kept
    return votes


def _piles(race: Race, marks: Mapping[Ranks, int], value: int = 1) -> list[Pile]:
    return [
        Pile([race.ids[rank[0]] for rank in ranks], copies, value)
        for ranks, copies in marks.items()
        if ranks
    ]


def _next(pile: Pile, inside: list[str]) -> str | None:
    return next((name for name in pile.ranks if name in inside), None)


def _tallies(names: Iterable[str], piles: list[Pile]) -> Tallies:
    return {
        name: sum(pile.copies * pile.value for pile in piles if pile.holder == name)
        for name in names
    }


def _lowest(race: Race, group: list[str], stages: list[Tallies]) -> str:
    for stage in reversed(stages):
        group = [name for name in group if stage[name] == min(stage[each] for each in group)]
    return max(group, key=race.tie_order.index)


def _highest(race: Race, group: list[str], stages: list[Tallies]) -> str:
    for stage in reversed(stages):
        group = [name for name in group if stage[name] == max(stage[each] for each in group)]
    return min(group, key=race.tie_order.index)


def _ordered(race: Race, group: list[str], stages: list[Tallies]) -> list[str]:
    """The highest first, one after the other."""
    order: list[str] = []
    while left := [name for name in group if name not in order]:
        order.append(_highest(race, left, stages))
    return order


def _up(number: int, by: int) -> int:
    """Divided and rounded up."""
    return -(-number // by)
