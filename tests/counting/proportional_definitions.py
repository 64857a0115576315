"""Rules for which ballots pay or move on, written down as they are defined and without shortcuts.

One entry for each ballot, everything found anew at each step. Slow, and short enough to be checked
by reading; `recount.py` is held against it.
"""

import hashlib
from collections.abc import Callable, Mapping
from fractions import Fraction
from math import ceil, floor
from typing import Any

from tests.counting.recount_files import VoteFile

VOTE = 10**9
Parameters = dict[str, Any]
Units = dict[str, int]


def lists_of(vote: VoteFile) -> list[list[str]]:
    """The projects of each ballot."""
    return [ballot.partition(";")[0].split(",") for ballot in vote.ballots]


def chain(vote: VoteFile, parameters: Parameters) -> Callable[[str], list[Any]]:
    """What decides between equals: the lower comes first."""
    lists = lists_of(vote)
    ways: dict[str, Callable[[str], Any]] = {
        "cheaper": lambda one: vote.costs[one],
        "votes": lambda one: -sum(one in ballot for ballot in lists),
        "first_ranks": lambda one: -sum(one == ballot[0] for ballot in lists),
        "lot": lambda one: hashlib.sha256(f"{parameters['seed']}\nties\n{one}".encode()).digest(),
        "place": (vote.ties or list(vote.costs)).index,
    }
    words = [*parameters.get("ties", ["cheaper", "votes"]), "place"]
    return lambda one: [ways[word](one) for word in words]


