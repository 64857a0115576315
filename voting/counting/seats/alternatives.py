"""What the other rules would have made of the same papers. None of it is the decision."""

from voting.counting.seats.counts import elect
from voting.counting.seats.election import Election
from voting.counting.seats.rules import SEAT_RULES


def other_elections(election: Election) -> tuple[Election, ...]:
    """The same race by each other rule that can fill so many seats, in its plain form."""
    fitting = [
        rule.name
        for rule in SEAT_RULES.values()
        if rule.name != election.rule and not (rule.one_seat and election.race.seats > 1)
    ]
    return tuple(elect(election.race, election.papers, name) for name in fitting)
