"""Schulze's method: whoever has the stronger path of majorities beats the other.

Markus Schulze, "A new monotonic, clone-independent, reversal symmetric, and condorcet-consistent
single-winner election method", Social Choice and Welfare 36 (2011), with winning votes:

- a majority of a over b is as strong as the papers that place a above b;
- a path is as strong as the weakest majority on it (section 2.2);
- a beats b when the strongest path from a to b is stronger than the one back, which is never
  circular (section 4.1); whoever nobody beats is elected.

The seats go to the first of the whole ranking; that is a majority's list, not a proportional one.
"""

import numpy as np

from voting.counting.rules.texts import N_
from voting.counting.seats.election import Outcome, Pairwise
from voting.counting.seats.pairwise import outcome_of, pairwise_matrix, rank_by, rows_of
from voting.counting.seats.papers import Papers
from voting.counting.seats.race import Race
from voting.counting.seats.reading import Numbers
from voting.counting.seats.rules.rule import SeatRule, Settings


def run(race: Race, papers: Papers, _: Settings) -> Outcome:
    """Rank everybody by strongest paths; the seats go to the first."""
    matrix = pairwise_matrix(papers, race)
    paths = strongest_paths(matrix)
    ranking, ties = rank_by(paths > paths.T, race)
    shown = Pairwise(rows_of(matrix), ranking, paths=rows_of(paths), ties=ties)
    return outcome_of(race, papers, shown)


def strongest_paths(matrix: Numbers) -> Numbers:
    """The strength of the strongest path between each two, by way of one after another."""
    paths = np.where(matrix > matrix.T, matrix, 0)
    for way in range(len(paths)):
        np.maximum(paths, np.minimum(paths[:, way, None], paths[None, way, :]), out=paths)
    np.fill_diagonal(paths, 0)
    return paths


SCHULZE = SeatRule(
    name="schulze",
    version="1",
    title=N_("Schulze's method"),
    explanation=N_(
        "Every two candidates are compared: on how many ballots does one stand above the other? "
        "Candidates left out stand below all ranked, and those sharing a rank are equal. "
        "Whoever would win against each of the others is elected. There may be nobody like "
        "that, when a majority prefers A to B, another B to C, and a third C to A. Then chains of "
        "such wins are compared. A chain is as strong as its weakest win. A candidate comes "
        "before another when the strongest chain from the one to the other is stronger than any "
        "chain back. This makes one ranking of all, in which near copies of a candidate do no "
        "harm. Several seats go to the first of the ranking: one majority can then win them all, "
        "so for a jury take the single transferable vote. "
        "Where the ranking is open, a lot published before decides."
    ),
    example=N_(
        "Nine ballots: four rank Ash, Elm, Oak; three Elm, Oak, Ash; two Oak, Ash, Elm. Ash is "
        "above Elm on six, Elm above Oak on seven, Oak above Ash on five. From Ash to Oak a chain "
        "of six leads by way of Elm, and back only five. So Ash comes first, Elm second, Oak third."
    ),
    parameters={},
    run=run,
)
