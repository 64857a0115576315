"""Instant-runoff voting: the last is excluded until somebody has a majority.

One seat, as in Maine (21-A M.R.S. section 723-A; 29-250 C.M.R. chapter 535, section 4):

- each paper counts for the continuing candidate whom it ranks highest (section 4, 2.A);
- whoever has more than half of the papers that still count is elected;
- otherwise the candidate with the lowest tally is excluded, or, in batches, all who cannot win
  any more: as many of the lowest as together have less than the next (section 4, 2.B(7)).

Maine goes on until two are left; the winner is the same, since a majority cannot be lost. Maine
breaks ties by lot, other statutes by earlier tallies: that is the setting `ties`.
"""

from voting.counting.rules.texts import N_
from voting.counting.seats.election import EXCLUSION, FIRST_PREFERENCES, Outcome, Stage
from voting.counting.seats.papers import Papers
from voting.counting.seats.piles import Piles
from voting.counting.seats.race import Race
from voting.counting.seats.reading import Preferences, read_papers, standing_flags
from voting.counting.seats.rules.rule import (
    Parameter,
    SeatRule,
    Settings,
    reading_of,
    reading_parameters,
)
from voting.counting.seats.ties import CHAINS, Tie, TieBreaker

HOPELESS = "hopeless"


def run(race: Race, papers: Papers, settings: Settings) -> Outcome:
    """Count one seat; each stage has the tallies after its transfers."""
    read = read_papers(papers, race, reading_of(settings))
    table = _Count(race, read, settings)
    table.close_stage(FIRST_PREFERENCES, (), ())
    while not table.elected:
        table.exclude()
    return Outcome(table.elected, read.valid, read.refused, read.blank, stages=tuple(table.stages))


class _Count:
    """The count as it stands: who continues, with which tally, and who has won."""

    def __init__(self, race: Race, read: Preferences, settings: Settings) -> None:
        self.ids = race.ids
        self.continuing = list(race.standing)
        self.elected: tuple[str, ...] = ()
        self.stages: list[Stage] = []
        self.breaker = TieBreaker(settings["ties"], race.tie_ranks, race.ids)
        self.in_batches = settings["batches"] == HOPELESS
        self.piles = Piles(read, standing_flags(race))
        *self.tallies, self.exhausted = self.piles.worth(self.piles.everything)

    def exclude(self) -> None:
        """The lowest leave, and their papers move on: one stage."""
        ties: tuple[Tie, ...] = ()
        losers = self._hopeless() if self.in_batches else []
        if not losers:
            losers, ties = self._lowest()
        self.continuing = [number for number in self.continuing if number not in losers]
        self.piles.continuing[losers] = False
        for loser in losers:
            self.tallies[loser] = 0
            moved = self.piles.held_by(loser)
            self.piles.deal(moved)
            for receiver, gained in self.piles.received(moved):
                if receiver == self.piles.nobody:
                    self.exhausted += gained
                else:
                    self.tallies[receiver] += gained
        self.close_stage(EXCLUSION, tuple(sorted(losers)), ties)

    def close_stage(self, action: str, of: tuple[int, ...], ties: tuple[Tie, ...]) -> None:
        """Whether somebody has a majority now; and the stage goes on record."""
        majority = sum(self.tallies) // 2 + 1
        leader = max(self.continuing, key=self.tallies.__getitem__)
        has_won = (self.ids[leader],) if self.tallies[leader] >= majority else ()
        is_last = (self.ids[leader],) if len(self.continuing) == 1 and not has_won else ()
        self.elected = has_won or is_last
        self.stages.append(
            Stage(
                number=len(self.stages) + 1,
                action=action,
                of=tuple(self.ids[number] for number in of),
                tallies=tuple(self.tallies),
                quota=majority,
                non_transferable=self.exhausted,
                elected=has_won,
                filled=is_last,
                ties=ties,
            )
        )

    def _lowest(self) -> tuple[list[int], tuple[Tie, ...]]:
        history = [stage.tallies for stage in self.stages]
        loser, tie = self.breaker.with_fewest(self.continuing, self.tallies, history, EXCLUSION)
        return [loser], (tie,) if tie else ()

    def _hopeless(self) -> list[int]:
        """The most of the lowest who together have less than the next above them, if any."""
        order = sorted(self.continuing, key=self.tallies.__getitem__)
        together, found = 0, 0
        for place, number in enumerate(order):
            if place and together < self.tallies[number]:
                found = place
            together += self.tallies[number]
        return order[:found]


IRV = SeatRule(
    name="irv",
    version="1",
    title=N_("Instant runoff"),
    explanation=N_(
        "One seat. Everybody ranks as many candidates as they like. Each ballot counts for the "
        "candidate ranked highest on it. Whoever has more than half of the ballots that still "
        "count is elected. If nobody has, the candidate with the fewest ballots is excluded, and "
        "each of those ballots goes to the next candidate ranked on it who is still in. A ballot "
        "that ranks nobody else no longer counts. This goes on until somebody has more than half. "
        "Ranking more candidates never harms those ranked above. The rule can exclude a candidate "
        "whom a majority would prefer to every other, when too few rank that candidate first; and "
        "more first ranks can, rarely, make a candidate lose. Ties are broken by the tallies of "
        "other stages or by a lot that was published before."
    ),
    example=N_(
        "Nine ballots for three names: four rank Oak first, three Elm, then Oak, and two Ash, then "
        "Elm. Nobody has five. Ash has the fewest and is excluded; both ballots go to Elm, who now "
        "has five of nine and is elected."
    ),
    parameters={
        **reading_parameters("exhaust", "skip"),
        "ties": Parameter(
            N_(
                "Equal tallies for exclusion: the latest earlier stage at which they differ "
                "decides (earlier-stages), the earliest one (first-stages), or only the lot."
            ),
            CHAINS,
        ),
        "batches": Parameter(
            N_(
                "Candidates are excluded one by one (none), or all at once who together have less "
                "than the next (hopeless)."
            ),
            ("none", HOPELESS),
        ),
    },
    run=run,
    one_seat=True,
)