def points_of_ranks(vote: VoteFile, length: int, parameters: Parameters) -> list[int]:
    """What a ballot that ranks so many gives the first, the second, and so on."""
    longest = int(vote.meta.get("max_length", 0))
    first = parameters.get("top", longest)
    scale = parameters.get("scale", "own")
    if scale == "dowdall":
        whole = next(n for n in range(1, 10**6) if all(n % m == 0 for m in range(1, longest + 1)))
        return [whole // rank for rank in range(1, length + 1)]
    return [(first if scale == "fixed" else length) - skipped for skipped in range(length)]


def left(vote: VoteFile, funded: list[str]) -> int:
    return vote.budget - sum(vote.costs[one] for one in funded)


def filled_up(
    vote: VoteFile, funded: list[str], parameters: Parameters, otherwise: str = "greedy"
) -> list[str]:
    """What is left is spent by score, if it is to be; equal scores by the tie order alone."""
    score = dict.fromkeys(vote.costs, Fraction(0))
    for ballot in vote.ballots:
        projects, _, marks = ballot.partition(";")
        named = projects.split(",")
        given = [Fraction(mark) for mark in marks.split(",") if mark] or [Fraction(1)] * len(named)
        if vote.kind == "ordinal":
            given = [Fraction(one) for one in points_of_ranks(vote, len(named), parameters)]
        for project, more in zip(named, given, strict=True):
            score[project] += more
    place = (vote.ties or list(vote.costs)).index
    if parameters.get("completion", otherwise) == "greedy":
        for project in sorted(vote.costs, key=lambda one: (-score[one], place(one))):
            if project not in funded and vote.costs[project] <= left(vote, funded):
                funded = [*funded, project]
    return funded


def expanding_approvals(vote: VoteFile, parameters: Parameters) -> list[str]:
    ballots, ties = lists_of(vote), chain(vote, parameters)
    units = [VOTE] * len(ballots)
    funded: list[str] = []
    for rank in range(1, max(map(len, ballots), default=0) + 1):
        while True:
            able = []
            for project, cost in vote.costs.items():
                quota = ceil(Fraction(len(ballots) * VOTE * cost, vote.budget))
                who = [i for i, ballot in enumerate(ballots) if project in ballot[:rank]]
                support = sum(units[i] for i in who)
                fits = project not in funded and cost <= left(vote, funded)
                if fits and support >= quota:
                    able.append((-Fraction(support, cost), ties(project), project, who, quota))
            if not able:
                break
            _, _, best, who, quota = min(able)
            most = least_whole([units[i] for i in who], quota)
            for i in who:
                units[i] -= min(units[i], most)
            funded.append(best)
    return filled_up(vote, funded, parameters)


def least_whole(purses: list[int], owed: int) -> int:
    """By halving: the least whole number that is enough."""
    low, high = 0, max(purses)
    while low < high:
        middle = (low + high) // 2
        enough = sum(min(purse, middle) for purse in purses) >= owed
        low, high = (low, middle) if enough else (middle + 1, high)
    return low


def budget_stv(vote: VoteFile, parameters: Parameters) -> list[str]:
    ballots, ties = lists_of(vote), chain(vote, parameters)
    units = [VOTE] * len(ballots)
    if not ballots:
        return filled_up(vote, [], parameters)
    funded: list[str] = []
    continuing = list(vote.costs)
    while continuing:
        continuing = [one for one in continuing if vote.costs[one] <= left(vote, funded)]
        strength = []
        for project in continuing:
            quota = ceil(Fraction(len(ballots) * VOTE * vote.costs[project], vote.budget))
            who = [
                i for i, ballot in enumerate(ballots)
                if next((one for one in ballot if one in continuing), None) == project
            ]  # fmt: skip
            support = sum(units[i] for i in who)
            ratio = Fraction(support, quota)
            strength.append((-ratio, ties(project), project, who, support, quota))
        if not strength:
            break
        _, _, best, who, support, quota = min(strength)
        if support >= quota:
            for i in who:
                units[i] = floor(Fraction(units[i] * (support - quota), support))
            funded.append(best)
            continuing.remove(best)
        else:
            continuing.remove(max(strength)[2])
    return filled_up(vote, funded, parameters)


def minimal_transfers(vote: VoteFile, parameters: Parameters) -> list[str]:
    place, ties = (vote.ties or list(vote.costs)).index, chain(vote, parameters)
    ballots: list[Units] = []
    for line in vote.ballots:
        projects, marks = (cell.split(",") for cell in line.split(";"))
        points = dict(zip(projects, map(Fraction, marks), strict=True))
        ballots.append(split(VOTE, {one: points[one] for one in points if points[one] > 0}, place))
    funded: list[str] = []
    while ballots:
        offers = []
        for project, cost in vote.costs.items():
            support = sum(ballot.get(project, 0) for ballot in ballots)
            donors = [ballot for ballot in ballots if ballot.get(project, 0) > 0]
            wealth = sum(sum(ballot.values()) for ballot in donors)
            quota = max(1, floor(Fraction(len(ballots) * VOTE * cost, vote.budget)))
            fits = project not in funded and cost <= left(vote, funded)
            if fits and wealth >= quota:
                strength = -Fraction(support, cost)
                offers.append((support < quota, strength, ties(project), project, support, quota))
        if not offers:
            break
        transfers, _, _, best, support, quota = min(offers)
        donors = [ballot for ballot in ballots if ballot.get(best, 0) > 0]
        factor = least_factor(donors, best, quota)
        for ballot in ballots:
            donation = ballot.pop(best, 0)
            others = dict(ballot)
            if donation and transfers:
                has = donation + sum(others.values())
                ballot.update(split(has - min(has, floor(factor * donation)), others, place))
            elif donation:
                rest = donation - floor(Fraction(donation * quota, support))
                for project, more in split(rest, others, place).items():
                    ballot[project] += more
        funded.append(best)
    return filled_up(vote, funded, parameters)


def split(units: int, weights: Mapping[str, int | Fraction], place: Callable[[str], int]) -> Units:
    """By the sums of the weights in the tie order, each rounded down."""
    order = sorted(weights, key=place)
    total = sum(weights.values())
    if not total:
        return {}
    sums = [floor(Fraction(units * sum(weights[one] for one in order[:n])) / total)
            for n in range(len(order) + 1)]  # fmt: skip
    return {one: sums[n + 1] - sums[n] for n, one in enumerate(order)}


def least_factor(donors: list[Units], project: str, quota: int) -> Fraction:
    """Try every number of donors that give all they have."""
    purses = sorted(
        (Fraction(sum(donor.values()), donor[project]), sum(donor.values()), donor[project])
        for donor in donors
    )
    for poor, (most, _, _) in enumerate(purses):
        owed = quota - sum(has for _, has, _ in purses[:poor])
        factor = Fraction(owed, sum(donation for _, _, donation in purses[poor:]))
        if factor <= most:
            return factor
    raise AssertionError("They had enough together.")


def phragmen(vote: VoteFile, parameters: Parameters) -> list[str]:
    ballots, ties = lists_of(vote), chain(vote, parameters)
    loads = [Fraction(0)] * len(ballots)
    funded: list[str] = []
    waiting = [one for one in vote.costs if any(one in ballot for ballot in ballots)]
    while waiting:
        times = []
        for project in waiting:
            who = [i for i, ballot in enumerate(ballots) if project in ballot]
            time = (vote.costs[project] + sum(loads[i] for i in who)) / Fraction(len(who))
            times.append((time, ties(project), project, who))
        time, _, best, who = min(times)
        waiting.remove(best)
        if vote.costs[best] <= left(vote, funded):
            funded.append(best)
            for i in who:
                loads[i] = time
        elif parameters.get("no_skip"):
            break
    return filled_up(vote, funded, parameters, "none")


def helped_by_all(
    vote: VoteFile, money: list[Fraction], gains: list[set[str]], funded: list[str],
    parameters: Parameters,
) -> list[str]:  # fmt: skip
    """Equal shares' completion "epsilon", from the money that ballots have left."""
    ties = chain(vote, parameters)
    while True:
        offers = []
        for project, cost in vote.costs.items():
            if project in funded or cost > sum(money):
                continue
            owed = Fraction(cost) - sum(purse for purse, gain in zip(money, gains, strict=True)
                              if project in gain)  # fmt: skip
            others = [i for i, gain in enumerate(gains) if project not in gain]
            offers.append((least_amount([money[i] for i in others], owed), ties(project), project))
        if not offers:
            return funded
        most, _, best = min(offers)
        funded = [*funded, best]
        money = [
            Fraction(0) if best in gain else purse - min(purse, most)
            for purse, gain in zip(money, gains, strict=True)
        ]


def least_amount(purses: list[Fraction], owed: Fraction) -> Fraction:
    """Try every number of ballots that give all they have."""
    purses = sorted(purses)
    for poor in range(len(purses)):
        most = (owed - sum(purses[:poor])) / (len(purses) - poor)
        if most <= purses[poor]:
            return most
    raise AssertionError("They had enough together.")
