"""The rules that use up votes once more, ballot by ballot, as docs/counting/rules.md words them.

No arrays, no groups, no short cuts: each returns what happens in order, as ids.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from voting.counting import Ballots, Contest, Count, Option

UNIT = 10**9
Row = dict[str, int]
"""A ballot: its projects in order, with their points where it gives any."""


def leaves_nothing_that_fits(result: Count) -> bool:
    """Whether no option without money would fit what is left, and nothing was overspent."""
    waiting = [stage.cost for stage in result.outcomes if not stage.is_funded]
    return 0 <= result.left < min(waiting, default=result.contest.budget + 1)


class Money:
    """What the definitions have in common: costs, what is left, and the tie chain."""

    def __init__(self, contest: Contest, rows: list[Row]) -> None:
        self.cost = dict(zip(contest.ids, contest.costs, strict=True))
        self.budget = self.left = contest.budget
        self.rows, self.order = rows, contest.tie_order
        self.funded: list[str] = []

    def rank(self, ref: str) -> tuple[int, int, int]:
        """Cheaper, then on more ballots, then earlier in the tie order."""
        return (self.cost[ref], -sum(ref in row for row in self.rows), self.order.index(ref))

    def best(self, refs: Iterable[str], ratios: Mapping[str, Fraction]) -> str:
        return min(refs, key=lambda ref: (-ratios[ref], self.rank(ref)))

    def fund(self, ref: str) -> None:
        self.left -= self.cost[ref]
        self.funded.append(ref)

    def quota(self, ref: str) -> int:
        return -(-len(self.rows) * UNIT * self.cost[ref] // self.budget)


def expanding_approvals(contest: Contest, rows: list[Row]) -> list[tuple[str, int, int]]:
    """What is funded, with its support and what a supporter pays at the most."""
    said = []
    money = Money(contest, rows)
    units = [UNIT] * len(rows)
    for j in range(1, max(map(len, rows), default=0) + 1):
        while True:
            behind = {
                ref: [i for i, row in enumerate(rows) if ref in list(row)[:j]]
                for ref in contest.ids
            }
            support = {ref: sum(units[i] for i in those) for ref, those in behind.items()}
            found = [
                ref for ref in contest.ids
                if ref not in money.funded and money.cost[ref] <= money.left
                and support[ref] >= money.quota(ref)
            ]  # fmt: skip
            if not found:
                break
            ref = money.best(found, {r: Fraction(support[r], money.cost[r]) for r in found})
            payment = -(-money.quota(ref) // len(behind[ref]))
            while sum(min(units[i], payment) for i in behind[ref]) < money.quota(ref):
                payment += 1 + (
                    money.quota(ref) - 1 - sum(min(units[i], payment) for i in behind[ref])
                ) // len(behind[ref])
            for i in behind[ref]:
                units[i] -= min(units[i], payment)
            money.fund(ref)
            said.append((ref, support[ref], payment))
    return said


def budget_stv(contest: Contest, rows: list[Row]) -> list[tuple[str, str, int]]:
    """The projects as they stop continuing, with the outcome of each and its support."""
    money = Money(contest, rows)
    units, said = [UNIT] * len(rows), []
    going = list(contest.ids) if rows else []
    while going:
        for ref in sorted(going, key=money.rank):
            if money.cost[ref] > money.left:
                going.remove(ref)
                said.append((ref, "dropped_cost", -1))
        stands = [next((ref for ref in row if ref in going), None) for row in rows]
        ratio = {
            ref: Fraction(
                sum(u for u, at in zip(units, stands, strict=True) if at == ref), money.quota(ref)
            )
            for ref in going
        }
        if not going:
            break
        ref = money.best(going, ratio)
        if ratio[ref] >= 1:
            support = ratio[ref] * money.quota(ref)
            for i, at in enumerate(stands):
                if at == ref:
                    units[i] = int(units[i] * (support - money.quota(ref)) / support)
            money.fund(ref)
            said.append((ref, "funded", int(support)))
        else:
            ref = max(going, key=lambda ref: (-ratio[ref], money.rank(ref)))
            said.append((ref, "dropped_support", int(ratio[ref] * money.quota(ref))))
        going.remove(ref)
    return said


def phragmen(
    contest: Contest, rows: list[Row], no_skip: bool = False
) -> list[tuple[str, Fraction]]:
    """The projects as they have their turns, each with its time."""
    said = []
    money = Money(contest, rows)
    load = [Fraction(0)] * len(rows)
    behind = {ref: [i for i, row in enumerate(rows) if ref in row] for ref in contest.ids}
    waiting = [ref for ref in contest.ids if behind[ref]]
    while waiting:
        time = {
            ref: (money.cost[ref] + sum(load[i] for i in behind[ref])) / Fraction(len(behind[ref]))
            for ref in waiting
        }
        ref = money.best(waiting, {r: -time[r] for r in waiting})
        waiting.remove(ref)
        said.append((ref, time[ref]))
        if money.cost[ref] <= money.left:
            money.fund(ref)
            for i in behind[ref]:
                load[i] = time[ref]
        elif no_skip:
            break
    return said


def minimal_transfers(contest: Contest, rows: list[Row]) -> list[tuple[str, int]]:
    """What is funded, with what it is given before anything is moved to it."""
    said: list[tuple[str, int]] = []
    money = Money(contest, rows)
    gifts = [_split(UNIT, {r: p for r, p in row.items() if p > 0}, money.order) for row in rows]
    quota = {ref: max(1, len(rows) * UNIT * money.cost[ref] // money.budget) for ref in contest.ids}
    while True:
        support = {ref: sum(gift.get(ref, 0) for gift in gifts) for ref in contest.ids}
        reach = {
            ref: sum(sum(gift.values()) for gift in gifts if gift.get(ref)) for ref in contest.ids
        }
        fitting = [
            ref for ref in contest.ids if ref not in money.funded and money.cost[ref] <= money.left
        ]
        enough = [ref for ref in fitting if support[ref] >= quota[ref]]
        able = enough or [ref for ref in fitting if reach[ref] >= quota[ref]]
        if not able:
            return said
        ref = money.best(able, {r: Fraction(support[r], money.cost[r]) for r in able})
        factor = None if enough else _factor(gifts, ref, quota[ref])
        for gift in gifts:
            given, total = gift.pop(ref, 0), sum(gift.values())
            if not given:
                continue
            if factor is None:
                back = _split(given - given * quota[ref] // support[ref], gift, money.order)
                for other, more in back.items():
                    gift[other] += more
            else:
                paid = min(given + total, int(factor * given))
                gift.update(_split(given + total - paid, gift, money.order))
        money.fund(ref)
        said.append((ref, support[ref]))


def _split(amount: int, weights: dict[str, int], order: tuple[str, ...]) -> dict[str, int]:
    parts, before, whole = {}, 0, sum(weights.values())
    for ref in sorted(weights, key=order.index):
        upto = before + weights[ref]
        parts[ref] = amount * upto // whole - amount * before // whole if whole else 0
        before = upto
    return parts


def _factor(gifts: list[dict[str, int]], ref: str, quota: int) -> Fraction:
    """Donors in the order in which their money runs out."""
    donors = sorted(
        (Fraction(sum(gift.values()), gift[ref]), gift[ref]) for gift in gifts if gift.get(ref)
    )
    missing, given = Fraction(quota), sum(gift for _, gift in donors)
    for most, gift in donors:
        if missing <= most * given:
            return missing / given
        missing -= most * gift
        given -= gift
    raise AssertionError("together they have less than the quota")


@st.composite
def votes(draw: st.DrawFn, rule: str, vote_type: str) -> tuple[Contest, list[Row]]:
    """Few projects, costs and points, so that ties and tight money are common."""
    refs = [f"P{n}" for n in range(draw(st.integers(1, 6)))]
    costs = draw(st.lists(st.integers(1, 9), min_size=len(refs), max_size=len(refs)))
    parameters: dict[str, Any] = {"completion": "none"}
    contest = Contest.build(
        "Random", draw(st.integers(1, 25)),
        [Option.build(ref, cost) for ref, cost in zip(refs, costs, strict=True)],
        vote_type=vote_type, rule=rule, tie_order=draw(st.permutations(refs)),
        parameters=parameters,
    )  # fmt: skip
    listed = st.lists(st.sampled_from(refs), min_size=1, unique=True)
    points = st.integers(0, 4) if vote_type == "cumulative" else st.just(1)
    ballot = listed.flatmap(lambda some: st.fixed_dictionaries(dict.fromkeys(some, points)))
    return contest, draw(st.lists(ballot, max_size=9))


def as_ballots(contest: Contest, rows: Iterable[Row]) -> Ballots:
    number = {ref: place for place, ref in enumerate(contest.ids)}
    listed = [[number[ref] for ref in row] for row in rows]
    if contest.vote_type != "cumulative":
        return Ballots.from_rows(listed)
    return Ballots.from_points(
        (options, list(row.values())) for options, row in zip(listed, rows, strict=True)
    )
