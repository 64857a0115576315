"""Who is placed above whom: the matrix of all pairs, and a ranking made of who beats whom.

A paper places a candidate above another when it ranks that one first, or ranks that one and not the
other. Candidates who share a rank, or are both left out, are equal on that paper.
"""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from voting.counting.seats.election import Outcome, Pairwise
from voting.counting.seats.papers import Paper, Papers
from voting.counting.seats.race import Race
from voting.counting.seats.reading import Flags, Numbers
from voting.counting.seats.ties import LOT, Tie, TieBreaker


def pairwise_matrix(papers: Papers, race: Race) -> Numbers:
    """`matrix[a, b]`: the papers that place candidate a above b; nothing for the withdrawn.

    Only the pairs that a paper lists are gone through, L(L-1)/2 for L ranks: whoever lists a
    places a above all not listed, and that follows from how many list a, and how many list both.
    """
    papers.check(len(race.candidates))
    size = len(race.candidates)
    above = _above_where_both_are_listed(papers, size)
    both = above + above.T
    listed = np.zeros(size, np.int64)
    straight = papers.straight
    np.add.at(
        listed, straight.options.astype(np.int64), np.repeat(straight.copies, straight.lengths)
    )
    for paper, copies in papers.irregular:
        ranks = _ranks(paper)
        for rank in ranks:
            for number in rank:
                listed[number] += copies
            for one, other in combinations(rank, 2):
                both[one, other] += copies
                both[other, one] += copies
        for higher, lower in combinations(ranks, 2):
            for one in higher:
                for other in lower:
                    above[one, other] += copies
                    both[one, other] += copies
                    both[other, one] += copies
    matrix = above + listed[:, None] - both
    np.fill_diagonal(matrix, 0)
    gone = [number for number, ref in enumerate(race.ids) if ref in race.withdrawn]
    matrix[gone, :] = matrix[:, gone] = 0
    return matrix


def rank_by(beats: Flags, race: Race) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
    """All who stand, the best first, by a relation without cycles; the lot where it is silent.

    The next in the ranking is one whom nobody left beats; where there are several, it is the one
    who comes first in the lot.
    """
    breaker = TieBreaker(LOT, race.tie_ranks, race.ids)
    left, order, ties = list(race.standing), [], []
    while left:
        unbeaten = [number for number in left if not beats[left, number].any()]
        first, tie = breaker.highest(unbeaten, (), "order")
        left.remove(first)
        order.append(race.ids[first])
        ties += [tie] if tie else []
    return tuple(order), tuple(ties)


def outcome_of(race: Race, papers: Papers, shown: Pairwise) -> Outcome:
    """The seats go to the first of the ranking; a paper that names nobody is blank."""
    blank = sum(copies for paper, copies in papers.irregular if not paper)
    elected = shown.ranking[: race.seats]
    return Outcome(elected, len(papers) - blank, blank=blank, pairwise=shown)


def rows_of(matrix: Numbers) -> tuple[tuple[int, ...], ...]:
    """A matrix as whole numbers of Python, for the record."""
    return tuple(tuple(row) for row in matrix.tolist())


def _above_where_both_are_listed(papers: Papers, size: int) -> Numbers:
    """The plain rankings, all pairs that stand equally far apart at once."""
    straight = papers.straight
    named = straight.options.astype(np.int64)
    ends = np.repeat(straight.starts[1:], straight.lengths)
    copies = np.repeat(straight.copies, straight.lengths)
    above = np.zeros(size * size, np.int64)
    for apart in range(1, int(straight.lengths.max(initial=0))):
        higher = np.flatnonzero(np.arange(len(named)) + apart < ends)
        np.add.at(above, named[higher] * size + named[higher + apart], copies[higher])
    return above.reshape(size, size)


def _ranks(paper: Paper) -> Sequence[Sequence[int]]:
    """The ranks of a paper that name anybody, each candidate only where first named."""
    seen: set[int] = set()
    ranks = []
    for rank in paper:
        fresh = [number for number in rank if number not in seen]
        seen.update(fresh)
        if fresh:
            ranks.append(fresh)
    return ranks
