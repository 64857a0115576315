"""A count for seats as an officer reads it: the document of the engine with the answers' titles."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal

from core.languages import reader_locale
from voting.models import ContestCount, Option


@dataclass(frozen=True)
class Tally:
    """What one answer has at the end of a stage, in the election's units."""

    option: Option
    units: int
    is_chosen: bool


@dataclass(frozen=True)
class TieView:
    """Who was level at what, on whom it fell, and what decided: the number of a stage, or the lot.

    `question` is "exclusion", "surplus" or "order"; `stage` is None where the lot decided.
    """

    question: str
    options: Sequence[Option]
    chosen: Option
    stage: int | None


@dataclass(frozen=True)
class StageView:
    """One stage: what was done to whom, and how the ballots lie at its end, the most first.

    `action`, `quota`, `non_transferable` and `lost` are those of voting.counting.seats.Stage.
    """

    number: int
    action: str
    of: Sequence[Option]
    tallies: Sequence[Tally]
    quota: int
    non_transferable: int
    lost: int
    elected: Sequence[Option]
    filled: Sequence[Option]
    ties: Sequence[TieView]

    def units_of(self, option: Option) -> int | None:
        """What this answer has here; None once it is out."""
        return next((tally.units for tally in self.tallies if tally.option is option), None)


@dataclass(frozen=True)
class Duel:
    """Two answers beside each other: on `votes` ballots the first stands above the second, on
    `against` below. `kept` says whether a rule of pairs locked it in; None where none asks."""

    first: Option
    second: Option
    votes: int
    against: int
    kept: bool | None = None


@dataclass(frozen=True)
class PairwiseView:
    """Everybody against everybody. `matrix[a][b]` are the ballots that rank a above b."""

    ranking: Sequence[Option]
    matrix: Mapping[str, Mapping[str, int]]
    pairs: Sequence[Duel]
    paths: Mapping[str, Mapping[str, int]]
    ties: Sequence[TieView]

    def duels_of(self, option: Option) -> list[Duel]:
        """This answer against each other one, in the order of the ranking."""
        mine = self.matrix[option.ref]
        return [
            Duel(option, other, mine[other.ref], self.matrix[other.ref][option.ref])
            for other in self.ranking
            if other is not option
        ]


@dataclass(frozen=True)
class ElectionView:
    """What an officer looks at before she certifies a count without money."""

    count: ContestCount
    ballots: int
    blank: int
    unit: int
    chosen: Sequence[Option]
    others: Sequence[Option]
    stages: Sequence[StageView]
    pairwise: PairwiseView | None

    @property
    def most(self) -> int:
        """The length of a full bar, the same at every stage: the largest tally, or the quota."""
        found = [tally.units for stage in self.stages for tally in stage.tallies]
        return max([1, *found, *(stage.quota for stage in self.stages)])

    def votes(self, units: int) -> str:
        """Units as votes: whole, or to five decimals, cut and never rounded up."""
        whole = units % self.unit == 0
        value = Decimal(units * 100_000 // self.unit).scaleb(-5)
        pattern = "#,##0" if whole else "#,##0.00000"
        return str(format_decimal(value, pattern, locale=reader_locale()))


def election_view_of(count_: ContestCount) -> ElectionView:
    """Reads a count's document."""
    document = json.loads(count_.document)
    options = {option.ref: option for option in count_.contest.options}
    chosen = [options[ref] for ref in document["elected"]]
    pairwise = document.get("pairwise")
    return ElectionView(
        count=count_,
        ballots=document["ballots"]["number"],
        blank=document["ballots"]["blank"],
        unit=int(document["unit"].removeprefix("1/")),
        chosen=chosen,
        others=[option for option in options.values() if option not in chosen],
        stages=_stages(document["stages"], options),
        pairwise=_pairwise(pairwise, options) if pairwise else None,
    )


def _stages(stages: Sequence[Mapping[str, Any]], options: Mapping[str, Option]) -> list[StageView]:
    """An excluded answer is left out from the stage on at which it is; a chosen one stays."""
    out: set[str] = set()
    chosen: set[str] = set()
    views = []
    for stage in stages:
        if stage["action"] == "exclusion":
            out.update(stage["of"])
        chosen.update(stage["elected"], stage["filled"])
        tallies = [
            Tally(option, stage["tallies"][ref], ref in chosen)
            for ref, option in options.items()
            if ref not in out
        ]
        views.append(
            StageView(
                number=stage["number"],
                action=stage["action"],
                of=[options[ref] for ref in stage["of"]],
                tallies=sorted(tallies, key=lambda tally: -tally.units),
                quota=stage["quota"],
                non_transferable=stage["non_transferable"],
                lost=stage["lost"],
                elected=[options[ref] for ref in stage["elected"]],
                filled=[options[ref] for ref in stage["filled"]],
                ties=_ties(stage["ties"], options),
            )
        )
    return views


def _pairwise(pairwise: Mapping[str, Any], options: Mapping[str, Option]) -> PairwiseView:
    return PairwiseView(
        ranking=[options[ref] for ref in pairwise["ranking"]],
        matrix=_by_ref(pairwise["matrix"], list(options)),
        pairs=[
            Duel(options[winner], options[loser], votes, against, kept)
            for winner, loser, votes, against, kept in pairwise.get("pairs", ())
        ],
        paths=_by_ref(pairwise.get("paths", ()), list(options)),
        ties=_ties(pairwise["ties"], options),
    )


def _by_ref(rows: Sequence[Sequence[int]], refs: Sequence[str]) -> dict[str, dict[str, int]]:
    if not rows:
        return {}
    return {ref: dict(zip(refs, row, strict=True)) for ref, row in zip(refs, rows, strict=True)}


def _ties(ties: Sequence[Mapping[str, Any]], options: Mapping[str, Option]) -> list[TieView]:
    return [
        TieView(
            question=tie["question"],
            options=[options[ref] for ref in tie["candidates"]],
            chosen=options[tie["chosen"]],
            stage=_stage_of(tie["broken_by"]),
        )
        for tie in ties
    ]


def _stage_of(broken_by: str) -> int | None:
    return int(broken_by.removeprefix("stage ")) if broken_by.startswith("stage ") else None
