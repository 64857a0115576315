"""How a paper is read: what a rank given twice and a rank left out mean, as statutes differ.

Overvote, a rank given to two candidates or more:

    exhaust   the paper counts as far as the ranks above it (Maine, 21-A M.R.S. section 723-A)
    skip      that rank is passed over, and the paper goes on with the next
    refuse    the whole paper is invalid

Skipped, a rank left out while later ranks are marked:

    skip            every such rank is passed over
    stop            the paper counts as far as the ranks above it (Scotland: preferences must be
                    given in consecutive order, SSI 2007/42, article 2)
    stop-after-two  one is passed over, two in a row end the paper (Maine, the same section)

A candidate who is named again further down is not read a second time. Ranks are read as they were
marked; candidates who withdrew are taken out afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from voting.counting.seats.papers import Paper, Papers
from voting.counting.seats.race import Race

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

OVERVOTES = ("exhaust", "skip", "refuse")
SKIPPED = ("skip", "stop", "stop-after-two")


class Reading(NamedTuple):
    """The two settings; the defaults of a rule are its own."""

    overvote: str = "exhaust"
    skipped: str = "skip"

    def read(self, paper: Paper) -> list[int] | None:
        """The candidates in order of preference, or None when the paper is invalid."""
        found: list[int] = []
        gap = 0
        for rank in paper:
            gap = gap + 1 if not rank else 0
            if not rank:
                if self.skipped == "stop" or (self.skipped == "stop-after-two" and gap == 2):
                    break
            elif len(rank) > 1:
                if self.overvote == "refuse":
                    return None
                if self.overvote == "exhaust":
                    break
            elif rank[0] not in found:
                found.append(rank[0])
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Preferences:
    """Papers as they are counted: paper i prefers `candidates[starts[i]:starts[i + 1]]`, in order.

    Every paper here has a preference for somebody who stands, and there are `copies[i]` of it.
    `refused` papers are invalid, `blank` papers show no preference that can be read.
    """

    starts: Numbers
    candidates: Numbers
    copies: Numbers
    refused: int = 0
    blank: int = 0

    @property
    def valid(self) -> int:
        """The number of papers that count."""
        return int(self.copies.sum())


def read_papers(papers: Papers, race: Race, reading: Reading) -> Preferences:
    """All papers as these settings read them, without the candidates who withdrew."""
    papers.check(len(race.candidates))
    lengths, named = papers.straight.lengths, papers.straight.options.astype(np.int64)
    copies, refused = papers.straight.copies, 0
    if papers.irregular:
        read = [(reading.read(paper), number) for paper, number in papers.irregular]
        refused = sum(number for order, number in read if order is None)
        kept = [(order, number) for order, number in read if order is not None]
        lengths = np.append(lengths, _integers(len(order) for order, _ in kept))
        named = np.append(named, _integers(chain.from_iterable(order for order, _ in kept)))
        copies = np.append(copies, _integers(number for _, number in kept))
    if race.withdrawn:
        lengths, named = _without(lengths, named, standing_flags(race))
    marked = lengths > 0
    starts = np.concatenate(([0], np.cumsum(lengths[marked], dtype=np.int64)))
    return Preferences(starts, named, copies[marked], refused, int(copies[~marked].sum()))


def standing_flags(race: Race) -> Flags:
    """By candidate number, whether somebody stands."""
    stands = np.zeros(len(race.candidates), np.bool_)
    stands[list(race.standing)] = True
    return stands


def _without(lengths: Numbers, named: Numbers, stands: Flags) -> tuple[Numbers, Numbers]:
    keeps = stands[named]
    owner = np.repeat(np.arange(len(lengths)), lengths)
    return np.bincount(owner[keeps], minlength=len(lengths)).astype(np.int64), named[keeps]


def _integers(values: Iterable[int]) -> Numbers:
    return np.fromiter(values, np.int64)
