"""The papers on the counting table: each lies with one candidate, at a value, or with nobody.

IRV and Scotland's STV both move papers from pile to pile. Equal papers move together, and only
the papers of the pile that is taken up are looked at, never those of the others.
"""

import numpy as np

from voting.counting.seats.reading import Flags, Numbers, Preferences


class Piles:
    """All papers sorted by their first preference among the candidates who stand.

    `holder` has, by distinct paper, the number of the candidate it lies with, or the number of
    candidates for papers that no longer count for anybody; `value` is what one copy is worth.
    `continuing` says who may still receive papers, and is changed by the rule that counts.
    """

    def __init__(self, preferences: Preferences, continuing: Flags, unit: int = 1) -> None:
        self.continuing = continuing
        self.copies = preferences.copies
        self.nobody = len(continuing)
        self.value = np.full(len(self.copies), unit, np.int64)
        self.holder = np.full(len(self.copies), self.nobody, np.int64)
        self._candidates = preferences.candidates
        self._place = preferences.starts[:-1].copy()
        self._end = preferences.starts[1:]
        self.deal(self.everything)

    def held_by(self, candidate: int) -> Numbers:
        """The papers of a pile."""
        return np.flatnonzero(self.holder == candidate)

    def deal(self, papers: Numbers) -> None:
        """Put each of these papers with the next candidate it prefers who continues."""
        while len(papers):
            left = self._place[papers] < self._end[papers]
            self.holder[papers[~left]] = self.nobody
            papers = papers[left]
            preferred = self._candidates[self._place[papers]]
            self._place[papers] += 1
            goes = self.continuing[preferred]
            self.holder[papers[goes]] = preferred[goes]
            papers = papers[~goes]

    def scale(self, papers: Numbers, part: int, whole: int) -> None:
        """Lower the value of each of these papers to value x part / whole, the remainder ignored.

        Reckoned once for each value there is, with numbers that cannot overflow.
        """
        values, place = np.unique(self.value[papers], return_inverse=True)
        lowered = [part * value // whole for value in values.tolist()]
        self.value[papers] = np.array(lowered, np.int64)[place]

    def worth(self, papers: Numbers) -> list[int]:
        """What these papers are worth to each candidate; the last entry is those with nobody."""
        totals = np.zeros(self.nobody + 1, np.int64)
        np.add.at(totals, self.holder[papers], self.value[papers] * self.copies[papers])
        return [int(total) for total in totals]

    def received(self, papers: Numbers) -> list[tuple[int, int]]:
        """Who received these papers, with what they are worth; `nobody` may be among them."""
        return [(number, gained) for number, gained in enumerate(self.worth(papers)) if gained]

    @property
    def everything(self) -> Numbers:
        return np.arange(len(self.copies))
