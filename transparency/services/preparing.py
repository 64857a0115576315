"""What is published of one contest, made and checked before anything is written.

The sealed ballots are counted again by our engine, then by `recount.py` on the very bytes that will
be published; where these may not hold rankings and the rule needs them, on a file of the ballots
that stays here. The first difference stops everything. Nothing here knows the database.
"""

import hashlib
from dataclasses import dataclass, replace
from itertools import zip_longest

from transparency.data_files import DataFile
from transparency.exports import PublishedInput, contest_files
from transparency.recounts import RecountFailed, recount
from transparency.results import read_document, write_document
from transparency.services.gathering import GivenContest
from transparency.services.stops import PublicationStopped
from transparency.services.telling import tell, tell_of_few
from voting import counting


@dataclass(frozen=True)
class PreparedContest:
    """A contest ready to be published: its document, its files, and the figures of its row."""

    ref: str
    title: str
    aggregate_only: bool
    ballots: int
    spent: int
    funded: tuple[str, ...]
    document: str
    files: tuple[DataFile, ...]


def prepare(given: GivenContest) -> PreparedContest:
    """Checks a contest and counts it again, twice. Raises PublicationStopped."""
    result = _count_again(given)
    _check_against_roll(given)
    ballots = given.ballots
    aggregate = len(ballots) < given.facts["aggregate_below"]
    told = tell_of_few(result, ballots) if aggregate else tell(result)
    if told is None:
        detail = "the table of project × rank gives another count than the ballots"
        raise PublicationStopped("counts_differ", given.title, detail)
    count_document = told.count.as_json()
    facts = {
        **given.facts,
        "aggregate_only": int(aggregate),
        "recountable": int(told.recountable),
        # That of the count as it is published: of few ballots not even a hash is told, since it
        # would confirm whoever guesses them.
        "count_sha256": _sha256(count_document),
    }
    document = write_document(
        facts,
        {ref: dict(option) for ref, option in given.options.items()},
        told.count,
        told.explanations,
        told.sandbox,
    )
    input_ = PublishedInput.of(given.counted, told.recounted_from, result, given.meta)
    recounted = input_.as_file()
    _check_recount(given, recounted, result.funded)
    read = read_document(document)
    shown = replace(input_, counted=told.count.ballots)
    return PreparedContest(
        ref=read.ref,
        title=read.title,
        aggregate_only=read.aggregate_only,
        ballots=read.ballots,
        spent=read.spent,
        funded=tuple(option.id for option in read.funded),
        document=document,
        files=tuple(contest_files(shown, read, document, count_document, recounted)),
    )


def _count_again(given: GivenContest) -> counting.Count:
    """The count by our engine, if it is the one that was certified."""
    certified = given.certified
    if given.ballots_sha256 != certified.ballots_sha256:
        detail = "the sealed ballots are not those that were counted"
        raise PublicationStopped("altered", given.title, detail)
    result = counting.count(given.counted, given.ballots)
    again = _sha256(result.as_json())
    if not _sha256(certified.document) == again == certified.document_sha256:
        detail = "the certified count is not what counting gives now"
        raise PublicationStopped("altered", given.title, detail)
    return result


def _check_against_roll(given: GivenContest) -> None:
    """As many ballots as were sealed, and as many marks on the roll, where there is a roll."""
    ballots, sealed = len(given.ballots), given.ballots_sealed
    expected = sealed if given.facts["roll_size"] is None else given.marks
    if ballots != sealed or ballots != expected:
        detail = f"{ballots} ballots, {sealed} sealed, {given.marks} marks on the roll"
        raise PublicationStopped("roll", given.title, detail)


def _check_recount(given: GivenContest, content: bytes, ours: tuple[str, ...]) -> None:
    """Compares the second count with ours, in funding order."""
    try:
        found = recount(content)
    except RecountFailed as error:
        raise PublicationStopped("not_recounted", given.title, str(error)) from error
    if found != list(ours):
        pairs = zip_longest(found, ours)
        place = next(at for at, (theirs, our) in enumerate(pairs, 1) if theirs != our)
        detail = f"recount.py and the certified count differ from winner {place} on"
        raise PublicationStopped("counts_differ", given.title, detail)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
