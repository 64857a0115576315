"""What is published of one contest, made and checked before anything is written.

The sealed ballots are read again and counted again by our engine, then by `recount.py` on the very
bytes that will be published; where these may not hold rankings and the rule needs them, on a file
of the ballots that stays here. The first difference stops everything.
"""

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any

from sqlalchemy import func, select

from core.database import db
from transparency.data_files import DataFile
from transparency.exports import PublishedInput, contest_files
from transparency.recounts import RecountFailed
from transparency.results import ContestResult, read_document, write_document
from transparency.services.telling import Told, tell, tell_of_few
from voting import counting
from voting.models import Contest, ContestCount, RollMark
from voting.queries.counts import counting_input

Meta = Mapping[str, str]


class PublicationStopped(RuntimeError):
    """The publication was stopped and nothing was changed. `code` says why, for one contest.

    altered: ballots, options or count are not what was certified; roll: ballots and marks on the
    roll differ; not_recounted: the second count could not be made; counts_differ: it found others.
    """

    def __init__(self, code: str, contest: str, detail: str) -> None:
        super().__init__(f"{contest}: {detail}")
        self.code, self.contest, self.detail = code, contest, detail


@dataclass(frozen=True)
class Prepared:
    """A contest ready to be published: its document, its files, and the file to count again."""

    contest: Contest
    certified: ContestCount
    result: ContestResult
    document: str
    recountable: bytes
    funded: list[str]
    files: list[DataFile]


def prepare(
    contest: Contest, certified: ContestCount, meta: Meta, proposals: Mapping[int, str]
) -> Prepared:
    """Reads, checks and counts a contest again. Raises PublicationStopped.

    `meta` is what its `.pb` says of place and time; `proposals` are public refs by id.
    """
    counted, ballots = counting_input(contest)
    result = counting.count(counted, ballots)
    _check_against_certified(contest, certified, result, ballots.digest(counted.ids))
    _check_against_roll(contest, len(ballots))
    aggregate = len(ballots) < contest.aggregate_below
    told = tell_of_few(result, ballots) if aggregate else tell(result)
    if told is None:
        detail = "the table of project × rank gives another count than the ballots"
        raise PublicationStopped("counts_differ", contest.title, detail)
    count_document = told.count.as_json()
    document = write_document(
        _facts(contest, told, count_document, aggregate=aggregate),
        _options(contest, proposals),
        told.count,
        told.explanations,
        told.sandbox,
    )
    given = PublishedInput.of(counted, told.recounted_from, result, meta)
    recounted = given.as_file()
    read = read_document(document)
    shown = replace(given, counted=told.count.ballots)
    files = contest_files(shown, read, document, count_document, recounted)
    return Prepared(contest, certified, read, document, recounted, list(result.funded), files)


def check_recount(prepared: Prepared, second: "Future[list[str]]") -> None:
    """Compares the second count with ours, in funding order. Raises PublicationStopped."""
    try:
        found = second.result()
    except RecountFailed as error:
        raise PublicationStopped("not_recounted", prepared.contest.title, str(error)) from error
    if found != prepared.funded:
        pairs = zip_longest(found, prepared.funded)
        place = next(at for at, (theirs, ours) in enumerate(pairs, 1) if theirs != ours)
        detail = f"recount.py and the certified count differ from winner {place} on"
        raise PublicationStopped("counts_differ", prepared.contest.title, detail)


def _check_against_certified(
    contest: Contest, certified: ContestCount, result: counting.Count, ballots_sha256: str
) -> None:
    if ballots_sha256 != certified.ballots_sha256:
        detail = "the sealed ballots are not those that were counted"
        raise PublicationStopped("altered", contest.title, detail)
    signed = hashlib.sha256(certified.document.encode()).hexdigest()
    again = hashlib.sha256(result.as_json().encode()).hexdigest()
    if not signed == again == certified.document_sha256:
        detail = "the certified count is not what counting gives now"
        raise PublicationStopped("altered", contest.title, detail)


def _check_against_roll(contest: Contest, ballots: int) -> None:
    """As many ballots as were sealed, and as many marks on the roll, where there is a roll."""
    marks = db.session.scalar(select(func.count()).where(RollMark.contest_id == contest.id)) or 0
    expected = contest.ballots_cast if contest.roll_size is None else marks
    if ballots != contest.ballots_cast or ballots != expected:
        detail = f"{ballots} ballots, {contest.ballots_cast} sealed, {marks} marks on the roll"
        raise PublicationStopped("roll", contest.title, detail)


def _facts(contest: Contest, told: Told, count_document: str, *, aggregate: bool) -> dict[str, Any]:
    """What the count does not know. The SHA-256 is that of the count as it is published: of few
    ballots not even a hash is told, since it would confirm whoever guesses them."""
    return {
        "ref": contest.ref,
        "title": contest.title,
        "currency": contest.currency,
        "min_length": contest.min_length,
        "max_length": contest.max_length,
        "aggregate_only": int(aggregate),
        "aggregate_below": contest.aggregate_below,
        "recountable": int(told.recountable),
        "count_sha256": hashlib.sha256(count_document.encode()).hexdigest(),
        "roll_size": contest.roll_size,
    }


def _options(contest: Contest, proposals: Mapping[int, str]) -> dict[str, dict[str, Any]]:
    return {
        option.ref: {
            "title": option.title,
            "category": option.category,
            "proposal": proposals.get(option.proposal_id or 0),
        }
        for option in contest.options
    }
