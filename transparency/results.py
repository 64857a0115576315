"""A contest's result as one document: what is published of it, and what the pages show.

The document is canonical JSON of integers and strings. It is made once, at publication, from the
certified count and its checked explanations; every page reads the same bytes that readers can
download. The document has money in hundredths, as the counting; the pages in smallest units.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from core.money import minor_digits
from voting.amounts import from_hundredths
from voting.counting import Count, Explanation
from voting.counting.parameters import canonical_json

FORMAT = "common-purse result 1"


class UnreadableResult(RuntimeError):
    """A stored result is not a document that this version wrote."""


@dataclass(frozen=True, slots=True)
class OptionResult:
    """What became of one option. `equals` names all with the same points, `ahead` the titles of
    those among them that had their turn before and were funded."""

    id: str
    title: str
    category: str
    proposal: str | None
    funded_as: int | None
    place: int
    points: int
    ballots: int
    cost: int
    money_before: int
    money_after: int
    code: str
    cost_limit: int | None
    points_limit: int | None
    budget_limit: int | None
    equals: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    tie_decides: bool = False

    @property
    def is_funded(self) -> bool:
        return self.funded_as is not None


@dataclass(frozen=True)
class ContestResult:
    """One contest's published result; `options` stand in the order of their turns."""

    ref: str
    title: str
    currency: str
    budget: int
    min_length: int
    max_length: int
    ballots: int
    aggregate_only: bool
    rule: str
    rule_version: str
    count_sha256: str
    options: tuple[OptionResult, ...]

    @cached_property
    def funded(self) -> list[OptionResult]:
        return [option for option in self.options if option.is_funded]

    @cached_property
    def not_funded(self) -> list[OptionResult]:
        return [option for option in self.options if not option.is_funded]

    @cached_property
    def spent(self) -> int:
        return sum(option.cost for option in self.options if option.is_funded)

    @property
    def has_small_costs(self) -> bool:
        """Whether some cost has small digits, so that all are written with them and line up."""
        unit = 10 ** minor_digits(self.currency)
        return any(option.cost % unit for option in self.options)

    @property
    def left(self) -> int:
        return self.budget - self.spent


def write_document(
    contest: Mapping[str, Any],
    options: Mapping[str, Mapping[str, Any]],
    result: Count,
    explanations: tuple[Explanation, ...],
) -> str:
    """The published document.

    `contest` says what the count does not know (ref, title, currency, limits, aggregate_only,
    count_sha256); `options` holds title, category and proposal by option id.
    """
    funding = {ref: number for number, ref in enumerate(result.funded, 1)}
    stages = zip(result.outcomes, explanations, strict=True)
    document = {
        "format": FORMAT,
        "contest": {
            **contest,
            "budget": result.contest.budget,
            "ballots": len(result.ballots),
            "rule": result.rule.name,
            "rule_version": result.rule.version,
        },
        "count": result.as_document(),
        "results": [
            {
                "id": stage.option,
                **options[stage.option],
                "outcome": "funded" if stage.is_funded else "not_funded",
                "funded_as": funding.get(stage.option),
                "place": stage.number,
                "points": stage.points,
                "ballots": stage.ballots,
                "cost": stage.cost,
                "money_before": stage.money_before,
                "money_after": stage.money_after,
                "reason": why.code,
                "cost_limit": why.cost_limit,
                "points_limit": why.points_limit,
                "budget_limit": why.budget_limit,
                "equal_points": list(stage.tied_with),
                "tie_decides": int(stage.tie_decides),
            }
            for stage, why in stages
        ],
    }
    return canonical_json(document)


@lru_cache(maxsize=128)
def read_document(text: str) -> ContestResult:
    """The result that `write_document` wrote. Raises UnreadableResult.

    The same text is read once: what was published never changes.
    """
    try:
        document = json.loads(text)
        if document["format"] != FORMAT:
            raise UnreadableResult(f"A result in the format {document['format']!r}.")
        contest = document["contest"]
        rows = {row["id"]: row for row in document["results"]}
        return ContestResult(
            ref=contest["ref"],
            title=contest["title"],
            currency=contest["currency"],
            budget=from_hundredths(contest["budget"], contest["currency"]),
            min_length=contest["min_length"],
            max_length=contest["max_length"],
            ballots=contest["ballots"],
            aggregate_only=bool(contest["aggregate_only"]),
            rule=contest["rule"],
            rule_version=contest["rule_version"],
            count_sha256=contest["count_sha256"],
            options=tuple(_option(row, rows, contest["currency"]) for row in document["results"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableResult(f"A result without {error}.") from error


def _option(
    row: Mapping[str, Any], rows: Mapping[str, Mapping[str, Any]], currency: str
) -> OptionResult:
    def minor(key: str) -> int:
        return from_hundredths(row[key], currency)

    ahead = [
        rows[other]["title"]
        for other in row["equal_points"]
        if rows[other]["place"] < row["place"] and rows[other]["funded_as"] is not None
    ]
    return OptionResult(
        id=row["id"],
        title=row["title"],
        category=row["category"],
        proposal=row["proposal"],
        funded_as=row["funded_as"],
        place=row["place"],
        points=row["points"],
        ballots=row["ballots"],
        cost=minor("cost"),
        money_before=minor("money_before"),
        money_after=minor("money_after"),
        code=row["reason"],
        cost_limit=None if row["cost_limit"] is None else minor("cost_limit"),
        points_limit=row["points_limit"],
        budget_limit=None if row["budget_limit"] is None else minor("budget_limit"),
        equals=tuple(rows[other]["title"] for other in row["equal_points"]),
        ahead=tuple(ahead),
        tie_decides=bool(row["tie_decides"]),
    )
