"""Writing Pabulib's `.pb` files and our rank tables, always the same bytes for the same content.

Ballots are sorted by what they say and numbered afresh, so that a place in the file tells nothing
about when or by whom a ballot was cast. The parameters that META cannot say go to its comment.
What is written is what Pabulib's checker accepts; how projects are told is in `pb_projects`.
"""

import csv
import gzip
import io
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.errors import CountingError
from voting.counting.money import format_money
from voting.counting.parameters import CUSTOM, RuleLine, write_comment
from voting.counting.pb_format import META_KEYS
from voting.counting.pb_projects import one_line, project_rows
from voting.counting.rank_table import RankTable
from voting.counting.rules import Choice, choose_rule
from voting.counting.rules.choice import UNSAID
from voting.counting.rules.terms import meta_of

Target = str | PathLike[str] | BinaryIO
Row = Sequence[str]


def write_pb(
    contest: Contest,
    ballots: Ballots,
    target: Target,
    result: Count | None = None,
    *,
    by_turns: bool = False,
) -> None:
    """Write contest and ballots to a path (compressed if it ends with .gz) or to open bytes.

    With a `result` the columns votes, score and selected say what came out of it, and `by_turns`
    puts the projects in its final order, as Pabulib publishes results; the contest's own order is
    then told in the comment, so that a count of the file gives the very document of the result.
    """
    lines = ballots.published_lines(contest.ids)
    header = ("voter_id", "vote") if ballots.points is None else ("voter_id", "vote", "points")
    # The points, if there are any, stand behind the last semicolon of a line: ids may have some.
    cells = len(header) - 2
    votes = [(str(number), *line.rsplit(";", cells)) for number, line in enumerate(lines, 1)]
    _write(contest, ballots, target, result, [("VOTES",), header, *votes], by_turns=by_turns)


def write_rank_table(
    contest: Contest,
    table: RankTable,
    target: Target,
    result: Count | None = None,
    *,
    by_turns: bool = False,
) -> None:
    """Write a contest whose ballots are too few to publish: the table of project x rank."""
    ids, columns = contest.ids, (column.tolist() for column in table.columns)
    rows = [(ids[option], *map(str, rest)) for option, *rest in zip(*columns, strict=True)]
    header = ("project_id", "length", "rank", "ballots")
    _write(contest, table, target, result, [("RANKS",), header, *rows], by_turns=by_turns)


def _write(
    contest: Contest,
    counted: Ballots | RankTable,
    target: Target,
    result: Count | None,
    last: Iterable[Row],
    *,
    by_turns: bool,
) -> None:
    listed = _final_order(contest, result) if by_turns else contest.ids
    place = {ref: number for number, ref in enumerate(contest.ids)}
    header, *projects = project_rows(contest, counted, result)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerows([("META",), ("key", "value"), *meta_rows(contest, counted, listed)])
    writer.writerows([("PROJECTS",), header, *(projects[place[ref]] for ref in listed)])
    writer.writerows(last)
    write_bytes(text.getvalue().encode(), target)


def _final_order(contest: Contest, result: Count | None) -> tuple[str, ...]:
    """By falling score, as Pabulib's checker sorts; equal ones in the order of their last turns.

    The contest's own order where nothing was counted, and where no comment could say it: we have
    no name for its rule.
    """
    if result is None or not _is_known(contest):
        return contest.ids
    return tuple(stage.option for stage in sorted(result.outcomes, key=lambda each: -each.points))


def _is_known(contest: Contest) -> bool:
    try:
        choose_rule(contest)
    except CountingError:
        return False
    return True


def write_bytes(data: bytes, target: Target) -> None:
    """Write to open bytes, or to a path, compressed if that ends with .gz."""
    if not isinstance(target, str | PathLike):
        target.write(data)
        return
    if str(target).endswith(".gz"):
        data = gzip.compress(data, 9, mtime=0)
    Path(target).write_bytes(data)


def meta_rows(
    contest: Contest, counted: Ballots | RankTable, listed: Sequence[str] | None = None
) -> list[tuple[str, str]]:
    """META without its header: what the format has a key for, in its order.

    What it has no key for is kept as a remark in the comment. `listed` are the ids in the order in
    which the file has the projects; by default the contest's own.
    """
    order = None if listed in (None, contest.ids) else list(contest.ids)
    rule, said, line = _rule_and_line(contest, order, whole_points=counted.points_scale == 1)
    known, unknown = _known_and_unknown(contest.meta)
    remarks = [*contest.notes, *(f"{key}: {value}" for key, value in unknown.items())]
    shortest, longest = _limits(contest)
    meta = {
        **known,
        **said,
        "description": contest.title,
        "num_projects": str(len(contest.options)),
        "num_votes": str(len(counted)),
        "budget": format_money(contest.budget, contest.decimals),
        "vote_type": contest.vote_type,
        "rule": rule,
        "min_length": str(shortest),
        "max_length": "" if longest is None else str(longest),
        "fully_funded": "1" if sum(contest.costs) <= contest.budget else "",
        "comment": write_comment(line, remarks),
    }
    rows = [(key, one_line(value)) for key, value in meta.items() if value.strip()]
    return sorted(rows, key=lambda row: META_KEYS.index(row[0]))


def _known_and_unknown(meta: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    known = {key: value for key, value in meta.items() if key in META_KEYS}
    return known, {key: value for key, value in meta.items() if key not in META_KEYS}


def _limits(contest: Contest) -> tuple[int, int | None]:
    """The limits of a ballot's length as far as they limit anything."""
    if contest.vote_type == "choose-1":
        return 1, contest.max_length and 1
    longest = contest.max_length
    return contest.min_length, longest and min(longest, len(contest.options))


def _rule_and_line(
    contest: Contest, order: list[str] | None, *, whole_points: bool
) -> tuple[str, dict[str, str], RuleLine | None]:
    """META's rule with what else META has to say of it, and our line if that is not enough.

    Where points have decimals Pabulib's score, a whole number, cannot show the order of turns.
    """
    try:
        rule, parameters = choose_rule(contest)
    except CountingError:
        return ("unknown" if contest.rule in UNSAID else contest.rule), {}, None
    if contest.tie_order == contest.ids and order is None and whole_points:
        # A threshold makes it greedy-threshold, though plain greedy could be read with one too.
        plain_last = "threshold" in parameters
        names = sorted((contest.rule, *rule.names), key=lambda n: plain_last and n == "greedy")
        for name in names:
            if name in rule.names and _says_all(name, contest, Choice(rule, parameters)):
                return name, meta_of(parameters), None
    ties = list(contest.tie_order)
    return CUSTOM, {}, RuleLine(rule.name, rule.version, ties, parameters, order)


def _says_all(name: str, contest: Contest, choice: Choice) -> bool:
    """Whether this name of Pabulib's in META stands for just these parameters."""
    try:
        said = choice.rule.names[name]({**contest.meta, **meta_of(choice.parameters)})
    except CountingError:
        return False
    return said == choice.parameters
