"""The single transferable vote as Scotland counts it: SSI 2007/42, schedule 1, rules 45 to 52.

Weighted inclusive Gregory: all papers of a candidate with a surplus move on, each at a part of
its value. Votes are kept in units of 0.00001, so that the Order's five decimals are whole numbers.

- r. 45 the papers are sorted by first preference: the first stage;
- r. 46 the quota is the valid papers divided by the seats plus one, rounded down, plus one;
- r. 47 whoever has the quota or more is deemed elected;
- r. 48 the papers of a surplus move to the next preference among the continuing candidates, each at
  surplus x its value / the candidate's votes, to five decimals, the remainder ignored;
- r. 49 one surplus at a time, the largest first; equal ones by the most recent stage before at
  which they were unequal, else by lot; each transfer is a stage;
- r. 50 when no surplus is left, the candidate with the fewest votes is excluded, and the papers
  move on at the value they have;
- r. 51 equally few votes: by the most recent stage before at which they were unequal, else by lot;
- r. 52 when as many candidates continue as seats are left, they are deemed elected, and nothing
  more is transferred. Nor is anything once every seat is taken.

The Order of 2011 (SSI 2011/399) has the same rules under numbers that are higher by one.
"""

from voting.counting.rules.texts import N_
from voting.counting.seats.election import (
    EXCLUSION,
    FIRST_PREFERENCES,
    SURPLUS,
    Outcome,
    Stage,
)
from voting.counting.seats.papers import Papers
from voting.counting.seats.piles import Piles
from voting.counting.seats.race import Race
from voting.counting.seats.reading import Numbers, Preferences, read_papers, standing_flags
from voting.counting.seats.rules.rule import (
    SeatRule,
    Settings,
    reading_of,
    reading_parameters,
)
from voting.counting.seats.ties import EARLIER_STAGES, Tie, TieBreaker

UNIT = 100_000


def run(race: Race, papers: Papers, settings: Settings) -> Outcome:
    """Count the race stage by stage until every seat is taken."""
    read = read_papers(papers, race, reading_of(settings))
    table = _Count(race, read)
    table.close_stage(FIRST_PREFERENCES, ())
    while table.vacancies and table.continuing:
        if table.surpluses:
            table.transfer_largest_surplus()
        else:
            table.exclude_lowest()
    return Outcome(
        tuple(race.ids[number] for number in table.elected),
        read.valid, read.refused, read.blank, UNIT, tuple(table.stages),
    )  # fmt: skip


class _Count:
    """The count as it stands: who continues, who is elected, whose surplus waits."""

    def __init__(self, race: Race, read: Preferences) -> None:
        self.ids = race.ids
        self.quota = (read.valid // (race.seats + 1) + 1) * UNIT
        self.vacancies = race.seats
        self.continuing = list(race.standing)
        self.elected: list[int] = []
        self.surpluses: list[int] = []
        self.stages: list[Stage] = []
        self.breaker = TieBreaker(EARLIER_STAGES, race.tie_ranks, race.ids)
        self.piles = Piles(read, standing_flags(race), UNIT)
        *self.tallies, self.non_transferable = self.piles.worth(self.piles.everything)
        self.lost = 0
        self.ties: list[Tie] = []

    def transfer_largest_surplus(self) -> None:
        """Rules 48 and 49."""
        among, history = self.surpluses, self._history()
        giver = self._broken(self.breaker.with_most(among, self.tallies, history, SURPLUS))
        self.surpluses.remove(giver)
        votes = self.tallies[giver]
        surplus = votes - self.quota
        moved = self.piles.held_by(giver)
        self.piles.scale(moved, surplus, votes)
        self.lost += surplus - self._move(moved)
        self.tallies[giver] = self.quota
        self.close_stage(SURPLUS, (giver,))

    def exclude_lowest(self) -> None:
        """Rules 50 and 51."""
        among, history = self.continuing, self._history()
        loser = self._broken(self.breaker.with_fewest(among, self.tallies, history, EXCLUSION))
        self._leave(loser)
        self._move(self.piles.held_by(loser))
        self.tallies[loser] = 0
        self.close_stage(EXCLUSION, (loser,))

    def close_stage(self, action: str, of: tuple[int, ...]) -> None:
        """Rules 47 and 52: who is elected now; and the stage goes on record."""
        now = tuple(self.tallies)
        reached = self._by_votes([n for n in self.continuing if now[n] >= self.quota])
        self._elect(reached)
        self.surpluses += [number for number in reached if now[number] > self.quota]
        filled: list[int] = []
        if 0 < len(self.continuing) <= self.vacancies:
            filled = self._by_votes(self.continuing)
            self._elect(filled)
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                action=action,
                of=self._names(of),
                tallies=now,
                quota=self.quota,
                non_transferable=self.non_transferable,
                lost=self.lost,
                elected=self._names(reached),
                filled=self._names(filled),
                ties=tuple(self.ties),
            )
        )
        self.ties = []

    def _history(self) -> list[tuple[int, ...]]:
        """The tallies of all stages; one at which the tied are equal decides nothing."""
        return [stage.tallies for stage in self.stages]

    def _by_votes(self, numbers: list[int]) -> list[int]:
        """Candidates elected at the same stage, the one with the most votes first."""
        order, ties = self.breaker.in_order(numbers, self.tallies, self._history())
        self.ties += ties
        return order

    def _elect(self, numbers: list[int]) -> None:
        for number in numbers:
            self._leave(number)
            self.elected.append(number)
            self.vacancies -= 1

    def _leave(self, number: int) -> None:
        """Whoever is elected or excluded receives no more papers."""
        self.continuing = [other for other in self.continuing if other != number]
        self.piles.continuing[number] = False

    def _move(self, moved: Numbers) -> int:
        """Transfer these papers; what they are worth is credited, and given back as a sum."""
        self.piles.deal(moved)
        total = 0
        for receiver, gained in self.piles.received(moved):
            total += gained
            if receiver == self.piles.nobody:
                self.non_transferable += gained
            else:
                self.tallies[receiver] += gained
        return total

    def _broken(self, choice: tuple[int, Tie | None]) -> int:
        number, tie = choice
        if tie is not None:
            self.ties.append(tie)
        return number

    def _names(self, numbers: tuple[int, ...] | list[int]) -> tuple[str, ...]:
        return tuple(self.ids[number] for number in numbers)


SCOTTISH_STV = SeatRule(
    name="scottish-stv",
    version="1",
    title=N_("Single transferable vote (Scotland)"),
    explanation=N_(
        "Several seats, shared out in proportion. Everybody ranks as many candidates as they like "
        "and has one vote. The quota is the least number of ballots that no more candidates than "
        "there are seats can all reach. Whoever reaches it is elected. What such a candidate has "
        "beyond the quota is not lost: all the ballots move on to the next candidate ranked on "
        "them, each at the same part of its value, to five decimals. When no surplus is left, the "
        "candidate with the fewest votes is excluded, and those ballots move on at the value they "
        "have. This goes on until every seat is taken. Voters who together have one, two or three "
        "quotas and rank the same candidates above all others get as many seats for them. Equal "
        "votes are decided by the latest stage at which they differed, else by a lot published "
        "before."
    ),
    example=N_(
        "Two seats, 11 ballots: six rank Ada, then Ben; three rank Cem; two rank Ben. The quota is "
        "four. Ada has six and is elected; her surplus of two is a third of her votes, so each of "
        "her ballots moves to Ben at 0.33333. Ben has 3.99998, Cem three. Cem has the fewest and "
        "is excluded, and Ben takes the second seat."
    ),
    parameters=reading_parameters("exhaust", "stop"),
    run=run,
)
