"""The files of one contest: ballots or the table of project × rank, projects, and the result.

A contest with fewer ballots than its limit shows in no file which marks were made together: only
how many ballots of each length put a project at each rank.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.csvfile import write_csv
from core.money import plain_amount
from transparency.data_files import DataFile, data_file
from transparency.exports.ballot_tables import ballot_tables
from transparency.results import ContestResult, OptionResult
from voting.counting import Ballots, Contest, Count, RankTable, write_pb, write_rank_table
from voting.counting.parameters import canonical_json

PROJECT_COLUMNS = (
    "project_id", "title", "category", "district", "cost", "outcome", "funded_as", "place", "part",
    "points", "ballots", "price", "payers", "money_before", "money_after", "tie_broken_by",
    "reason", "cost_limit", "points_limit", "budget_limit", "ballots_more", "rival",
)  # fmt: skip
RANK_COLUMNS = ("project_id", "length", "rank", "ballots")


@dataclass(frozen=True)
class PublishedInput:
    """What a contest is counted from, as it may be published: its ballots, or only the table."""

    contest: Contest
    counted: Ballots | RankTable
    count: Count

    @classmethod
    def of(
        cls, contest: Contest, counted: Ballots | RankTable, count: Count, meta: Mapping[str, str]
    ) -> "PublishedInput":
        """The same with what META says of place and time.

        The title stays the contest's: it is part of the document that is announced.
        """
        return cls(replace(contest, meta=meta), counted, count)

    def as_file(self) -> bytes:
        """The file that is counted again: a `.pb`, or a rank table in the same shape.

        Projects stand in their final order; a count of the file gives the announced document.
        """
        target = io.BytesIO()
        if isinstance(self.counted, RankTable):
            write_rank_table(self.contest, self.counted, target, self.count, by_turns=True)
        else:
            write_pb(self.contest, self.counted, target, self.count, by_turns=True)
        return target.getvalue()


def contest_files(
    given: PublishedInput, result: ContestResult, document: str, count: str, recounted: bytes
) -> list[DataFile]:
    """All files of a contest. `count` is the count's own document, `recounted` the very file that
    the second count has read: it is among them where everybody may count again."""
    ref = result.ref
    projects = write_csv(PROJECT_COLUMNS, (_project(option, result) for option in result.options))
    said, table = "Contest, count, and the reason for each outcome", "Projects, in order of turn"
    files = [
        data_file(f"{ref}.json", said, document),
        data_file(f"{ref}-count.json", "The count itself, stage by stage", count),
        data_file(f"{ref}-projects.csv", table, projects),
    ]
    if isinstance(given.counted, RankTable):
        return files + _rank_files(ref, given, recounted if result.recountable else None)
    return files + _ballot_files(ref, given.contest, given.counted, recounted)


def _ballot_files(ref: str, contest: Contest, ballots: Ballots, recounted: bytes) -> list[DataFile]:
    pabulib = "Ballots and projects in Pabulib’s format; recount.py reads it"
    return [
        data_file(f"{ref}.pb", pabulib, recounted),
        *ballot_tables(ref, ballots.published_lines(contest.ids)),
    ]


def _rank_files(ref: str, given: PublishedInput, recounted: bytes | None) -> list[DataFile]:
    ids = given.contest.ids
    rows = [
        [ids[option], length, rank, ballots]
        for option, length, rank, ballots in zip(
            *(column.tolist() for column in given.counted.placings()), strict=True
        )
    ]
    listed = [dict(zip(RANK_COLUMNS, row, strict=True)) for row in rows]
    text = canonical_json({"contest": ref, "ranks": listed}) + "\n"
    shown = "Projects and the table of project × rank; recount.py reads it"
    table = write_csv(RANK_COLUMNS, rows)
    recountable = [] if recounted is None else [data_file(f"{ref}-ranks.txt", shown, recounted)]
    return [
        *recountable,
        data_file(f"{ref}-ranks.csv", "How many ballots put a project at each rank", table),
        data_file(f"{ref}-ranks.json", "The same table as a list", text),
    ]


def _project(option: OptionResult, result: ContestResult) -> list[str | int | None]:
    def amount(minor: int | None) -> str | None:
        return None if minor is None else plain_amount(minor, result.currency)

    price = option.support.price
    return [
        option.id,
        option.title,
        option.category,
        option.district,
        amount(option.cost),
        "funded" if option.is_funded else "not_funded",
        option.funded_as,
        option.place,
        option.part,
        option.points,
        option.ballots,
        None if price is None else f"{price.numerator}/{price.denominator}",
        option.support.payers,
        amount(option.money_before),
        amount(option.money_after),
        option.tie_broken_by,
        option.code,
        amount(option.cost_limit),
        option.points_limit,
        amount(option.budget_limit),
        option.ballots_more,
        option.rival,
    ]
