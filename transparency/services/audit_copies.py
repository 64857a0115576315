"""What a named auditor counts again of a contest that is too small for its ballots to be public.

Everybody reads in such a result that auditors recount it: this is the file with which they do.
"""

from transparency.exports import PublishedInput, ballots_file
from transparency.services.gathering import meta_of
from voting import counting
from voting.models import Contest
from voting.queries.counts import counting_input, race_input


def ballots_of_few(contest: Contest) -> tuple[str, bytes]:
    """The name of the file in a bundle, and the file that `recount.py` or `recount_seats.py` reads.

    Raises counting.CountingError, voting.amounts.NotCountable or IndexError where the stored
    ballots are not those that were counted.
    """
    if contest.is_for_seats:
        return "ballots.blt", ballots_file(*race_input(contest))
    counted, ballots = counting_input(contest)
    result = counting.count(counted, ballots)
    meta = meta_of(contest.round, contest)
    return "ballots.pb", PublishedInput.of(counted, ballots, result, meta).as_file()
