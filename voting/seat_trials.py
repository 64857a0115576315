"""Trying a rule for seats on ballots that were cast before: whom it would have chosen, and others.

For officers who choose a rule. Nothing of it is kept, and none of it is anybody's result.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from voting.counting.seats import (
    Papers,
    Race,
    SeatRule,
    elect,
)
from voting.offered import seat_rules_for


@dataclass(frozen=True)
class SeatTrial:
    """Whom each rule that fills so many seats chooses from the same papers; `tried` comes first."""

    title: str
    language: str
    papers: int
    seats: int
    tried: SeatRule
    settings: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]

    @property
    def others(self) -> list[str]:
        """The names of the other rules."""
        return [name for name in self.chosen if name != self.tried.name]

    def agrees(self, rule: str) -> bool:
        """Whether this rule chooses the same, in whatever order."""
        return set(self.chosen[rule]) == set(self.chosen[self.tried.name])


def try_seat_rule(
    title: str,
    race: Race,
    papers: Papers,
    rule: str,
    settings: Mapping[str, str],
    *,
    language: str = "",
) -> SeatTrial:
    """Counts by this rule with these settings, and by the others as they usually are.

    Raises counting.CountingError.
    """
    names = {each.id: each.name or each.id for each in race.candidates}
    offered = seat_rules_for(race.seats)
    chosen = {}
    for name in (rule, *(each for each in offered if each != rule)):
        election = elect(race, papers, name, settings if name == rule else {})
        chosen[name] = tuple(names[ref] for ref in election.elected)
    return SeatTrial(
        title, language, len(papers), race.seats, offered[rule], dict(settings), chosen
    )
