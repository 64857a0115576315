"""The section VOTES, which is nearly the whole of a file: read at a glance, or else with care.

At a glance, whole blocks of bytes are cut at their separators and equal votes are grouped before
anything is looked up. Whatever is unusual there (a quotation mark, a blank, an unknown project, a
repeated voter, points with decimals) makes the section be read again row by row: with care it
turns out to be in order after all, or the line at fault is named.
"""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import BinaryIO, NamedTuple

import numpy as np

from voting.counting.allowance import Allowance
from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.errors import CountingError, MalformedFile, at_line
from voting.counting.file_warnings import Warnings
from voting.counting.pb_format import VOTE_COLUMNS, in_order
from voting.counting.points_column import PLAIN_POINTS, Points, common_scale, read_points
from voting.counting.rows import BLANKS, CARRIAGE_RETURN, SPACES, Rows, read_line
from voting.counting.vote_types import POINTED, RANKED

_BLOCK = 1 << 16
_ALL_BUT_SEPARATORS = bytes(set(range(256)) - set(b";\n"))
_EMPTY = hash(b"")
_SPACES = [space.encode() for space in SPACES]
_SPACE_AROUND = re.compile(rb"\A(?:%b)|(?:%b)\Z" % ((b"|".join(_SPACES),) * 2))

Votes = Counter[tuple[bytes, ...]]
Marks = tuple[tuple[int, ...], tuple[Points, ...]]
"""One ballot: the numbers of the options that it names, and the points that it gives each."""


class Row(NamedTuple):
    """One vote as its line says it."""

    voter: str
    vote: str
    points: str = ""


def read_votes(stream: BinaryIO, rows: Rows, contest: Contest) -> Ballots:
    """The ballots; `rows` has just given out the title VOTES and `stream` stands behind it."""
    needed = ("points",) if contest.vote_type in POINTED else ()
    header = rows.header("voter_id", "vote", *needed)
    columns = ["vote"]
    if "points" in header and (needed or contest.vote_type == RANKED):
        columns.append("points")
    _check_header(header, columns, rows)
    start, line = stream.tell(), rows.line
    places = [header.index(key) for key in ("voter_id", *columns)]
    plain = Warnings()
    votes = _votes_at_a_glance(stream, len(header), places, rows, plain)
    ballots = None if votes is None else _ballots_at_a_glance(votes, len(columns), contest)
    if ballots is None:
        stream.seek(start)
        rest = Rows(stream, rows.section, line, warnings=rows.warnings, allowance=rows.allowance)
        votes_with_care = _with_care(rest, header, columns)
        ballots = collect_votes(votes_with_care, rest, contest, pointed="points" in columns)
    else:
        rows.warnings.add_all(plain)
    return _as_marked(ballots, contest)


def _check_header(header: list[str], columns: Sequence[str], rows: Rows) -> None:
    if not in_order(header, VOTE_COLUMNS):
        rows.warnings.add("The columns are not in the format's order.", rows.line)
    if "points" in header and "points" not in columns:
        rows.warnings.add("Points do not belong to such ballots and are passed over.", rows.line)


