"""The section VOTES, which is nearly the whole of a file: read at a glance, or else with care.

At a glance, whole blocks of bytes are cut at their separators and equal votes are grouped before
anything is looked up. Whatever is unusual there (a quotation mark, a blank, an unknown project, a
repeated voter, points with decimals) makes the section be read again row by row: with care it
turns out to be in order after all, or the line at fault is named.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, repeat
from typing import BinaryIO

import numpy as np

from voting.counting.ballots import Ballots, Numbers
from voting.counting.contest import Contest
from voting.counting.errors import CountingError, MalformedFile, at_line
from voting.counting.points_column import PLAIN_POINTS, Points, common_scale, read_points
from voting.counting.rows import Rows

_BLOCK = 1 << 16
_ALL_BUT_SEPARATORS = bytes(set(range(256)) - set(b";\n"))
_GIVING_POINTS = ("cumulative", "scoring")

Votes = Counter[tuple[bytes, ...]]


def read_votes(stream: BinaryIO, rows: Rows, contest: Contest) -> Ballots:
    """The ballots; `rows` has just given out the title VOTES and `stream` stands behind it."""
    needed = ("points",) if contest.vote_type in _GIVING_POINTS else ()
    header = rows.header("voter_id", "vote", *needed)
    columns = ["vote"]
    if "points" in header and (needed or contest.vote_type == "ordinal"):
        columns.append("points")
    start, line = stream.tell(), rows.line
    votes = _votes_at_a_glance(stream, len(header), [header.index(key) for key in columns])
    ballots = None if votes is None else _ballots_at_a_glance(votes, len(columns), contest)
    if ballots is None:
        stream.seek(start)
        ballots = _read_with_care(Rows(stream, rows.section, line), header, columns, contest)
    return ballots if contest.vote_type == "ordinal" else ballots.unordered()


def _votes_at_a_glance(stream: BinaryIO, width: int, columns: Sequence[int]) -> Votes | None:
    """How often the texts of these columns occur together, or None if a row is not plain."""
    votes: Votes = Counter()
    voters: set[bytes] = {b""}
    plain_row = b";" * (width - 1) + b"\n"
    for part in iter(partial(stream.read, _BLOCK), b""):
        block = (part + stream.readline()).replace(b"\r\n", b"\n")
        block += b"" if block.endswith(b"\n") else b"\n"
        shape = block.translate(None, _ALL_BUT_SEPARATORS)
        number = len(shape) // width
        if shape != plain_row * number or b'"' in block or b"\r" in block:
            return None
        cells = block.replace(b"\n", b";").split(b";")
        known = len(voters)
        voters.update(cells[0:-1:width])
        if len(voters) != known + number:
            return None
        votes.update(zip(*(cells[column:-1:width] for column in columns), strict=True))
    return votes


def _ballots_at_a_glance(votes: Votes, columns: int, contest: Contest) -> Ballots | None:
    """The ballots of these votes, or None if one of them is no valid ballot of this contest."""
    named, *given = zip(*votes, strict=True) if votes else [()] * columns
    number = {ref.encode(): place for place, ref in enumerate(contest.ids)}
    lengths = _lengths(named)
    marks = chain.from_iterable(map(bytes.split, named, repeat(b",")))
    try:
        options = np.fromiter(map(number.__getitem__, marks), np.uint16, lengths.sum())
        ballots = Ballots.from_columns(lengths, options, votes.values())
    except (KeyError, CountingError):
        return None
    shortest, longest = _limits(contest)
    if votes and not shortest <= lengths.min() <= lengths.max() <= longest:
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


def _read_with_care(
    rows: Rows, header: list[str], columns: Sequence[str], contest: Contest
) -> Ballots:
    number = {ref: place for place, ref in enumerate(contest.ids)}
    rankings: list[list[int]] = []
    points: list[list[Points]] = []
    voters: set[str] = set()
    for row in rows:
        if not row:
            raise MalformedFile(f"The section {rows.section} comes too late.", rows.line)
        cells = rows.cells(header, row)
        voter = cells["voter_id"]
        with at_line(rows.line):
            if not voter or voter in voters:
                raise CountingError(f"The voter id {voter!r} is empty or comes twice.")
            rankings.append(_ranking(cells["vote"], number, contest))
            if "points" in columns:
                may_lose = contest.vote_type == "scoring"
                points.append(read_points(cells["points"], len(rankings[-1]), may_lose))
        voters.add(voter)
    if "points" not in columns:
        return Ballots.from_rows(rankings)
    whole, scale = common_scale(points)
    return Ballots.from_points(zip(rankings, whole, strict=True), scale)


def _ranking(vote: str, number: dict[str, int], contest: Contest) -> list[int]:
    if not vote:
        raise CountingError("The vote is empty.")
    marks = [mark.strip() for mark in vote.split(",")]
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
