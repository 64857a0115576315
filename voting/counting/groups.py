"""Where support and money lie: the options by district, by neighbourhood or by theme.

What a file says of its projects decides what they are grouped by. Ballots never say where a voter
lives, so that support is that of what she chose.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest, Option
from voting.counting.rank_table import RankTable

BY = ("district", "subunit", "neighborhood", "category")
"""Columns of PROJECTS by which options are grouped: the first by which they differ."""
ORDERED = ("ordinal",)


@dataclass(frozen=True, slots=True)
class Group:
    """The options of one district, neighbourhood or theme, and their support.

    `name` is empty for those of which the file says none. An option under several themes belongs
    to each. `choices` is how often the ballots chose one of the options, `supporters` on how many
    ballots there is such a choice, `first_choices` on how many the first is one. What cannot be
    known is None: a table of ranks does not show which marks were made together, and ballots
    without order have no first choice.
    """

    name: str
    options: tuple[int, ...]
    choices: int
    supporters: int | None
    first_choices: int | None


@dataclass(frozen=True, slots=True)
class Grouping:
    """All groups in the order in which the contest names them, the nameless one last; `by` is the
    column that they come from, empty where none tells the options apart."""

    by: str = ""
    groups: tuple[Group, ...] = ()

    @classmethod
    def of(cls, contest: Contest, ballots: Ballots | RankTable) -> "Grouping":
        """The groups of a contest with what its ballots gave them."""
        for by in BY:
            named = _named(contest.options, by)
            if len(named) > 1:
                groups = (_group(contest, ballots, name, of) for name, of in named.items())
                return cls(by, tuple(groups))
        return cls()


def choices_among(contest: Contest, ballots: Ballots, worth: NDArray[np.int8]) -> Numbers:
    """For each distinct ballot the sum of what its choices are worth, given by option."""
    if not len(ballots.copies):
        return np.zeros(0, np.int64)
    marks = worth[ballots.options]
    if ballots.points is not None and contest.vote_type not in ORDERED:
        marks = np.where(ballots.points > 0, marks, np.int8(0))
    return np.add.reduceat(marks, ballots.starts[:-1], dtype=np.int64)


def first_choices(
    contest: Contest, ballots: Ballots | RankTable, among: NDArray[np.int8]
) -> int | None:
    """How many ballots have one of these options first; None where ballots have no order."""
    if contest.vote_type not in ORDERED:
        return None
    if isinstance(ballots, Ballots):
        first = ballots.options[ballots.starts[:-1]]
        return int(ballots.copies[among[first] > 0].sum())
    placings = ballots.placings()
    counts = (placings.rank == 1) & (among[placings.option] > 0)
    return int(placings.ballots[counts].sum())


def _named(options: Sequence[Option], by: str) -> dict[str, list[int]]:
    """The numbers of the options under each name that the column has for them."""
    named: dict[str, list[int]] = {}
    for number, option in enumerate(options):
        for name in dict.fromkeys(_names(option, by)):
            named.setdefault(name, []).append(number)
    if "" in named:
        named[""] = named.pop("")
    return named


def _names(option: Option, by: str) -> Iterable[str]:
    return (option.categories or ("",)) if by == "category" else (option.columns.get(by, ""),)


def _group(
    contest: Contest, ballots: Ballots | RankTable, name: str, options: Sequence[int]
) -> Group:
    among = np.zeros(len(contest.options), np.int8)
    among[list(options)] = 1
    first = first_choices(contest, ballots, among)
    if isinstance(ballots, RankTable):
        placings = ballots.placings()
        choices = int(placings.ballots[among[placings.option] > 0].sum())
        return Group(name, tuple(options), choices, None, first)
    choices = supporters = 0
    for part in ballots.parts():
        chosen = choices_among(contest, part, among)
        choices += int((chosen * part.copies).sum())
        supporters += int(part.copies[chosen > 0].sum())
    return Group(name, tuple(options), choices, supporters, first)
