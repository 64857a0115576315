"""A race from whatever file it comes in: BLT, PrefLib, or a contest with ranked ballots."""

from dataclasses import replace
from os import PathLike, fspath
from pathlib import PurePath

from voting.counting.ballots import Ballots
from voting.counting.contest import Contest
from voting.counting.errors import CountingError
from voting.counting.files import read_file
from voting.counting.seats.blt import Source, read_blt
from voting.counting.seats.papers import Papers
from voting.counting.seats.preflib import read_preflib
from voting.counting.seats.race import Candidate, Race

PREFLIB = {".soc", ".soi", ".toc", ".toi"}


def read_race(
    source: Source, seats: int | None = None, *, name: str = "", most_bytes: int | None = None
) -> tuple[Race, Papers]:
    """The race and its papers, told apart by the ending of the file's name.

    Of a file given as open bytes, `name` is the name. `seats` takes the place of what a BLT file
    says; the other files do not say it, and one seat is filled. A contest whose contents would take
    more than `most_bytes` of memory is refused. Raises CountingError, or OSError when there is no
    such file.
    """
    name = fspath(source) if isinstance(source, str | PathLike) else name
    ending = PurePath(name).suffix.lower()
    if ending == ".blt":
        race, papers = read_blt(source)
        return (race if seats is None else replace(race, seats=seats)), papers
    if ending in PREFLIB:
        return read_preflib(source, seats or 1)
    contest, ballots = read_file(source, most_bytes=most_bytes)
    if not isinstance(ballots, Ballots):
        raise CountingError(
            "A table of ranks does not say what was marked together; seats need the ballots."
        )
    return race_of_contest(contest, seats or 1), Papers.of_ballots(ballots)


def race_of_contest(contest: Contest, seats: int = 1) -> Race:
    """A contest with ranked ballots as a race: its options stand, without their costs."""
    if contest.vote_type != "ordinal":
        raise CountingError(
            f"Seats are filled from ranked ballots, and these are of the kind {contest.vote_type}."
        )
    candidates = [Candidate(option.id, option.name) for option in contest.options]
    return Race.build(contest.title, candidates, seats, tie_order=contest.tie_order)
