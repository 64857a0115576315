"""The single transferable vote by Meek's method, in whole billionths of a paper.

The Reference Meek Rule of the Proportional Representation Foundation, after Hill, Wichmann and
Woodall, "Algorithm 123: Single transferable vote by Meek's method", The Computer Journal 30 (1987).
Its steps, by their letters there:

- A     every hopeful candidate keeps all of what comes (keep factor 1), the withdrawn nothing;
        omega is 0.000001;
- B.1   the count is complete when every seat is taken, or the elected and the hopeful are no more
        than the seats;
- B.2.a each paper, of weight 1, gives each candidate in order of rank the weight left times the
        keep factor, rounded up to nine decimals, and goes on with the rest;
- B.2.b the quota is all votes / (seats + 1), cut to nine decimals, plus 0.000000001;
- B.2.c hopefuls with the quota or more are elected, and the count goes on at B.1;
- B.2.d the surplus is what the elected have beyond the quota in all;
- B.2.e when it is below omega, or no smaller than the time before, somebody is defeated (B.3);
- B.2.f otherwise each elected candidate's keep factor becomes factor x quota, rounded up, divided
        by the candidate's votes, rounded up, and the papers are distributed anew;
- B.3   the hopeful with the fewest votes is defeated; whoever has no more than that plus the
        surplus is tied, and the lot decides;
- C     seats still open go to the hopefuls left.

Every step is a whole number, so that the count is the same everywhere, though no hand could do it.
"""

import numpy as np

from voting.counting.rules.texts import N_
from voting.counting.seats.election import (
    EXCLUSION,
    FIRST_PREFERENCES,
    KEEP_FACTORS,
    Outcome,
    Stage,
)
from voting.counting.seats.papers import Papers
from voting.counting.seats.race import Race
from voting.counting.seats.reading import Numbers, Preferences, read_papers
from voting.counting.seats.rules.rule import (
    SeatRule,
    Settings,
    reading_of,
    reading_parameters,
)
from voting.counting.seats.ties import LOT, Tie, TieBreaker

UNIT = 1_000_000_000
OMEGA = 1_000


def run(race: Race, papers: Papers, settings: Settings) -> Outcome:
    """Count the race; a stage ends with an election or a defeat."""
    read = read_papers(papers, race, reading_of(settings))
    table = _Count(race, read)
    table.settle(FIRST_PREFERENCES, ())
    while not table.is_complete:
        winners = table.stages[-1].elected
        if winners:
            table.settle(KEEP_FACTORS, winners)
        else:
            table.defeat()
    elected = tuple(ref for stage in table.stages for ref in stage.elected + stage.filled)
    return Outcome(elected, read.valid, read.refused, read.blank, UNIT, tuple(table.stages))


