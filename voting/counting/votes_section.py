"""The section VOTES, which is nearly the whole of a file: read at a glance, or else with care.

At a glance, whole blocks of bytes are cut at their separators and equal votes are grouped before
anything is looked up. Whatever is unusual there (a quotation mark, a blank, an unknown project, a
repeated voter) makes the section be read again row by row: with care it turns out to be in order
after all, or the line at fault is named.
"""

from collections import Counter
from functools import partial
from itertools import chain, repeat
from typing import BinaryIO

import numpy as np

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError, MalformedFile, at_line
from voting.counting.rows import Rows

_BLOCK = 1 << 16
_ALL_BUT_SEPARATORS = bytes(set(range(256)) - set(b";\n"))


def read_votes(stream: BinaryIO, rows: Rows, contest: Contest) -> Ballots:
    """The ballots; `rows` has just given out the title VOTES and `stream` stands behind it."""
    header = rows.header("voter_id", "vote")
    start, line = stream.tell(), rows.line
    votes = _votes_at_a_glance(stream, header)
    ballots = None if votes is None else _ballots_at_a_glance(votes, contest)
    if ballots is None:
        stream.seek(start)
        ballots = _read_with_care(Rows(stream, rows.section, line), header, contest)
    return ballots


def _votes_at_a_glance(stream: BinaryIO, header: list[str]) -> Counter[bytes] | None:
    """How often each text of the column `vote` occurs, or None if a row is not plain."""
    votes: Counter[bytes] = Counter()
    voters: set[bytes] = {b""}
    width, column = len(header), header.index("vote")
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
        votes.update(cells[column:-1:width])
    return votes


def _ballots_at_a_glance(votes: Counter[bytes], contest: Contest) -> Ballots | None:
    """The ballots of these votes, or None if one of them is no valid ranking of this contest."""
    number = {ref.encode(): place for place, ref in enumerate(contest.ids)}
    lengths = np.fromiter(map(bytes.count, votes, repeat(b",")), np.int64, len(votes)) + 1
    marks = chain.from_iterable(map(bytes.split, votes, repeat(b",")))
    try:
        options = np.fromiter(map(number.__getitem__, marks), np.uint16, lengths.sum())
        ballots = Ballots.from_columns(lengths, options, votes.values())
    except (KeyError, CountingError):
        return None
    longest = contest.max_length or len(contest.options)
    if votes and not contest.min_length <= lengths.min() <= lengths.max() <= longest:
        return None
    return ballots


def _read_with_care(rows: Rows, header: list[str], contest: Contest) -> Ballots:
    number = {ref: place for place, ref in enumerate(contest.ids)}
    rankings: list[list[int]] = []
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
        voters.add(voter)
    return Ballots.from_rows(rankings)


def _ranking(vote: str, number: dict[str, int], contest: Contest) -> list[int]:
    if not vote:
        raise CountingError("The vote is empty.")
    marks = [mark.strip() for mark in vote.split(",")]
    for mark in marks:
        if mark not in number:
            raise CountingError(f"The vote names {mark!r}, which is not in PROJECTS.")
    if len(set(marks)) < len(marks):
        raise CountingError("The vote names a project twice.")
    if not contest.min_length <= len(marks) <= (contest.max_length or len(marks)):
        raise CountingError(f"The vote names {len(marks)} projects, which the contest forbids.")
    return [number[mark] for mark in marks]
