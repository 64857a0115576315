"""Reading Pabulib's `.pb` files and our rank tables: what the file says, or where it goes wrong.

The format: UTF-8, cells divided by semicolons with CSV quoting, sections META, PROJECTS and VOTES
in that order (http://pabulib.org/format; the paper is arXiv 2012.06539). A rank table has a
section RANKS where a `.pb` has VOTES. A byte order mark, CRLF line ends, blank lines and blanks
around cells are tolerated; anything that could change the count is refused with its line.
"""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest, Option
from voting.counting.errors import CountingError, MalformedFile, at_line
from voting.counting.money import parse_money
from voting.counting.parameters import CUSTOM, RuleLine, read_comment
from voting.counting.rank_table import RankTable
from voting.counting.rows import Rows, whole_number
from voting.counting.rules import RULES
from voting.counting.votes_section import read_votes

Source = str | PathLike[str] | BinaryIO

_OWN_KEYS = frozenset(
    {"description", "num_projects", "num_votes", "budget", "vote_type", "rule"}
    | {"min_length", "max_length", "comment"}
)


def read_pb(source: Source) -> tuple[Contest, Ballots]:
    """The contest and the ballots of a `.pb` or `.pb.gz` file, given by path or as open bytes.

    Raises MalformedFile, or OSError when there is no such file.
    """
    contest, ballots = read_file(source)
    if not isinstance(ballots, Ballots):
        raise MalformedFile("This is a rank table; it has no section VOTES.")
    return contest, ballots


def read_rank_table(source: Source) -> tuple[Contest, RankTable]:
    """The contest and the table of project x rank of a file that has RANKS instead of VOTES."""
    contest, table = read_file(source)
    if not isinstance(table, RankTable):
        raise MalformedFile("This file has ballots; it has no section RANKS.")
    return contest, table


def read_file(source: Source) -> tuple[Contest, Ballots | RankTable]:
    """Either kind of file, told apart by its last section."""
    with _opened(source) as stream:
        rows = Rows(stream)
        _expect(rows, "META")
        meta, lines = _read_meta(rows)
        contest = _contest(rows, meta, lines)
        found: Ballots | RankTable
        if rows.section == "VOTES":
            found = read_votes(stream, rows, contest)
        else:
            found = _read_ranks(rows, contest)
        _check_number(meta, lines, "num_votes", len(found), "ballots")
        return contest, found


@contextmanager
def _opened(source: Source) -> Iterator[BinaryIO]:
    """The file's plain bytes, unpacked if they are compressed, ready to be read twice."""
    with ExitStack() as stack:
        if isinstance(source, str | PathLike):
            stream: BinaryIO = stack.enter_context(Path(source).open("rb"))
        else:
            stream = source
        if not stream.seekable():
            stream = io.BytesIO(stream.read())
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        try:
            yield io.BufferedReader(gzip.GzipFile(fileobj=stream)) if packed else stream
        except (EOFError, zlib.error, gzip.BadGzipFile):
            raise MalformedFile("The compressed file is damaged or cut off.") from None


def _expect(rows: Rows, section: str) -> None:
    row = next(rows, [])
    if rows.section != section or row:
        raise MalformedFile(f"The section {section} is expected here.", max(rows.line, 1))


def _read_meta(rows: Rows) -> tuple[dict[str, str], dict[str, int]]:
    """The keys of META with their values, and with the lines they stand on."""
    meta: dict[str, str] = {}
    lines: dict[str, int] = {}
    if next(rows, []) != ["key", "value"]:
        raise MalformedFile("The section META must begin with key;value.", rows.line)
    for row in rows:
        if not row:
            break
        if len(row) != 2:
            raise MalformedFile("A line of META must be one key and one value.", rows.line)
        key, value = row
        if key in meta:
            raise MalformedFile(f"META says {key!r} twice.", rows.line)
        meta[key], lines[key] = value, rows.line
    return meta, lines


