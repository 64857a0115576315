"""Elections to hold beside other programs: real ones, drawn ones, and how they are handed over."""

import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

from tests.counting.real_elections import ALL
from voting.counting import Ballots, Contest, Option, read_pb

Election = tuple[Contest, Ballots]
KINDS = ("ordinal", "approval", "cumulative")


def case_of(election: Election, rule: str, worth: str = "", **settings: Any) -> dict[str, Any]:
    """The election as scripts/pabutools_count.py takes it."""
    contest, ballots = election
    kind = "approval" if contest.vote_type == "choose-1" else contest.vote_type
    given = [None] * len(ballots.options) if ballots.points is None else ballots.points.tolist()
    points = [given[start:end] for start, end in pairwise(ballots.starts.tolist())]
    return {
        "kind": kind,
        "budget": contest.budget,
        "projects": list(zip(contest.ids, contest.costs, strict=True)),
        "tie_order": list(contest.tie_order),
        "ballots": [
            {"named": named, "points": marks if kind == "cumulative" else None, "copies": copies}
            for (named, copies), marks in zip(ballots.rankings(contest.ids), points, strict=True)
        ],
        "rule": rule,
        "worth": worth,
        "ties": ["place"] if rule == "greedy" else ["cheaper", "votes", "place"],
    } | settings


def ruled(election: Election, rule: str, **parameters: Any) -> Election:
    """The same election, to be counted by this rule and nothing else."""
    contest, ballots = election
    return replace(contest, rule=rule, rule_version="", parameters=parameters), ballots


def real(most_ballots: int) -> dict[str, Election]:
    """The real elections with at most so many ballots, by name."""
    read = {election.name: read_pb(election.path) for election in ALL}
    return {name: found for name, found in read.items() if len(found[1]) <= most_ballots}


def drawn(kind: str, number: int, costs: int = 9) -> list[Election]:
    """So many elections of this kind, always the same ones; few distinct costs make many ties."""
    lots = random.Random(f"elections of kind {kind}")
    return [_drawn(kind, lots, costs) for _ in range(number)]


def drawn_gifts(number: int) -> list[Election]:
    """Cumulative votes whose shares and donations are the same in floats: halves of halves.

    Two, four or eight ballots give sixteen points each, as pabutools wants equal ones.
    """
    lots = random.Random("elections of gifts")
    return [_drawn_gifts(lots) for _ in range(number)]


def _drawn_gifts(lots: random.Random) -> Election:
    refs = [f"P{n}" for n in range(lots.randint(2, 5))]
    contest = Contest.build(
        "Drawn",
        lots.randint(6, 40) * 500,
        [Option.build(ref, lots.randint(1, 9) * 600) for ref in refs],
        vote_type="cumulative",
        tie_order=lots.sample(refs, len(refs)),
    )
    rows = []
    for _ in range(lots.choice([2, 4, 8])):
        named = lots.sample(range(len(refs)), lots.randint(1, len(refs)))
        cuts = [0, *sorted(lots.sample(range(1, 16), len(named) - 1)), 16]
        rows.append((named, [high - low for low, high in pairwise(cuts)]))
    return contest, Ballots.from_points(rows)


def _drawn(kind: str, lots: random.Random, costs: int) -> Election:
    refs = [f"P{n}" for n in range(lots.randint(1, 7))]
    options = [Option.build(ref, lots.randint(1, costs) * 5400 // costs) for ref in refs]
    tie_order = lots.sample(refs, len(refs))
    contest = Contest.build(
        "Drawn", lots.randint(6, 60) * 500, options, vote_type=kind, tie_order=tie_order
    )
    rows = [
        lots.sample(range(len(refs)), lots.randint(1, len(refs)))
        for _ in range(lots.randint(1, 14))
    ]
    if kind != "cumulative":
        return contest, Ballots.from_rows(rows if kind == "ordinal" else map(sorted, rows))
    return contest, Ballots.from_points((row, [lots.randint(0, 4) for _ in row]) for row in rows)
