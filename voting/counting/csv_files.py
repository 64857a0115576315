"""A contest as two CSV tables, one of its projects and one of its ballots, for those who research.

The table of projects begins with what META says, one `# key: value` a line; most programs pass
over such lines. The table of ballots has one row for each: `ballot,rank_1,rank_2,...` where
projects are ranked, else `ballot,vote` and, where ballots give points, `points`, lists joined by
commas. The words are those of the `.pb` format.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from voting.counting.allowance import Allowance
from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.errors import MalformedFile
from voting.counting.file_checks import check_file
from voting.counting.file_warnings import Warnings
from voting.counting.pb_projects import project_rows
from voting.counting.pb_reader import Reading, Source, opened
from voting.counting.pb_sections import Meta, read_contest
from voting.counting.pb_writer import Target, meta_rows, write_bytes
from voting.counting.rows import BOM, BYTE_ORDER_MARK, Rows, read_line
from voting.counting.vote_types import POINTED, RANKED
from voting.counting.votes_section import Row, collect_votes

_RANK = "rank_"


def read_csv(
    projects: Source, ballots: Source, *, most_bytes: int | None = None, checked: bool = True
) -> Reading:
    """The contest and its ballots from both tables. Raises MalformedFile, TooLarge or OSError."""
    warnings, allowance = Warnings(), Allowance(most_bytes)
    with opened(projects, allowance) as stream:
        meta, lines = _read_meta(stream, warnings, allowance)
        rows = Rows(
            stream, "PROJECTS", lines, warnings=warnings, allowance=allowance, delimiter=","
        )
        contest = read_contest(rows, meta)
    with opened(ballots, allowance) as stream:
        rows = Rows(stream, "VOTES", warnings=warnings, allowance=allowance, delimiter=",")
        found = _read_ballots(rows, contest)
    meta.check_number("num_votes", len(found), "ballots")
    if checked:
        check_file(meta, contest, found, warnings)
    return Reading(contest, found, warnings.listed())


def write_csv(
    contest: Contest,
    ballots: Ballots,
    projects_target: Target,
    ballots_target: Target,
    result: Count | None = None,
) -> None:
    """Write both tables; ballots are sorted by what they say and numbered from 1."""
    text = io.StringIO()
    text.writelines(f"# {key}: {value}\n" for key, value in meta_rows(contest, ballots))
    _write_rows(text, project_rows(contest, ballots, result))
    write_bytes(text.getvalue().encode(), projects_target)
    text = io.StringIO()
    _write_rows(text, _ballot_rows(contest, ballots))
    write_bytes(text.getvalue().encode(), ballots_target)


def _ballot_rows(contest: Contest, ballots: Ballots) -> Iterator[Sequence[str]]:
    lines = ballots.published_lines(contest.ids)
    if ballots.points is not None:
        yield "ballot", "vote", "points"
        for number, line in enumerate(lines, 1):
            yield str(number), *line.rsplit(";", 1)
        return
    longest = max((line.count(",") + 1 for line in lines), default=1)
    if contest.vote_type != RANKED:
        yield "ballot", "vote"
        yield from ((str(number), line) for number, line in enumerate(lines, 1))
        return
    yield "ballot", *(f"{_RANK}{rank}" for rank in range(1, longest + 1))
    for number, line in enumerate(lines, 1):
        ranking = line.split(",")
        yield str(number), *ranking, *[""] * (longest - len(ranking))


def _write_rows(text: io.StringIO, rows: Iterable[Sequence[str]]) -> None:
    csv.writer(text, lineterminator="\n").writerows(rows)


def _read_meta(stream: BinaryIO, warnings: Warnings, allowance: Allowance) -> tuple[Meta, int]:
    """META from the lines that begin with #, and how many they are; the stream is left behind."""
    meta, number = Meta(), 0
    while True:
        start = stream.tell()
        line = read_line(stream, number + 1)
        text = line.decode(errors="replace")
        marked = not number and text.startswith(BOM)
        text = text.removeprefix(BOM) if marked else text
        if not text.startswith("#"):
            stream.seek(start)
            return meta, number
        number += 1
        warnings.add(BYTE_ORDER_MARK, number, times=marked)
        key, colon, value = text[1:].partition(":")
        if not colon:
            raise MalformedFile("A line of META must be '# key: value'.", number)
        meta.put_at(number, key.strip(), value.strip(), warnings, allowance)


def _read_ballots(rows: Rows, contest: Contest) -> Ballots:
    header = rows.header("ballot")
    ranks = [name for name in header if name.startswith(_RANK)]
    if not ranks and "vote" not in header:
        raise MalformedFile("The ballots need columns rank_1, rank_2, ... or vote.", rows.line)
    if ranks != [f"{_RANK}{rank}" for rank in range(1, len(ranks) + 1)]:
        raise MalformedFile("The columns of ranks must be rank_1, rank_2, ... in order.", rows.line)
    pointed = "points" in header and contest.vote_type in (*POINTED, RANKED)
    if contest.vote_type in POINTED and not pointed:
        raise MalformedFile("These ballots need a column points.", rows.line)
    return collect_votes(_votes(rows, header, ranks), rows, contest, pointed=pointed)


def _votes(rows: Rows, header: list[str], ranks: list[str]) -> Iterator[Row]:
    for row in rows:
        cells = rows.cells(header, row)
        vote = cells.get("vote", "")
        if ranks:
            ranking = [cells[rank] for rank in ranks]
            while ranking and not ranking[-1]:
                ranking.pop()
            if not all(ranking):
                raise MalformedFile("A rank is left empty before another.", rows.line)
            vote = ",".join(ranking)
        yield Row(cells["ballot"], vote, cells.get("points", ""))
