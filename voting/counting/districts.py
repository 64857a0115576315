"""Districts: where projects lie, beside how many of those who voted live there.

Of the voters there are only sums, and none of these is small. A district in which fewer than
`FEWEST` people voted is put together with the other such districts and with the next smallest one
that is no such district, so that nobody can tell which of them it is, nor how many voted there:
whoever exchanges the two numbers gets the same table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voting.counting.contest import Contest

FEWEST = 10
"""So many voters, at least, stand behind each number that is told."""

Voters = Mapping[str, int]
"""How many people who voted live in each district; under no name, of how many that is unknown."""


@dataclass(frozen=True, slots=True)
class District:
    """A district, or several that are told of together, with the numbers of the options there.

    The empty name stands for options that lie in no one district, and for voters of whom none is
    known.
    """

    names: tuple[str, ...]
    options: tuple[int, ...]
    voters: int


def districts_of(
    contest: Contest, places: Mapping[str, str], voters: Voters, fewest: int = FEWEST
) -> tuple[District, ...]:
    """The districts by number of voters, then those told of together, then what has no district.

    `places` has the district in which an option lies, by its id; `voters` names every district
    that there is. Nothing is told where no option lies in one of them, or where too few people
    voted to tell two of them apart.
    """
    lying: dict[str, list[int]] = {}
    for number, ref in enumerate(contest.ids):
        name = places.get(ref, "")
        lying.setdefault(name if name in voters else "", []).append(number)
    if not any(lying):
        return ()
    together = told_together(voters, fewest)
    alone = sorted(set(voters) - together - {""}, key=lambda name: (-voters[name], name))
    sets: list[tuple[str, ...]] = [(name,) for name in alone]
    if together:
        sets.append(tuple(sorted(together)))
    if len(sets) < 2:
        return ()
    if "" in lying or voters.get(""):
        sets.append(("",))
    return tuple(_district(names, lying, voters) for names in sets)


def told_together(voters: Voters, fewest: int = FEWEST) -> frozenset[str]:
    """The districts whose voters are told as one sum only, if some have too few.

    Of several that are equally small all are taken: a choice among them would tell which one was
    there first.
    """
    few = {name for name, number in voters.items() if name and number < fewest}
    if not few:
        return frozenset()
    least = min((number for name, number in voters.items() if name and name not in few), default=0)
    return frozenset(few | {name for name, number in voters.items() if name and number == least})


def places_named(contest: Contest, column: str) -> dict[str, str]:
    """What this column of the projects says of each, where it says anything."""
    return {
        option.id: option.columns[column]
        for option in contest.options
        if option.columns.get(column)
    }


def matching(places: Mapping[str, str], homes: Iterable[str]) -> int:
    """In how many of the voters' districts there are projects."""
    return len(set(places.values()) & set(homes) - {""})


def _district(names: tuple[str, ...], lying: Mapping[str, list[int]], voters: Voters) -> District:
    options = sorted(number for name in names for number in lying.get(name, ()))
    return District(names, tuple(options), sum(voters.get(name, 0) for name in names))