def _votes_at_a_glance(
    stream: BinaryIO, width: int, places: Sequence[int], rows: Rows, warnings: Warnings
) -> Votes | None:
    """How often the texts of these columns occur together, or None if a row is not plain.

    The first of the `places` is the voter's, of whom only a hash is kept: different hashes mean
    different voters, and equal ones make the section be read with care.
    """
    votes: Votes = Counter()
    voters = array("q")
    voter, *columns = places
    plain_row = b";" * (width - 1) + b"\n"
    allowance, line = rows.allowance, rows.line + 1
    while part := stream.read(_BLOCK):
        block = part + read_line(stream, line + part.count(b"\n"))
        returns = block.count(b"\r\n")
        warnings.add(CARRIAGE_RETURN, line, returns)
        block = block.replace(b"\r\n", b"\n")
        block += b"" if block.endswith(b"\n") else b"\n"
        shape = block.translate(None, _ALL_BUT_SEPARATORS)
        number = len(shape) // width
        if shape != plain_row * number or b'"' in block or b"\r" in block:
            return None
        cells = block.replace(b"\n", b";").split(b";")
        ids = cells[voter:-1:width]
        if any(space in block for space in _SPACES) and any(map(_SPACE_AROUND.search, ids)):
            return None
        voters.extend(map(hash, ids))
        known = len(votes)
        votes.update(zip(*(cells[column:-1:width] for column in columns), strict=True))
        line += number
        _take(allowance, len(block) // max(number, 1), len(votes) - known, number)
    return votes if _all_different(voters) else None


def _take(allowance: Allowance, length: int, kept: int, voters: int) -> None:
    """Count in new entries of about this length, and the hash of each voter."""
    allowance.take(length * kept + 16 * voters, entries=kept)


def _all_different(voters: "array[int]") -> bool:
    """Whether no hash comes twice and none is that of an empty id."""
    hashes = np.sort(np.frombuffer(voters, np.int64)) if voters else np.empty(0, np.int64)
    return bool((hashes[1:] != hashes[:-1]).all() and (hashes != _EMPTY).all())


def _ballots_at_a_glance(votes: Votes, columns: int, contest: Contest) -> Ballots | None:
    """The ballots of these votes, or None if one of them is no valid ballot of this contest."""
    named, *given = zip(*votes, strict=True) if votes else [()] * columns
    number = {ref.encode(): place for place, ref in enumerate(contest.ids)}
    lengths = _lengths(named)
    shortest, longest = _limits(contest)
    if votes and not shortest <= lengths.min() <= lengths.max() <= min(longest, len(number)):
        return None
    marks = chain.from_iterable(map(bytes.split, named, repeat(b",")))
    try:
        options = np.fromiter(map(number.__getitem__, marks), np.uint16, lengths.sum())
        ballots = Ballots.from_columns(lengths, options, votes.values())
    except (KeyError, CountingError):
        return None
    if not given:
        return ballots
    points = _points_at_a_glance(given[0], lengths, contest)
    return None if points is None else replace(ballots, points=points)


def _points_at_a_glance(
    given: Iterable[bytes], lengths: Numbers, contest: Contest
) -> Numbers | None:
    """The points of these cells, or None if they are not all small whole numbers."""
    cells = list(given)
    if not np.array_equal(_lengths(cells), lengths):
        return None
    texts = list(chain.from_iterable(map(bytes.split, cells, repeat(b","))))
    if not all(map(PLAIN_POINTS.fullmatch, set(texts))):
        return None
    points = np.fromiter(map(int, texts), np.int64, len(texts))
    if contest.vote_type != "scoring" and points.min(initial=0) < 0:
        return None
    return points


def _lengths(cells: Sequence[bytes]) -> Numbers:
    """How many texts each cell has between its commas."""
    return np.fromiter(map(bytes.count, cells, repeat(b",")), np.int64, len(cells)) + 1


def _with_care(rows: Rows, header: list[str], columns: Sequence[str]) -> Iterator[Row]:
    for row in rows:
        if not row:
            raise MalformedFile(f"The section {rows.section} comes too late.", rows.line)
        cells = rows.cells(header, row)
        yield Row(cells["voter_id"], *(cells[column] for column in columns))


def collect_votes(votes: Iterable[Row], rows: Rows, contest: Contest, *, pointed: bool) -> Ballots:
    """The ballots of these votes, each checked; `rows` stands at the line of the last one."""
    number = {ref: place for place, ref in enumerate(contest.ids)}
    found: Counter[Marks] = Counter()
    voters: set[str] = set()
    may_lose = contest.vote_type == "scoring"
    for voter, vote, given in votes:
        points: tuple[Points, ...] = ()
        with at_line(rows.line):
            if not voter or voter in voters:
                raise CountingError(f"The voter id {voter!r} is empty or comes twice.")
            ranking = tuple(_ranking(_without_blanks(vote, rows), number, contest))
            if pointed:
                points = tuple(read_points(_without_blanks(given, rows), len(ranking), may_lose))
        voters.add(voter)
        new = (ranking, points) not in found
        rows.allowance.take(len(voter) + 16 * len(ranking), entries=1 + new)
        found[ranking, points] += 1
    return ballots_of(found, contest, pointed=pointed)


def ballots_of(found: Mapping[Marks, int], contest: Contest, *, pointed: bool) -> Ballots:
    """The ballots that were read one by one, each with the number of its copies."""
    if not pointed:
        counts = {ranking: copies for (ranking, _), copies in found.items()}
        return _as_marked(Ballots.from_counts(counts), contest)
    whole, scale = common_scale([points for _, points in found])
    pairs = zip((ranking for ranking, _ in found), whole, strict=True)
    return _as_marked(Ballots.from_points(pairs, scale, found.values()), contest)


def _as_marked(ballots: Ballots, contest: Contest) -> Ballots:
    """Where the order of the marks says nothing, those with the same marks are equal."""
    return ballots if contest.vote_type == RANKED else ballots.unordered()


def _without_blanks(cell: str, rows: Rows) -> str:
    """A list without the blanks around its commas."""
    if not any(blank in cell for blank in BLANKS):
        return cell
    closed = ",".join(mark.strip(BLANKS) for mark in cell.split(","))
    if closed != cell:
        rows.warnings.add("Blanks around the commas of a list are passed over.", rows.line)
    return closed


def _ranking(vote: str, number: dict[str, int], contest: Contest) -> list[int]:
    if not vote:
        raise CountingError("The vote is empty.")
    if (named := vote.count(",") + 1) > len(number):
        raise CountingError(f"The vote names {named} projects, more than there are.")
    return read_ranking(vote.split(","), number, contest)


def read_ranking(marks: Sequence[str], number: Mapping[str, int], contest: Contest) -> list[int]:
    """The option numbers of what a vote names, refused if it is no ballot of this contest."""
    for mark in marks:
        if mark not in number:
            raise CountingError(f"The vote names {mark!r}, which is not in PROJECTS.")
    if len(set(marks)) < len(marks):
        raise CountingError("The vote names a project twice.")
    shortest, longest = _limits(contest)
    if not shortest <= len(marks) <= longest:
        raise CountingError(f"The vote names {len(marks)} projects, which the contest forbids.")
    return [number[mark] for mark in marks]


def _limits(contest: Contest) -> tuple[int, int]:
    """The fewest and the most projects that a ballot may name."""
    if contest.vote_type == "choose-1":
        return 1, 1
    return contest.min_length, contest.max_length or len(contest.options)
