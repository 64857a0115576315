"""Writing Pabulib's `.pb` files and our rank tables, always the same bytes for the same content.

Ballots are sorted by what they say and numbered afresh, so that a place in the file tells nothing
about when or by whom a ballot was cast. The parameters that META cannot say go to its comment.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.errors import UnknownRule
from voting.counting.money import format_money
from voting.counting.parameters import CUSTOM, RuleLine, write_comment
from voting.counting.rank_table import RankTable
from voting.counting.rules import FUNDED, find_rule

Target = str | PathLike[str] | BinaryIO
Row = Sequence[str]

# The order in which Pabulib's checker wants keys and columns.
_META_ORDER = [
    "description", "country", "unit", "district", "subunit", "instance", "num_projects",
    "num_votes", "budget", "vote_type", "rule", "date_begin", "date_end", "min_length",
    "max_length", "edition", "language", "currency",
]  # fmt: skip
_COLUMN_ORDER = [
    "project_id", "cost", "votes", "score", "name", "category", "beneficiaries", "selected",
    "neighborhood", "subunit", "district", "description", "proposer", "public_id", "latitude",
    "longitude",
]  # fmt: skip


def write_pb(
    contest: Contest, ballots: Ballots, target: Target, result: Count | None = None
) -> None:
    """Write contest and ballots to a path (compressed if it ends with .gz) or to open bytes.

    With a `result` the columns votes, score and selected say what came out of it.
    """
    lines = ballots.published_lines(contest.ids)
    votes = [(str(number), line) for number, line in enumerate(lines, 1)]
    _write(contest, len(ballots), result, target, [("VOTES",), ("voter_id", "vote"), *votes])


def write_rank_table(
    contest: Contest, table: RankTable, target: Target, result: Count | None = None
) -> None:
    """Write a contest whose ballots are too few to publish: the table of project x rank."""
    ids, columns = contest.ids, (column.tolist() for column in table.columns)
    rows = [(ids[option], *map(str, rest)) for option, *rest in zip(*columns, strict=True)]
    header = ("project_id", "length", "rank", "ballots")
    _write(contest, len(table), result, target, [("RANKS",), header, *rows])


def _write(
    contest: Contest, ballots: int, result: Count | None, target: Target, last: Iterable[Row]
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([("META",), ("key", "value"), *_meta(contest, ballots)])
    writer.writerows([("PROJECTS",), *_projects(contest, result)])
    writer.writerows(last)
    data = text.getvalue().encode()
    if not isinstance(target, str | PathLike):
        target.write(data)
        return
    if str(target).endswith(".gz"):
        data = gzip.compress(data, 9, mtime=0)
    Path(target).write_bytes(data)


def _meta(contest: Contest, ballots: int) -> list[Row]:
    rule, line = _rule_and_line(contest)
    meta = {
        **contest.meta,
        "description": contest.title,
        "num_projects": str(len(contest.options)),
        "num_votes": str(ballots),
        "budget": format_money(contest.budget),
        "vote_type": contest.vote_type,
        "rule": rule,
        "min_length": str(contest.min_length),
        "max_length": "" if contest.max_length is None else str(contest.max_length),
        "comment": write_comment(line, contest.notes),
    }
    rows = [(key, _cell(value)) for key, value in meta.items() if value.strip()]
    return sorted(rows, key=lambda row: _place(_META_ORDER, row[0]))


def _rule_and_line(contest: Contest) -> tuple[str, RuleLine | None]:
    """META's rule, and our line of the comment if the rule's name alone does not say enough."""
    try:
        rule = find_rule(contest.rule, contest.vote_type, contest.rule_version)
    except UnknownRule:
        return contest.rule, None
    if contest.tie_order == contest.ids:
        return rule.pabulib, None
    return CUSTOM, RuleLine(rule.name, rule.version, list(contest.tie_order))


def _projects(contest: Contest, result: Count | None) -> list[Row]:
    outcome = {} if result is None else _outcome_columns(result)
    rows = [
        {
            "project_id": option.id,
            "cost": format_money(option.cost),
            "name": option.name,
            **option.columns,
            **outcome.get(option.id, {}),
        }
        for option in contest.options
    ]
    used = dict.fromkeys(column for row in rows for column in row)
    header = sorted(used, key=lambda column: _place(_COLUMN_ORDER, column))
    return [header, *([_cell(row.get(column, "")) for column in header] for row in rows)]


def _outcome_columns(result: Count) -> dict[str, dict[str, str]]:
    return {
        stage.option: {
            "votes": str(stage.ballots),
            "score": str(stage.points),
            "selected": "1" if stage.outcome == FUNDED else "0",
        }
        for stage in result.stages
    }


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _cell(text: str) -> str:
    """A cell of one line without blanks around it, as the format demands."""
    return " ".join(text.split())
