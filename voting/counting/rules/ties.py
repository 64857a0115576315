"""What decides between equal options: a declared chain, the same for every rule for money.

    {"ties":["cheaper","first_ranks","lot"],"seed":"5f1c…","tie_order":[…]}

Each way of the chain is asked in turn; the contest's tie order, which a city may have drawn or set
by hand, is always the last. The lot is the order of SHA-256 over the seed and the id, so that
anybody can draw it again:

    printf 'SEED\\nties\\nID' | sha256sum         the lowest hash wins
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.rank_table import RankTable
from voting.counting.rules.texts import N_

CHEAPER, VOTES, FIRST_RANKS, LOT, PLACE = WAYS = (
    "cheaper",
    "votes",
    "first_ranks",
    "lot",
    "place",
)
TIE_PARAMETERS = {
    "tie_order": N_("All projects, the one that wins a tie first."),
    "ties": N_(
        "What decides between equal projects, in turn: cheaper, votes (more ballots name it), "
        "first_ranks (more ballots rank it first), lot, and at last place in the tie_order."
    ),
    "seed": N_("What the lot is drawn from; published before voting."),
}
_LONGEST_SEED = 200


@dataclass(frozen=True, slots=True)
class Ties:
    """The chain, and by option what each way of it goes by: the lower wins.

    `ranks` are different numbers, by option, the lower the better: the whole chain at once.
    """

    ways: tuple[str, ...]
    measures: tuple[tuple[int, ...], ...]
    ranks: tuple[int, ...]

    @classmethod
    def of(
        cls,
        contest: Contest,
        counted: Ballots | RankTable,
        votes: Sequence[int],
        usual: Sequence[str] = (PLACE,),
    ) -> "Ties":
        """The contest's chain, or the usual one of its rule; `votes` are the ballots by option."""
        ways = tuple(dict.fromkeys((*contest.parameters.get("ties", usual), PLACE)))
        columns = [_measure(way, contest, counted, votes) for way in ways]
        measures = tuple(zip(*columns, strict=True))
        ranks = [0] * len(measures)
        for rank, option in enumerate(sorted(range(len(measures)), key=measures.__getitem__)):
            ranks[option] = rank
        return cls(ways, measures, tuple(ranks))

    def broken_by(self, option: int, others: Iterable[int]) -> str:
        """The way that put the option before, or behind, the nearest of those it was equal to.

        Empty where there are no others.
        """
        own = self.measures[option]
        depths = (
            next(at for at, (ours, theirs) in enumerate(zip(own, measure, strict=True))
                 if ours != theirs)
            for measure in (self.measures[other] for other in others)
        )  # fmt: skip
        deepest = max(depths, default=None)
        return "" if deepest is None else self.ways[deepest]


def lot_order(seed: str, ids: Iterable[str]) -> list[str]:
    """The ids as the lot of this seed puts them, the one that wins a tie first."""
    import hashlib  # brings OpenSSL along, which most counts do not need

    return sorted(ids, key=lambda ref: hashlib.sha256(f"{seed}\nties\n{ref}".encode()).digest())


def refuse_unknown(parameters: Mapping[str, Any], known: Iterable[str]) -> None:
    """Refuse a parameter that the rule does not know; the tie_order is the contest's own."""
    unknown = sorted(set(parameters) - (set(known) - {"tie_order"}))
    if unknown:
        raise CountingError(f"The rule knows no parameter {unknown[0][:40]!r}.")


def check_ties(contest: Contest, parameters: Mapping[str, Any]) -> None:
    """Refuse a chain or a seed that is not as it must be."""
    ways = parameters.get("ties", [PLACE])
    listed = isinstance(ways, list) and bool(ways) and all(way in WAYS for way in ways)
    if not listed or len(set(ways)) < len(ways):
        raise CountingError(f"The ties must be a list of some of {', '.join(WAYS)}, each once.")
    if FIRST_RANKS in ways and contest.vote_type != "ordinal":
        raise CountingError("Ties can go by first_ranks on ordinal ballots only.")
    seed = parameters.get("seed", "-")
    if not isinstance(seed, str) or not 0 < len(seed) <= _LONGEST_SEED or not seed.isprintable():
        raise CountingError("The seed must be a line of text of at most 200 characters.")
    if (LOT in ways) != ("seed" in parameters):
        raise CountingError("A lot among the ties needs a seed, and a seed is for a lot only.")


def _measure(
    way: str, contest: Contest, counted: Ballots | RankTable, votes: Sequence[int]
) -> Sequence[int]:
    """By option what this way goes by; the lower wins."""
    if way == CHEAPER:
        return contest.costs
    if way == VOTES:
        return [-each for each in votes]
    if way == FIRST_RANKS:
        return _first_ranks(counted, len(contest.options))
    if way == LOT:
        place = {
            ref: at for at, ref in enumerate(lot_order(contest.parameters["seed"], contest.ids))
        }
        return [place[ref] for ref in contest.ids]
    return contest.tie_ranks


def _first_ranks(counted: Ballots | RankTable, options: int) -> list[int]:
    placings = counted.placings()
    sums = np.zeros(options, np.int64)
    first = placings.rank == 1
    np.add.at(sums, placings.option[first], placings.ballots[first])
    return [-int(each) for each in sums]
