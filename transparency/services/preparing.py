"""What is published of one contest, made and checked before anything is written.

The sealed ballots are counted again by our engine, then by `recount.py` on the very bytes that will
be published; where these may not hold rankings and the rule needs them, on a file of the ballots
that stays here. The first difference stops everything. Nothing here knows the database. Contests
without money are prepared by `electing`.
"""

from dataclasses import replace
from itertools import zip_longest

from transparency.exports import PublishedInput, contest_files
from transparency.recounts import RecountFailed, recount
from transparency.results import read_document, write_document
from transparency.services.electing import prepare_election
from transparency.services.gathering import GivenContest, GivenElection
from transparency.services.prepared import (
    PreparedContest,
    check_ballots,
    check_document,
    check_roll,
    sha256,
)
from transparency.services.stops import PublicationStopped
from transparency.services.telling import tell, tell_of_few
from voting import counting
from voting.openings import are_enough_to_show


def prepare(given: GivenContest | GivenElection) -> PreparedContest:
    """Checks a contest and counts it again, twice. Raises PublicationStopped."""
    return prepare_election(given) if isinstance(given, GivenElection) else _prepare_money(given)


def _prepare_money(given: GivenContest) -> PreparedContest:
    check_ballots(given)
    result = counting.count(given.counted, given.ballots)
    check_document(given, result.as_json())
    check_roll(given, len(given.ballots))
    ballots = given.ballots
    aggregate = not are_enough_to_show(len(ballots), given.facts["aggregate_below"])
    told = tell_of_few(result, ballots) if aggregate else tell(result, _districts(given))
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
        "count_sha256": sha256(count_document),
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


def _districts(given: GivenContest) -> tuple[counting.District, ...]:
    """Where projects lie and voters live. Raises PublicationStopped where more are said to have
    voted than there are ballots."""
    if given.voters.get("", 0) < 0:
        detail = "more people are said to have voted in the districts than there are ballots"
        raise PublicationStopped("roll", given.title, detail)
    places = {ref: option["district"] for ref, option in given.options.items()}
    return counting.districts_of(given.counted, places, given.voters)


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
