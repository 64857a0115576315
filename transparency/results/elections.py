"""What became of a contest without money, as the pages show it: who was chosen, and how.

Tallies are whole numbers of the count's own units; `unit` says how many make a vote.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

EXCLUSION = "exclusion"


@dataclass(frozen=True, slots=True)
class CandidateResult:
    """What became of one candidate, or one answer.

    `code` is the reason, `first` the ballots that rank it first. `stage` is where it was chosen or
    excluded, `tally` and `quota` what it had and what was needed then; `ranked` is its place where
    the rule makes a ranking. `ballots_more` and `rival` say what would have changed the outcome;
    None is what no second run confirmed.
    """

    id: str
    title: str
    summary: str
    code: str
    chosen_as: int | None
    first: int
    stage: int | None = None
    tally: int | None = None
    quota: int | None = None
    ranked: int | None = None
    ballots_more: int | None = None
    rival: str | None = None
    rival_title: str = ""

    @property
    def is_chosen(self) -> bool:
        return self.chosen_as is not None


@dataclass(frozen=True, slots=True)
class BrokenTie:
    """A tie of the count: the question, the titles that were level, on whom it fell, and why."""

    question: str
    candidates: tuple[str, ...]
    chosen: str
    broken_by: str


@dataclass(frozen=True, slots=True)
class Holding:
    """What one candidate holds at the end of a stage, and what it got or gave in it."""

    candidate: CandidateResult
    tally: int
    change: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class ElectionStage:
    """One stage: what was done with whom, and how the ballots lie at its end.

    `holdings` has everybody who is chosen or still in the count, the most first. `to_nobody` is
    what found no next choice in this stage; `nobody` and `lost_so_far` (what rounding took) are
    added up since the first stage.
    """

    number: int
    action: str
    of: tuple[CandidateResult, ...]
    holdings: tuple[Holding, ...]
    quota: int
    nobody: int
    to_nobody: int
    lost_so_far: int
    chosen: tuple[CandidateResult, ...]
    filled: tuple[CandidateResult, ...]
    ties: tuple[BrokenTie, ...]

    @property
    def received(self) -> list[Holding]:
        """Who got something in this stage, the most first."""
        gained = [each for each in self.holdings if each.change > 0]
        return sorted(gained, key=lambda each: -each.change)

    @property
    def tallies(self) -> dict[str, int]:
        return {each.candidate.id: each.tally for each in self.holdings}


@dataclass(frozen=True, slots=True)
class Majority:
    """A pair in the order in which ranked pairs took it up; left out where it was not kept."""

    winner: CandidateResult
    loser: CandidateResult
    votes: int
    against: int
    kept: bool


@dataclass(frozen=True)
class PairwiseResult:
    """The comparisons of each two: on how many ballots one stands above the other.

    `ranking` has the best first; `paths` the strongest chains (Schulze), `majorities` the pairs in
    turn (ranked pairs).
    """

    matrix: Mapping[str, Mapping[str, int]]
    ranking: tuple[CandidateResult, ...]
    paths: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    majorities: tuple[Majority, ...] = ()
    ties: tuple[BrokenTie, ...] = ()

    def above(self, one: CandidateResult, other: CandidateResult) -> int:
        """The ballots that place `one` above `other`."""
        return self.matrix[one.id][other.id]

    def beats(self, one: CandidateResult, other: CandidateResult) -> bool:
        return self.above(one, other) > self.above(other, one)

    def beats_all(self, one: CandidateResult) -> bool:
        """Whether more ballots place it above each of the others than below."""
        return all(self.beats(one, other) for other in self.ranking if other is not one)

    @cached_property
    def is_a_plain_ranking(self) -> bool:
        """Whether each stands above all that come after it: then no chain had to decide."""
        places = enumerate(self.ranking)
        return all(self.beats(one, other) for at, one in places for other in self.ranking[at + 1 :])


@dataclass(frozen=True, slots=True)
class OtherElection:
    """Whom another rule would have chosen of the same ballots, by ids in order."""

    rule: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BallotsHeard:
    """How many ballots name anybody, one of the chosen, and one of the chosen as first choice."""

    ballots: int
    with_chosen: int
    with_first_chosen: int


@dataclass(frozen=True)
class ElectionResult:
    """One contest's published result; `candidates` are the chosen in order, then who came nearest.

    `stages`, `pairwise`, `heard` and `others` are missing where ballots are too few to tell of
    them: then only who was chosen, and the first choices, are public.
    """

    ref: str
    title: str
    seats: int
    min_length: int
    max_length: int
    ballots: int
    valid: int
    aggregate_only: bool
    rule: str
    rule_version: str
    parameters: Mapping[str, str]
    count_sha256: str
    tie_order: tuple[str, ...]
    unit: int
    candidates: tuple[CandidateResult, ...]
    stages: tuple[ElectionStage, ...] = ()
    pairwise: PairwiseResult | None = None
    heard: BallotsHeard | None = None
    others: tuple[OtherElection, ...] = ()

    spent = 0
    """There is no money in it."""

    @cached_property
    def by_id(self) -> dict[str, CandidateResult]:
        return {candidate.id: candidate for candidate in self.candidates}

    @cached_property
    def chosen(self) -> list[CandidateResult]:
        """In the order in which they were chosen."""
        return [candidate for candidate in self.candidates if candidate.is_chosen]

    @cached_property
    def not_chosen(self) -> list[CandidateResult]:
        return [candidate for candidate in self.candidates if not candidate.is_chosen]

    def titles(self, refs: Sequence[str]) -> list[str]:
        return [self.by_id[ref].title for ref in refs]

    @property
    def winners(self) -> int:
        return len(self.chosen)

    @cached_property
    def most(self) -> int:
        """The largest tally or quota of any stage, by which all bars are drawn."""
        tallies = [each.tally for stage in self.stages for each in stage.holdings]
        return max([1, *tallies, *(stage.quota for stage in self.stages)])

    @cached_property
    def has_fractions(self) -> bool:
        """Whether some tally is no whole number of votes; then all are written with decimals."""
        return any(each.tally % self.unit for stage in self.stages for each in stage.holdings)
