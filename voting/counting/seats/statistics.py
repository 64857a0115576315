"""What an election gives those who voted: whole numbers of papers, whatever rule made it.

Papers are taken as they were marked, without the candidates who withdrew. A paper's first
preference is the first rank that still names anybody, if it names one alone.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import numpy as np

from voting.counting.seats.election import Election
from voting.counting.seats.papers import Papers
from voting.counting.seats.race import Race
from voting.counting.seats.reading import Reading, read_papers


@dataclass(frozen=True, slots=True)
class VotersFigures:
    """How many papers helped somebody who was elected.

    `ballots` name somebody who stands; of these `with_elected` name at least one of the elected,
    and `with_first_elected` have as their first preference one who was elected.
    """

    ballots: int
    with_elected: int
    with_first_elected: int

    def as_document(self) -> dict[str, int]:
        return asdict(self)


def voters_figures(election: Election) -> VotersFigures:
    """Count the papers that helped somebody."""
    race = election.race
    won = np.array([ref in election.elected for ref in race.ids], np.int64)
    read = read_papers(Papers(election.papers.straight), race, Reading())
    firsts = won[read.candidates[read.starts[:-1]]] if len(read.copies) else won[:0]
    named = np.add.reduceat(won[read.candidates], read.starts[:-1]) if len(read.copies) else firsts
    papers = read.valid
    some, first = int(read.copies[named > 0].sum()), int(read.copies[firsts > 0].sum())
    for ranks, copies in _standing_ranks(election.papers, race):
        papers += copies
        some += copies * any(won[number] for rank in ranks for number in rank)
        first += copies * bool(len(ranks[0]) == 1 and won[ranks[0][0]])
    return VotersFigures(papers, some, first)


def first_preferences(race: Race, papers: Papers) -> dict[str, int]:
    """By candidate, the papers whose first preference she is."""
    read = read_papers(Papers(papers.straight), race, Reading())
    number = np.zeros(len(race.ids), np.int64)
    if len(read.copies):
        np.add.at(number, read.candidates[read.starts[:-1]], read.copies)
    for ranks, copies in _standing_ranks(papers, race):
        if len(ranks[0]) == 1:
            number[ranks[0][0]] += copies
    return dict(zip(race.ids, number.tolist(), strict=True))


def _standing_ranks(papers: Papers, race: Race) -> Iterator[tuple[list[list[int]], int]]:
    """The badly marked papers that name anybody who stands, each with its ranks that do."""
    stands = set(race.standing)
    for paper, copies in papers.irregular:
        ranks = [[number for number in rank if number in stands] for rank in paper]
        ranks = [rank for rank in ranks if rank]
        if ranks:
            yield ranks, copies
