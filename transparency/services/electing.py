"""What is published of a contest without money, made and checked before anything is written.

The sealed ballots are counted again, once more as they are read back from the very file that will
be published, and then by `recount_seats.py` on that file. The first difference stops everything.
Nothing here knows the database.
"""

import io
from dataclasses import replace

from transparency.exports import ballots_file, election_files
from transparency.recounts import RecountFailed, recount_seats
from transparency.results import read_election, write_election
from transparency.services.gathering import GivenElection
from transparency.services.prepared import (
    PreparedContest,
    check_ballots,
    check_document,
    check_roll,
    sha256,
)
from transparency.services.stops import PublicationStopped
from transparency.services.telling_elections import tell_election, tell_election_of_few
from voting.counting import CountingError
from voting.counting.parameters import canonical_json
from voting.counting.seats import Election, elect, read_blt
from voting.openings import are_enough_to_show


def prepare_election(given: GivenElection) -> PreparedContest:
    """Checks a contest and counts it again, three times. Raises PublicationStopped."""
    check_ballots(given)
    election = elect(given.race, given.papers, given.rule, given.settings)
    check_document(given, election.as_json())
    check_roll(given, len(given.papers))
    content = ballots_file(given.race, given.papers)
    _check_file(given, election, content)
    _check_recount(given, election, content)
    aggregate = not are_enough_to_show(len(given.papers), given.facts["aggregate_below"])
    told = tell_election_of_few(election) if aggregate else tell_election(election)
    count = canonical_json(told.count)
    facts = {
        **given.facts,
        "aggregate_only": int(aggregate),
        # That of the count as it is published, so that of few ballots not even a hash is told.
        "count_sha256": sha256(count),
    }
    document = write_election(facts, given.options, told.count, told.reasons, told.besides)
    read = read_election(document)
    papers = given.papers if told.ballots_are_public else None
    return PreparedContest(
        ref=read.ref,
        title=read.title,
        aggregate_only=read.aggregate_only,
        ballots=read.ballots,
        spent=0,
        funded=tuple(candidate.id for candidate in read.chosen),
        document=document,
        files=tuple(election_files(read, document, count, given.race, papers)),
    )


def _check_file(given: GivenElection, election: Election, content: bytes) -> None:
    """Counts what the file of the ballots says: the same document to the byte."""
    try:
        race, papers = read_blt(io.BytesIO(content))
        race = replace(race, tie_order=given.race.tie_order)
        again = elect(race, papers, given.rule, given.settings)
    except CountingError as error:
        raise PublicationStopped("not_recounted", given.title, str(error)) from error
    if again.as_json() != election.as_json():
        detail = "the ballots give another count as they are read back from their file"
        raise PublicationStopped("counts_differ", given.title, detail)


def _check_recount(given: GivenElection, election: Election, content: bytes) -> None:
    """Compares the second program's count with ours, in the order in which they were chosen."""
    lot = given.race.tie_order
    try:
        found = recount_seats(content, given.rule, election.parameters, lot)
    except RecountFailed as error:
        raise PublicationStopped("not_recounted", given.title, str(error)) from error
    if found != list(election.elected):
        detail = "recount_seats.py and the certified count differ in who is chosen"
        raise PublicationStopped("counts_differ", given.title, detail)
