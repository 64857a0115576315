"""What the voters got, and what other rules would have done with the same ballots.

Computed once, at publication, from the sealed ballots. Other rules are never the decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """What an outcome gives one theme, beside its support. `name` is empty for what has none.

    `first_choices` are the ballots whose first choice is of this theme, None where ballots have no
    order.
    """

    name: str
    options: int
    funded: int
    spent: int
    first_choices: int | None


@dataclass(frozen=True, slots=True)
class DistrictFigures:
    """What an outcome gives one district, or several told of together, beside who voted there.

    The empty name stands for what lies in no one district, and for voters whose is not known.
    """

    names: tuple[str, ...]
    options: int
    funded: int
    spent: int
    voters: int

    @property
    def is_named(self) -> bool:
        """Whether this is about districts, and not about what belongs to none."""
        return any(self.names)


@dataclass(frozen=True, slots=True)
class VotersFigures:
    """How many ballots have a funded choice, and how many have their first choice funded.

    `with_first_funded` is None where ballots have no order. `choices_funded` is the sum over all
    ballots of how many of their choices are funded. `groups` are missing where nothing tells the
    options apart, and in results published before they were counted; so are `districts` where it is
    not known where proposals lie, or where voters live.
    """

    ballots: int
    with_funded: int
    with_first_funded: int | None
    choices_funded: int
    groups: tuple[GroupFigures, ...] = ()
    districts: tuple[DistrictFigures, ...] = ()

    @property
    def groups_by_support(self) -> list[GroupFigures]:
        """The groups, those that most ballots put first at the head."""
        return sorted(self.groups, key=lambda group: -(group.first_choices or 0))

    def spent_on(self, name: str) -> int:
        """What the pot pays for the group of this name."""
        return sum(group.spent for group in self.groups if group.name == name)


@dataclass(frozen=True, slots=True)
class OtherRule:
    """What one other rule would have funded, by ids, and how the ballots fare by it.

    `more_here` are the ballots with more of their choices funded by the rule that decided,
    `more_there` those with more by this one.
    """

    rule: str
    parameters: Mapping[str, Any] = field(hash=False)
    funded: frozenset[str]
    only_there: tuple[str, ...]
    only_here: tuple[str, ...]
    spent: int
    voters: VotersFigures
    more_here: int
    more_there: int
