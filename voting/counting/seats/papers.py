"""Ballot papers as they were marked, with everything that voters do to them.

A paper is a tuple of ranks, the first rank first. A rank is a tuple of candidate numbers: one as
it should be, none where the rank was left out, two or more where a rank was given twice. What such
marks mean is not decided here but by the published settings of a rule, in `reading`.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from voting.counting.ballots import Ballots
from voting.counting.errors import CountingError
from voting.counting.parameters import canonical_json
from voting.counting.published_text import digest_of_lines

MOST_PAPERS = 1_000_000_000
"""So many papers in billionths, as Meek's rule counts them, still fit into 64 bits."""

Rank = tuple[int, ...]
Paper = tuple[Rank, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Papers:
    """All papers: plain rankings in columns, the others one by one, equal ones grouped."""

    straight: Ballots
    irregular: tuple[tuple[Paper, int], ...] = ()

    @classmethod
    def of_ballots(cls, ballots: Ballots) -> "Papers":
        """Papers that are plain rankings; the option numbers are the candidates' numbers."""
        return cls(ballots)

    @classmethod
    def of_marks(cls, marks: Iterable[tuple[Sequence[Sequence[int]], int]]) -> "Papers":
        """Papers from pairs of a paper and the number of its copies, in any order."""
        counts: Counter[Paper] = Counter()
        for ranks, copies in marks:
            if copies < 0:
                raise CountingError("The number of copies of a paper is below zero.")
            counts[_tidy(ranks)] += copies
        counts += Counter()
        plain = [(paper, copies) for paper, copies in counts.items() if _is_plain(paper)]
        others = [(paper, copies) for paper, copies in counts.items() if not _is_plain(paper)]
        flat = np.array([rank[0] for paper, _ in plain for rank in paper], np.uint16)
        lengths = np.array([len(paper) for paper, _ in plain], np.int64)
        straight = Ballots.from_columns(lengths, flat, (copies for _, copies in plain))
        return cls(straight, tuple(sorted(others)))

    def __len__(self) -> int:
        return len(self.straight) + sum(copies for _, copies in self.irregular)

    def __iter__(self) -> Iterator[tuple[Paper, int]]:
        """Each distinct paper with the number of its copies."""
        marks = self.straight.options.tolist()
        spans = pairwise(self.straight.starts.tolist())
        for (start, end), copies in zip(spans, self.straight.copies.tolist(), strict=True):
            yield tuple((number,) for number in marks[start:end]), copies
        yield from self.irregular

    def check(self, candidates: int) -> None:
        """Refuse papers that name a candidate whom the race does not have, and too many papers."""
        if len(self) > MOST_PAPERS:
            raise CountingError(f"More than {MOST_PAPERS:,} papers cannot be counted.")
        highest = max(
            (number for paper, _ in self.irregular for rank in paper for number in rank), default=-1
        )
        highest = max(highest, int(self.straight.options.max(initial=0)))
        if len(self) and highest >= candidates:
            raise CountingError("A paper names a candidate who is not in the race.")

    def published_lines(self, ids: Sequence[str]) -> list[str]:
        """One line for each distinct paper, sorted: copies and ranks of ids, as JSON."""
        counts: Counter[str] = Counter()
        for paper, copies in self:
            counts[canonical_json([[ids[number] for number in rank] for rank in paper])] += copies
        return sorted(f"[{copies},{line}]" for line, copies in counts.items())

    def digest(self, ids: Sequence[str]) -> str:
        """SHA-256 of `published_lines`, a line feed after each, whatever the papers' order."""
        return digest_of_lines(self.published_lines(ids))


def _tidy(ranks: Sequence[Sequence[int]]) -> Paper:
    """The paper without order or repetition inside a rank, and without empty ranks at its end."""
    paper = [tuple(sorted(set(rank))) for rank in ranks]
    while paper and not paper[-1]:
        paper.pop()
    if not all(0 <= number < 65_536 for rank in paper for number in rank):
        raise CountingError("A paper names a candidate who is not in the race.")
    return tuple(paper)


def _is_plain(paper: Paper) -> bool:
    return (
        len(paper) > 0
        and all(len(rank) == 1 for rank in paper)
        and len({rank[0] for rank in paper}) == len(paper)
    )
