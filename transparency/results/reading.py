"""Reading the published document back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

from transparency.results.other_rules import (
    DistrictFigures,
    GroupFigures,
    OtherRule,
    VotersFigures,
)
from transparency.results.outcomes import ContestResult, OptionResult, StageResult, Support
from transparency.results.writing import FORMAT
from voting.amounts import NotCountable, from_hundredths
from voting.counting.rules.rule import GREEDY_PART
from voting.counting.vote_types import TICKED

Document = Mapping[str, Any]
Result = TypeVar("Result")


class UnreadableResult(RuntimeError):
    """A stored result is not a document that this version wrote."""


@lru_cache(maxsize=128)
def read_document(text: str) -> ContestResult:
    """The result that `write_document` wrote. Raises UnreadableResult.

    The same text is read once: what was published never changes.
    """
    return read_as(text, FORMAT, _result)


def read_as(text: str, wanted: str, build: Callable[[Document], Result]) -> Result:
    """What `build` makes of a document in the wanted format. Raises UnreadableResult."""
    try:
        document = json.loads(text)
        if document["format"] != wanted:
            raise UnreadableResult(f"A result in the format {document['format']!r}.")
        return build(document)
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableResult(f"A result without {error}.") from error


def _result(document: Document) -> ContestResult:
    contest, count = document["contest"], document["count"]
    currency = contest["currency"]
    read = _Supports(currency, _pays_by_point(count["contest"]))
    rows = {row["id"]: row for row in document["results"]}
    turns = {turn["option"]: turn for turn in count["stages"]}
    options = tuple(
        _option(row, rows, currency, read.of(turns[row["id"]])) for row in document["results"]
    )
    statistics = document.get("statistics")
    return ContestResult(
        ref=contest["ref"],
        title=contest["title"],
        currency=currency,
        budget=from_hundredths(contest["budget"], currency),
        min_length=contest["min_length"],
        max_length=contest["max_length"],
        ballots=contest["ballots"],
        aggregate_only=bool(contest["aggregate_only"]),
        recountable=bool(contest["recountable"]),
        rule=contest["rule"],
        rule_version=contest["rule_version"],
        count_sha256=contest["count_sha256"],
        options=options,
        stages=_stages(count["stages"], {option.id: option for option in options}, read),
        parameters={k: v for k, v in count["contest"]["parameters"].items() if k != "tie_order"},
        facts=count["facts"],
        voters=None if statistics is None else _voters(statistics, currency),
        other_rules=tuple(_other(each, currency) for each in document.get("alternatives", ())),
    )


def _option(
    row: Document, rows: Mapping[str, Document], currency: str, support: Support
) -> OptionResult:
    def minor(key: str) -> int:
        return from_hundredths(row[key], currency)

    ahead = [
        rows[other]["title"]
        for other in row["equal_points"]
        if rows[other]["place"] < row["place"] and rows[other]["funded_as"] is not None
    ]
    rival = row["rival"]
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
        cost_limit=_limit(row["cost_limit"], currency),
        points_limit=row["points_limit"],
        budget_limit=_limit(row["budget_limit"], currency),
        equals=tuple(rows[other]["title"] for other in row["equal_points"]),
        ahead=tuple(ahead),
        tie_decides=bool(row["tie_decides"]),
        tie_broken_by=row["tie_broken_by"],
        part=row["part"],
        ballots_more=row["ballots_more"],
        rival=rival,
        rival_title="" if rival is None else rows[rival]["title"],
        support=support,
        district=row.get("district", ""),  # earlier results do not say it
    )


def _limit(hundredths: int | None, currency: str) -> int | None:
    """A limit in smallest units; one that lies between two of them is not told."""
    try:
        return None if hundredths is None else from_hundredths(hundredths, currency)
    except NotCountable:
        return None


def _stages(
    turns: list[Document], options: Mapping[str, OptionResult], read: "_Supports"
) -> tuple[StageResult, ...]:
    last = {turn["option"]: number for number, turn in enumerate(turns, 1)}
    return tuple(
        StageResult(
            number=number,
            option=options[turn["option"]],
            part=turn.get("part", GREEDY_PART),
            outcome=turn["outcome"],
            money_before=from_hundredths(turn["money_before"], read.currency),
            money_after=from_hundredths(turn["money_after"], read.currency),
            decides=last[turn["option"]] == number,
            support=read.of(turn),
            equals=tuple(options[other].title for other in turn["tied_with"]),
            tie_broken_by=turn.get("tie_broken_by", ""),
        )
        for number, turn in enumerate(turns, 1)
    )


def _pays_by_point(contest: Document) -> bool:
    """Whether supporters pay for each point that they gave, not each the same."""
    usual = "cost" if contest["vote_type"] in TICKED else "points"
    return contest["parameters"].get("utility", usual) not in ("cost", "cardinality")


@dataclass(frozen=True, slots=True)
class _Supports:
    """Reads what turns say of supporters, as far as they say anything."""

    currency: str
    per_point: bool

    def of(self, turn: Document) -> Support:
        price = turn.get("price")
        in_one = from_hundredths(100, self.currency)
        return Support(
            price=None if price is None else Fraction(price) * in_one / 100,
            per_point=self.per_point,
            payers=turn.get("payers"),
            rank=turn.get("rank"),
            amount=turn.get("support"),
            quota=turn.get("quota"),
        )


def _voters(statistics: Document, currency: str) -> VotersFigures:
    groups = statistics.get("groups", ())  # earlier results tell of none
    return VotersFigures(
        ballots=statistics["ballots"],
        with_funded=statistics["with_funded"],
        with_first_funded=statistics["with_first_funded"],
        choices_funded=statistics["choices_funded"],
        groups=tuple(
            GroupFigures(
                name=group["name"],
                options=group["options"],
                funded=group["funded"],
                spent=from_hundredths(group["spent"], currency),
                first_choices=group["first_choices"],
            )
            for group in groups
        ),
        districts=tuple(
            DistrictFigures(
                names=tuple(district["names"]),
                options=district["options"],
                funded=district["funded"],
                spent=from_hundredths(district["spent"], currency),
                voters=district["voters"],
            )
            for district in statistics.get("districts", ())
        ),
    )


def _other(each: Document, currency: str) -> OtherRule:
    return OtherRule(
        rule=each["rule"],
        parameters=each["parameters"],
        funded=frozenset(each["funded"]),
        only_there=tuple(each["only_there"]),
        only_here=tuple(each["only_here"]),
        spent=from_hundredths(each["spent"], currency),
        voters=_voters(each["statistics"], currency),
        more_here=each["prefer_this"],
        more_there=each["prefer_other"],
    )