class _Count:
    """The count as it stands: keep factors, votes, and who is hopeful or elected."""

    def __init__(self, race: Race, read: Preferences) -> None:
        self.ids = race.ids
        self.seats = race.seats
        self.read = read
        self.hopeful = list(race.standing)
        self.elected: list[int] = []
        self.factors = np.zeros(len(race.ids), np.int64)
        self.factors[self.hopeful] = UNIT
        self.breaker = TieBreaker(LOT, race.tie_ranks, race.ids)
        self.stages: list[Stage] = []
        self.votes: list[int] = []
        self.rest = self.quota = self.surplus = 0

    @property
    def is_complete(self) -> bool:
        """Step B.1, after which step C has been taken."""
        return not self.hopeful or len(self.elected) == self.seats

    def settle(self, action: str, of: tuple[str, ...], ties: tuple[Tie, ...] = ()) -> None:
        """Step B.2: distribute until somebody is elected or the keep factors have settled."""
        passes, before = 0, -1
        while True:
            passes += 1
            self._distribute()
            reached = [n for n in self.hopeful if self.votes[n] >= self.quota]
            if reached or self.surplus < OMEGA or 0 <= before <= self.surplus:
                break
            before = self.surplus
            for number in self.elected:
                kept = -(-int(self.factors[number]) * self.quota // UNIT)
                self.factors[number] = min(UNIT, -(-kept * UNIT // self.votes[number]))
        self._close(action, of, ties, reached, passes)

    def defeat(self) -> None:
        """Step B.3."""
        fewest = min(self.votes[number] for number in self.hopeful)
        tied = [n for n in self.hopeful if self.votes[n] <= fewest + self.surplus]
        loser, tie = self.breaker.lowest(tied, (), EXCLUSION)
        self.hopeful.remove(loser)
        self.factors[loser] = 0
        self.settle(EXCLUSION, (self.ids[loser],), (tie,) if tie else ())

    def _distribute(self) -> None:
        """Steps B.2.a, b and d."""
        *self.votes, self.rest = distribute(self.read, self.factors)
        self.quota = sum(self.votes) // (self.seats + 1) + 1
        beyond = sum(self.votes[number] - self.quota for number in self.elected)
        self.surplus = max(beyond, 0)

    def _close(
        self,
        action: str,
        of: tuple[str, ...],
        ties: tuple[Tie, ...],
        reached: list[int],
        passes: int,
    ) -> None:
        """Steps B.2.c and C; and the stage goes on record."""
        won, order_ties = self.breaker.in_order(reached, self.votes, ())
        self.hopeful = [number for number in self.hopeful if number not in won]
        self.elected += won
        filled: list[int] = []
        if 0 < len(self.hopeful) <= self.seats - len(self.elected):
            filled, more_ties = self.breaker.in_order(self.hopeful, self.votes, ())
            order_ties += more_ties
            self.elected, self.hopeful = self.elected + filled, []
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                action=action,
                of=of,
                tallies=tuple(self.votes),
                quota=self.quota,
                non_transferable=self.rest,
                elected=tuple(self.ids[number] for number in won),
                filled=tuple(self.ids[number] for number in filled),
                ties=(*ties, *order_ties),
                factors=tuple(self.factors.tolist()),
                passes=passes,
            )
        )


def distribute(read: Preferences, factors: Numbers) -> list[int]:
    """Step B.2.a: the votes of each candidate, and last what is left over on the papers.

    All papers go on together, rank by rank; those that have nothing left stay behind. A weight
    times a factor is below 10 to the 18th, and so are the votes of a billion papers: 64 bits do.
    """
    votes = np.zeros(len(factors), np.int64)
    rest = 0
    place, end, copies = read.starts[:-1], read.starts[1:], read.copies
    weight = np.full(len(copies), UNIT, np.int64)
    while len(place):
        preferred = read.candidates[place]
        given = (weight * factors[preferred] + (UNIT - 1)) // UNIT
        np.add.at(votes, preferred, given * copies)
        weight, place = weight - given, place + 1
        ends = place == end
        rest += int((weight[ends] * copies[ends]).sum())
        goes = ~ends & (weight > 0)
        place, end, copies, weight = place[goes], end[goes], copies[goes], weight[goes]
    return [*(int(each) for each in votes), rest]


MEEK_STV = SeatRule(
    name="meek-stv",
    version="1",
    title=N_("Single transferable vote (Meek)"),
    explanation=N_(
        "Several seats, shared out in proportion, reckoned by a computer. Everybody ranks as many "
        "candidates as they like and has one vote. Whoever has the quota is elected and from then "
        "on keeps only the part of each ballot that is needed; the rest goes on to the next "
        "candidate ranked there, also through candidates who are elected already. As ballots run "
        "out of names, the quota falls, and all parts are reckoned anew until everybody elected "
        "has just the quota. Then the candidate with the fewest votes is excluded, and all is "
        "counted as if that candidate had never stood. This goes on until every seat is taken. It "
        "treats all ballots alike, whatever the order in which candidates are elected, which rules "
        "made for counting by hand cannot; the price is that nobody can check it on paper. Ties "
        "are decided by a lot published before."
    ),
    example=N_(
        "Two seats, nine ballots: five rank Ada, then Ben; one ranks Ben; three rank Cem. The "
        "quota is just over three. Ada has five and is elected. She keeps 0.600000001 of each "
        "ballot, and Ben receives the rest: 2.999999995. Cem has three, so Ben is excluded and "
        "Cem takes the second seat."
    ),
    parameters=reading_parameters("exhaust", "skip"),
    run=run,
)