def _contest(rows: Rows, meta: dict[str, str], lines: dict[str, int]) -> Contest:
    """Everything but the ballots; `rows` stands before PROJECTS and is left behind its end."""
    for key in ("budget", "vote_type"):
        if not meta.get(key):
            raise MalformedFile(f"META does not say the {key}.")
    with at_line(lines["budget"]):
        budget = parse_money(meta["budget"], "The budget")
    if rows.section != "PROJECTS":
        raise MalformedFile("The section PROJECTS is expected here.", rows.line)
    options = _read_projects(rows)
    _check_number(meta, lines, "num_projects", len(options), "projects")
    limits = {key: _limit(meta, lines, key) for key in ("min_length", "max_length")}
    with at_line(lines.get("comment", 0)):
        line, notes = read_comment(meta.get("comment", ""))
    if line is None or not _obeys(meta.get("rule", ""), line):
        line = RuleLine(meta.get("rule", ""), "", [option.id for option in options], {})
    with at_line(lines.get("comment", 0)):
        if sorted(line.tie_order) != sorted(option.id for option in options):
            raise CountingError("The tie_order must name each project exactly once.")
    try:
        contest = Contest.build(
            meta.get("description", ""), budget, options, vote_type=meta["vote_type"],
            rule=line.rule, rule_version=line.version, tie_order=line.tie_order,
            min_length=limits["min_length"] or 1, max_length=limits["max_length"],
            meta={key: value for key, value in meta.items() if key not in _OWN_KEYS}, notes=notes,
            parameters=line.parameters,
        )  # fmt: skip
    except CountingError as error:
        raise MalformedFile(str(error)) from None
    with at_line(lines.get("comment", 0)):
        if line.rule in RULES:
            RULES[line.rule].check(contest, line.parameters)
    return contest


def _obeys(rule: str, line: RuleLine) -> bool:
    """Whether a file whose META names this rule is counted by our line of its comment."""
    return rule == CUSTOM or (rule == "greedy-exclusive" and "exclusive" in line.parameters)


def _read_projects(rows: Rows) -> list[Option]:
    header = rows.header("project_id", "cost")
    options: list[Option] = []
    seen: set[str] = set()
    for row in rows:
        if not row:
            break
        cells = rows.cells(header, row)
        ref, cost, name = cells.pop("project_id"), cells.pop("cost"), cells.pop("name", "")
        with at_line(rows.line):
            if ref in seen:
                raise CountingError(f"The project {ref!r} is listed twice.")
            amount = parse_money(cost, f"The cost of project {ref!r}")
            options.append(Option.build(ref, amount, name, cells))
        seen.add(ref)
    if not options:
        raise MalformedFile("The section PROJECTS lists no project.", rows.line)
    if rows.section not in ("VOTES", "RANKS"):
        raise MalformedFile("The section VOTES is expected here.", rows.line)
    return options


def _read_ranks(rows: Rows, contest: Contest) -> RankTable:
    header = rows.header("project_id", "length", "rank", "ballots")
    number = {ref: place for place, ref in enumerate(contest.ids)}
    table: list[tuple[int, int, int, int]] = []
    for row in rows:
        if not row:
            raise MalformedFile(f"The section {rows.section} comes too late.", rows.line)
        cells = rows.cells(header, row)
        with at_line(rows.line):
            if cells["project_id"] not in number:
                raise CountingError(f"The project {cells['project_id']!r} is not in PROJECTS.")
            length, rank, ballots = (whole_number(cells[key], f"The {key}") for key in header[1:])
            if not contest.min_length <= length <= (contest.max_length or length):
                raise CountingError(f"Ballots of length {length} are outside the contest's limits.")
            table.append((number[cells["project_id"]], length, rank, ballots))
    try:
        return RankTable.from_rows(table)
    except CountingError as error:
        raise MalformedFile(str(error)) from None


def _limit(meta: dict[str, str], lines: dict[str, int], key: str) -> int | None:
    if key not in meta:
        return None
    with at_line(lines[key]):
        return whole_number(meta[key], f"The {key}")


def _check_number(
    meta: dict[str, str], lines: dict[str, int], key: str, found: int, things: str
) -> None:
    """Refuse a file that was cut or joined: META's number must be the one counted."""
    if key in meta and meta[key] != str(found):
        raise MalformedFile(
            f"META announces {meta[key][:20]} {things}, but the file has {found}.", lines[key]
        )
