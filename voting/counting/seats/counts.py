"""Counting a race: the one function that pages, commands and tests call."""

from voting.counting.errors import UnknownRule
from voting.counting.seats.election import Election
from voting.counting.seats.papers import Papers
from voting.counting.seats.race import Race
from voting.counting.seats.rules import find_seat_rule
from voting.counting.seats.rules.rule import Settings


def elect(race: Race, papers: Papers, rule: str, settings: Settings | None = None) -> Election:
    """Count the papers by a rule of `SEAT_RULES`; raises CountingError in one sentence.

    What is left out of `settings` has the rule's default, and the election says all of them.
    """
    found = find_seat_rule(rule)
    if found.one_seat and race.seats > 1:
        raise UnknownRule(f"The rule {rule} fills one seat only, and there are {race.seats}.")
    settled = found.settle(settings or {})
    return Election(race, papers, rule, found.version, settled, found.run(race, papers, settled))
