"""The race run again with one thing changed: what every figure of an explanation stands on.

Each trial is the whole count by the same rule and settings. Where the next trial should be is read
off the last one: from the papers that were missing when somebody was excluded, or, where pairs
decide, from the numbers of papers at which some comparison turns.
"""

from dataclasses import replace

import numpy as np

from voting.counting.seats.counts import elect
from voting.counting.seats.election import EXCLUSION, Election
from voting.counting.seats.papers import MOST_PAPERS, Papers
from voting.counting.seats.reading import Numbers

_TRIES = 24


class Trials:
    """An election that can be asked who would have been elected if one thing had been different."""

    def __init__(self, election: Election) -> None:
        self.election = election
        self.number = {ref: place for place, ref in enumerate(election.race.ids)}
        self._without: dict[str, frozenset[str]] = {}

    def elected_without(self, ref: str) -> frozenset[str]:
        """Who is elected if this candidate withdraws."""
        if ref not in self._without:
            race = self.election.race
            gone = tuple(other for other in race.ids if other == ref or other in race.withdrawn)
            asked = replace(self.election, race=replace(race, withdrawn=gone))
            nobody = len(gone) == len(race.ids)
            self._without[ref] = frozenset() if nobody else frozenset(self._run(asked).elected)
        return self._without[ref]

    def is_elected_as_luckiest(self, ref: str) -> bool:
        """Whether a lot that draws this candidate first elects her."""
        race = self.election.race
        order = (ref, *(other for other in race.tie_order if other != ref))
        return ref in self._run(replace(self.election, race=replace(race, tie_order=order))).elected

    def with_more_papers(self, ref: str, more: int) -> Election:
        """The election with so many further papers that rank this candidate alone."""
        grown = self.election.papers.straight.with_lone(self.number[ref], more)
        papers = Papers(grown, self.election.papers.irregular)
        return self._run(replace(self.election, papers=papers))

    def ballots_more(self, ref: str) -> int | None:
        """A number of such papers that elects her while one fewer does not: both were counted.

        It is the least one, but for the single transferable vote, where more papers raise the
        quota as well: there another one below may be enough too. None if the trials do not find
        it.
        """
        run, low, high = self.election, 0, MOST_PAPERS - len(self.election.papers) + 1
        turns = self._turning_points(ref) if run.outcome.pairwise is not None else None
        for _ in range(_TRIES):
            if high - low == 1:
                return high if high + len(self.election.papers) <= MOST_PAPERS else None
            more = _next_turn(turns, low, high) if turns is not None else _next_guess(
                run, self.number[ref], len(run.papers) - len(self.election.papers)
            )  # fmt: skip
            more = min(max(more, low + 1), high - 1)
            run = self.with_more_papers(ref, more)
            low, high = (low, more) if ref in run.elected else (more, high)
        return high if high - low == 1 else None

    def _turning_points(self, ref: str) -> Numbers:
        """The numbers of papers at or after which one of her comparisons changes its place.

        Each paper adds one to her side of every comparison. It can turn where her number reaches
        the other side's or that of another comparison, in papers for or in what is between the
        sides; when she is above everybody on more papers than below, nothing is left to turn.
        """
        shown = self.election.outcome.pairwise
        assert shown is not None
        her = self.number[ref]
        others = [number for number in self.election.race.standing if number != her]
        matrix = np.array(shown.matrix, np.int64)
        above, below = matrix[her, others], matrix[others, her]
        among = matrix[np.ix_(others, others)]
        margins = np.unique(among - among.T)
        mine = above - below
        turns = [
            (np.unique(matrix)[:, None] - above).ravel(),
            (margins[:, None] - mine).ravel(),
            ((-mine[:, None] - mine + 1) // 2).ravel(),
        ]
        points = np.unique(np.concatenate(turns))
        points = np.unique(np.concatenate((points, points + 1)))
        last = int((below - above).max(initial=0)) + 1
        return points[(points > 0) & (points <= last)]

    def _run(self, changed: Election) -> Election:
        return elect(changed.race, changed.papers, changed.rule, changed.parameters)


def _next_turn(turns: Numbers, low: int, high: int) -> int:
    """The middle one of the turning points between what is too few and what is enough."""
    between = turns[(turns > low) & (turns < high)]
    return int(between[len(between) // 2]) if len(between) else high - 1


def _next_guess(run: Election, her: int, more: int) -> int:
    """So many papers as `run` had, and those that it shows to be missing or to be spare."""
    ref, unit = run.race.ids[her], run.outcome.unit
    if ref in run.elected:
        return more - max(1, _spare(run, her) // unit)
    return more + max(1, -(-_missing(run, her) // unit))


def _missing(run: Election, her: int) -> int:
    """What she had less than the next when she was excluded, or than those who took the seats."""
    for before, stage in zip(run.stages, run.stages[1:], strict=False):
        gone = [run.race.ids.index(ref) for ref in stage.of]
        if stage.action == EXCLUSION and her in gone:
            left = [n for n in _continuing(run, stage.number) if n not in gone]
            above = min((before.tallies[n] for n in left), default=0)
            return above - sum(before.tallies[n] for n in gone)
    last = run.stages[-1]
    if run.rule == "irv":
        return 2 * max(last.tallies) - sum(last.tallies)
    winners = [run.race.ids.index(ref) for ref in (*last.elected, *last.filled)]
    return min((last.tallies[n] for n in winners), default=0) - last.tallies[her]


def _spare(run: Election, her: int) -> int:
    """What she had more than those who were excluded before her election, at the narrowest."""
    ref, least = run.race.ids[her], []
    for before, stage in zip(run.stages, run.stages[1:], strict=False):
        if ref in (*before.elected, *before.filled):
            break
        if stage.action == EXCLUSION:
            gone = sum(before.tallies[run.race.ids.index(other)] for other in stage.of)
            least.append(before.tallies[her] - gone)
    if least:
        return min(least)
    own = next(s for s in run.stages if ref in (*s.elected, *s.filled))
    return own.tallies[her] - own.quota


def _continuing(run: Election, stage: int) -> list[int]:
    """Who is neither elected nor excluded when this stage begins."""
    done = {
        ref
        for earlier in run.stages[: stage - 1]
        for ref in (
            *earlier.elected,
            *earlier.filled,
            *(earlier.of if earlier.action == EXCLUSION else ()),
        )
    }
    return [number for number in run.race.standing if run.race.ids[number] not in done]
