"""What a count of a race leaves on record, and the document in which it is published."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from voting.counting.parameters import canonical_json
from voting.counting.published_text import digest_of_lines
from voting.counting.seats.papers import Papers
from voting.counting.seats.race import Race
from voting.counting.seats.ties import Tie

FIRST_PREFERENCES = "first preferences"
SURPLUS = "surplus"
EXCLUSION = "exclusion"
KEEP_FACTORS = "keep factors"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: what was done, and how the papers lie at its end.

    `action` is "first preferences", "surplus" (the surplus of `of` was transferred), "exclusion"
    (those in `of` were excluded and their papers transferred) or, by Meek's rule, "keep factors"
    (the winners so far, `of`, keep less of each paper). `tallies` are by candidate number in the
    election's units, and so are the quota, the papers that no longer count for anybody
    (`non_transferable`) and what rounding lost (`lost`), these two added up since the first stage:

        sum(tallies) + non_transferable + lost = valid papers x unit

    `elected` reached the quota (or the majority) at the end of this stage, in this order; `filled`
    were elected then without it, since no more were left than seats. `factors` are Meek's keep
    factors in billionths, `passes` how often the papers were distributed anew to find them.
    """

    number: int
    action: str
    of: tuple[str, ...]
    tallies: tuple[int, ...]
    quota: int
    non_transferable: int
    lost: int = 0
    elected: tuple[str, ...] = ()
    filled: tuple[str, ...] = ()
    ties: tuple[Tie, ...] = ()
    factors: tuple[int, ...] = ()
    passes: int = 0

    def as_document(self, ids: tuple[str, ...]) -> dict[str, Any]:
        document: dict[str, Any] = {
            "number": self.number,
            "action": self.action,
            "of": list(self.of),
            "tallies": dict(zip(ids, self.tallies, strict=True)),
            "quota": self.quota,
            "non_transferable": self.non_transferable,
            "lost": self.lost,
            "elected": list(self.elected),
            "filled": list(self.filled),
            "ties": [tie.as_document() for tie in self.ties],
        }
        if self.factors:
            document["keep_factors"] = dict(zip(ids, self.factors, strict=True))
            document["passes"] = self.passes
        return document


@dataclass(frozen=True, slots=True)
class Pair:
    """A majority of one candidate over another, in the order in which pairs were taken up.

    `kept` says that it was locked in; it is left out when those before it say the opposite.
    """

    winner: str
    loser: str
    votes: int
    against: int
    kept: bool


@dataclass(frozen=True, slots=True)
class Pairwise:
    """What the papers say of each two candidates, and the ranking that the rule makes of it.

    `matrix[a][b]` is the number of papers that place candidate a above b. `paths[a][b]` is the
    strength of the strongest path from a to b (Schulze), `pairs` are the majorities in the order in
    which they were locked or left out (ranked pairs). `ranking` has everybody who stands, the best
    first; `ties` says where the rule left it open and the lot decided.
    """

    matrix: tuple[tuple[int, ...], ...]
    ranking: tuple[str, ...]
    paths: tuple[tuple[int, ...], ...] = ()
    pairs: tuple[Pair, ...] = ()
    ties: tuple[Tie, ...] = ()

    def as_document(self) -> dict[str, Any]:
        document: dict[str, Any] = {
            "matrix": [list(row) for row in self.matrix],
            "ranking": list(self.ranking),
            "ties": [tie.as_document() for tie in self.ties],
        }
        if self.paths:
            document["paths"] = [list(row) for row in self.paths]
        if self.pairs:
            document["pairs"] = [
                [pair.winner, pair.loser, pair.votes, pair.against, pair.kept]
                for pair in self.pairs
            ]
        return document


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule found out: who is elected, in order, and how.

    `unit` is what one paper is worth: 1, 100,000 (five decimals) or 1,000,000,000 (nine).
    """

    elected: tuple[str, ...]
    valid: int
    refused: int = 0
    blank: int = 0
    unit: int = 1
    stages: tuple[Stage, ...] = ()
    pairwise: Pairwise | None = None


@dataclass(frozen=True, slots=True)
class Election:
    """A count of a race by one rule; `elected` has the ids in the order of their election."""

    race: Race
    papers: Papers
    rule: str
    version: str
    parameters: Mapping[str, str]
    outcome: Outcome

    @property
    def elected(self) -> tuple[str, ...]:
        return self.outcome.elected

    @property
    def stages(self) -> tuple[Stage, ...]:
        return self.outcome.stages

    def as_document(self) -> dict[str, Any]:
        """The count as it is published: whole numbers and texts only."""
        ids, found = self.race.ids, self.outcome
        race = self.race.as_document()
        document: dict[str, Any] = {
            "rule": self.rule,
            "rule_version": self.version,
            "parameters": dict(self.parameters),
            "race": {**race, "sha256": digest_of_lines([canonical_json(race)])},
            "ballots": {
                "number": len(self.papers),
                "valid": found.valid,
                "refused": found.refused,
                "blank": found.blank,
                "sha256": self.papers.digest(ids),
            },
            "unit": f"1/{found.unit}",
            "elected": list(found.elected),
            "stages": [stage.as_document(ids) for stage in found.stages],
        }
        if found.pairwise is not None:
            document["pairwise"] = found.pairwise.as_document()
        return document

    def as_json(self) -> str:
        """The document in its canonical form; its SHA-256 is what can be announced."""
        return canonical_json(self.as_document())
