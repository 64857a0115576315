"""A contest with its ballots as one JSON document, equal ballots kept once with their number.

    {"format": "common-purse contest 1",
     "meta": {"budget": "100", "vote_type": "ordinal", ...},
     "projects": [{"project_id": "park", "cost": "70", "name": "A park"}, ...],
     "ballots": [{"vote": ["park", "bridge"], "copies": 14}, ...]}

The words and the amounts are those of the `.pb` format, always strings; only `copies` is a number.
Where ballots give points, each has `points` beside its `vote`, strings too, so that decimals stay
what they are.
"""

import json
from collections import Counter
from typing import Any, BinaryIO

from voting.counting.allowance import Allowance
from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.counts import Count
from voting.counting.errors import CountingError, MalformedFile
from voting.counting.file_checks import check_file
from voting.counting.file_warnings import Warnings
from voting.counting.listed_projects import ListedProject, listed_project
from voting.counting.parameters import canonical_json
from voting.counting.pb_projects import project_rows
from voting.counting.pb_reader import Reading, Source, opened
from voting.counting.pb_sections import Meta, budget_of, contest_of
from voting.counting.pb_writer import Target, meta_rows, write_bytes
from voting.counting.points_column import read_points
from voting.counting.vote_types import POINTED, RANKED
from voting.counting.votes_section import Marks, ballots_of, read_ranking

FORMAT = "common-purse contest 1"
_MOST_COPIES = 1 << 40
_TIMES_THE_TEXT = 12
"""About how many times its text a document takes once it is made of Python's objects."""


def read_json(source: Source, *, most_bytes: int | None = None, checked: bool = True) -> Reading:
    """The contest and its ballots. Raises MalformedFile, TooLarge or OSError."""
    warnings, allowance = Warnings(), Allowance(most_bytes)
    with opened(source, allowance) as stream:
        document = _parse(stream, allowance)
    meta = _meta(document.get("meta"), warnings, allowance)
    budget = budget_of(meta, warnings)
    contest = contest_of(meta, budget, _listed(document.get("projects"), warnings), warnings)
    found = _ballots(document.get("ballots"), contest)
    meta.check_number("num_votes", len(found), "ballots")
    if checked:
        check_file(meta, contest, found, warnings)
    return Reading(contest, found, warnings.listed())


def write_json(
    contest: Contest, ballots: Ballots, target: Target, result: Count | None = None
) -> None:
    """Write the document in its canonical form: the same content always gives the same bytes."""
    header, *rows = project_rows(contest, ballots, result)
    document = {
        "format": FORMAT,
        "meta": dict(meta_rows(contest, ballots)),
        "projects": [dict(zip(header, row, strict=True)) for row in rows],
        "ballots": [_ballot(line, times) for line, times in _grouped(contest, ballots)],
    }
    write_bytes(f"{canonical_json(document)}\n".encode(), target)


def _grouped(contest: Contest, ballots: Ballots) -> list[tuple[list[str], int]]:
    """Each distinct line, cut into its vote and its points, with its number; sorted."""
    pieces = 0 if ballots.points is None else 1
    counted = Counter(ballots.published_lines(contest.ids))
    return [(line.rsplit(";", pieces), times) for line, times in sorted(counted.items())]


def _ballot(line: list[str], times: int) -> dict[str, Any]:
    vote, *points = line
    given = {"points": points[0].split(",")} if points else {}
    return {"vote": vote.split(","), **given, "copies": times}


def _parse(stream: BinaryIO, allowance: Allowance) -> dict[str, Any]:
    parts = []
    while part := stream.read(1 << 20):
        allowance.take(_TIMES_THE_TEXT * len(part))
        parts.append(part)
    try:
        document = json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        raise MalformedFile("The text is not valid JSON in UTF-8.") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise MalformedFile(f"The document must be an object with the format {FORMAT!r}.")
    return document


def _meta(given: Any, warnings: Warnings, allowance: Allowance) -> Meta:
    meta = Meta()
    for key, value in _strings(given, "The meta").items():
        meta.put_at(None, key, value.strip(), warnings, allowance)
    return meta


def _listed(given: Any, warnings: Warnings) -> list[ListedProject]:
    listed = []
    for number, each in enumerate(_list(given, "projects"), 1):
        cells = _strings(each, f"Project {number}")
        if not {"project_id", "cost"} <= set(cells):
            raise MalformedFile(f"Project {number} needs a project_id and a cost.")
        listed.append(listed_project(cells, warnings, None))
    return listed


def _ballots(given: Any, contest: Contest) -> Ballots:
    entries = _list(given, "ballots")
    given_any = any(isinstance(each, dict) and "points" in each for each in entries)
    pointed = contest.vote_type in POINTED or (contest.vote_type == RANKED and given_any)
    number = {ref: place for place, ref in enumerate(contest.ids)}
    found: Counter[Marks] = Counter()
    for place, each in enumerate(entries, 1):
        try:
            marks, copies = _read_ballot(each, number, contest, pointed=pointed)
        except CountingError as error:
            raise MalformedFile(f"Ballot {place}: {error}") from None
        found[marks] += copies
    return ballots_of(found, contest, pointed=pointed)


def _read_ballot(
    given: Any, number: dict[str, int], contest: Contest, *, pointed: bool
) -> tuple[Marks, int]:
    if not isinstance(given, dict):
        raise CountingError("It must be an object with a vote.")
    marks, copies = _list(given.get("vote"), "vote"), given.get("copies", 1)
    if not marks or not all(isinstance(mark, str) for mark in marks):
        raise CountingError("The vote is empty or holds something other than texts.")
    if type(copies) is not int or not 0 < copies < _MOST_COPIES:
        raise CountingError("The copies must be a whole number above zero.")
    ranking = tuple(read_ranking(marks, number, contest))
    if not pointed:
        return (ranking, ()), copies
    cell = ",".join(map(str, _list(given.get("points"), "points")))
    points = read_points(cell, len(ranking), may_lose=contest.vote_type == "scoring")
    return (ranking, tuple(points)), copies


def _list(given: Any, what: str) -> list[Any]:
    if not isinstance(given, list):
        raise MalformedFile(f"The {what} must be a list.")
    return given


def _strings(given: Any, what: str) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(text, str) for text in given.values()):
        raise MalformedFile(f"{what} must be an object whose values are texts.")
    return given
