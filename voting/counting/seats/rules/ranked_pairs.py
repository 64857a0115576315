"""Ranked pairs: majorities are locked in by their strength unless they contradict stronger ones.

T. N. Tideman, "Independence of clones as a criterion for voting rules", Social Choice and Welfare 4
(1987); its neutral form is hard to compute with ties (Brill and Fischer, AAAI 2012), so that here,
as Tideman proposes, pairs that are equally strong are taken in an order fixed before:

- a majority is as strong as its margin, the papers for less the papers against, or, by winning
  votes, as the papers for, and of equal ones the one with fewer against;
- equally strong majorities: first the one whose loser comes last in the lot, and for the same
  loser the one whose winner comes first in it, so that the luckiest loses last;
- a majority is locked in unless those locked before lead from its loser to its winner.

The seats go to the first of the ranking; that is a majority's list, not a proportional one.
"""

import numpy as np

from voting.counting.rules.texts import N_
from voting.counting.seats.election import Outcome, Pair, Pairwise
from voting.counting.seats.pairwise import outcome_of, pairwise_matrix, rank_by, rows_of
from voting.counting.seats.papers import Papers
from voting.counting.seats.race import Race
from voting.counting.seats.reading import Flags, Numbers
from voting.counting.seats.rules.rule import Parameter, SeatRule, Settings

MARGINS = "margins"
WINNING_VOTES = "winning-votes"


def run(race: Race, papers: Papers, settings: Settings) -> Outcome:
    """Lock in the pairs and rank everybody by them; the seats go to the first."""
    matrix = pairwise_matrix(papers, race)
    order = majorities(matrix, race.tie_ranks, by_margins=settings["strength"] == MARGINS)
    reaches, kept = lock(order, len(matrix))
    ranking, ties = rank_by(reaches, race)
    pairs = tuple(
        Pair(race.ids[a], race.ids[b], int(matrix[a, b]), int(matrix[b, a]), is_kept)
        for (a, b), is_kept in zip(order, kept, strict=True)
    )
    shown = Pairwise(rows_of(matrix), ranking, pairs=pairs, ties=ties)
    return outcome_of(race, papers, shown)


def majorities(matrix: Numbers, lot: tuple[int, ...], *, by_margins: bool) -> list[tuple[int, int]]:
    """Winner and loser of every pair that has a majority, the strongest first."""
    votes = matrix.tolist()
    pairs = [(int(a), int(b)) for a, b in zip(*np.nonzero(matrix > matrix.T), strict=True)]

    def place(pair: tuple[int, int]) -> tuple[int, int, int, int]:
        a, b = pair
        if by_margins:
            return votes[b][a] - votes[a][b], 0, -lot[b], lot[a]
        return -votes[a][b], votes[b][a], -lot[b], lot[a]

    return sorted(pairs, key=place)


def lock(order: list[tuple[int, int]], size: int) -> tuple[Flags, list[bool]]:
    """Who reaches whom through the pairs locked in, and for each pair whether it was."""
    reaches = np.zeros((size, size), np.bool_)
    kept = []
    for winner, loser in order:
        kept.append(not reaches[loser, winner])
        if kept[-1] and not reaches[winner, loser]:
            upward, downward = reaches[:, winner].copy(), reaches[loser].copy()
            upward[winner] = downward[loser] = True
            reaches[np.ix_(upward, downward)] = True
    return reaches, kept


RANKED_PAIRS = SeatRule(
    name="ranked-pairs",
    version="1",
    title=N_("Ranked pairs"),
    explanation=N_(
        "Every two candidates are compared: on how many ballots does one stand above the other? "
        "Candidates left out stand below all ranked, and those sharing a rank are equal. "
        "These majorities are then taken in turn, the clearest first, and each is kept "
        "unless it contradicts those kept before, as when A comes before B, B before C, and the "
        "next says C before A. What is kept makes one ranking of all, and the first of it is "
        "elected. Whoever would win against each of the others always comes first, and near copies "
        "of a candidate do no harm. The clearest has the largest margin, or, if set so before, "
        "the most ballots. Equally clear ones go by a lot published before. Several seats go to "
        "the first of the ranking: one majority can then win them all, so for a jury take the "
        "single transferable vote."
    ),
    example=N_(
        "Nine ballots: four rank Ash, Elm, Oak; three Elm, Oak, Ash; two Oak, Ash, Elm. Elm before "
        "Oak has seven to two and is kept, Ash before Elm has six to three and is kept. Oak before "
        "Ash, five to four, contradicts them and is left out. So Ash comes first."
    ),
    parameters={
        "strength": Parameter(
            N_(
                "A majority's strength is its margin (margins), or the ballots for it and then the "
                "fewer against it (winning-votes)."
            ),
            (MARGINS, WINNING_VOTES),
        )
    },
    run=run,
)
