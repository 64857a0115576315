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

from voting.counting.ballots import Ballots, format_points
from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.errors import CountingError
from voting.counting.money import format_money
from voting.counting.parameters import CUSTOM, RuleLine, write_comment
from voting.counting.rank_table import RankTable
from voting.counting.rules import FUNDED, TOPPED_UP, Choice, choose_rule
from voting.counting.rules.terms import meta_of

Target = str | PathLike[str] | BinaryIO
Row = Sequence[str]

# The order in which Pabulib's checker wants keys and columns.
_META_ORDER = [
    "description", "country", "unit", "district", "subunit", "instance", "num_projects",
    "num_votes", "budget", "vote_type", "rule", "date_begin", "date_end", "min_length",
    "max_length", "edition", "language", "currency",
]  # fmt: skip
_SELECTED = {FUNDED: "1", TOPPED_UP: "2"}
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
    header = ("voter_id", "vote") if ballots.points is None else ("voter_id", "vote", "points")
    # The points, if there are any, stand behind the last semicolon of a line: ids may have some.
    cells = len(header) - 2
    votes = [(str(number), *line.rsplit(";", cells)) for number, line in enumerate(lines, 1)]
    _write(contest, len(ballots), result, target, [("VOTES",), header, *votes])


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
    rule, said, line = _rule_and_line(contest)
    meta = {
        **contest.meta,
        **said,
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


def _rule_and_line(contest: Contest) -> tuple[str, dict[str, str], RuleLine | None]:
    """META's rule with what else META has to say of it, and our line if that is not enough."""
    try:
        rule, parameters = choose_rule(contest)
    except CountingError:
        return contest.rule, {}, None
    if contest.tie_order == contest.ids:
        for name in (contest.rule, *rule.names):
            if name in rule.names and _says_all(name, contest, Choice(rule, parameters)):
                return name, meta_of(parameters), None
    return CUSTOM, {}, RuleLine(rule.name, rule.version, list(contest.tie_order), parameters)


def _says_all(name: str, contest: Contest, choice: Choice) -> bool:
    """Whether this name of Pabulib's in META stands for just these parameters."""
    try:
        said = choice.rule.names[name]({**contest.meta, **meta_of(choice.parameters)})
    except CountingError:
        return False
    return said == choice.parameters


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
            "score": format_points(stage.points, result.ballots.points_scale),
            "selected": _SELECTED.get(stage.outcome, "0"),
        }
        for stage in result.outcomes
    }


def _place(order: list[str], key: str) -> int:
    return order.index(key) if key in order else len(order)


def _cell(text: str) -> str:
    """A cell of one line without blanks around it, as the format demands."""
    return " ".join(text.split())
