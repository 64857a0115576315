"""A contest ready to be published, and the checks that every contest has to pass for that."""

import hashlib
from dataclasses import dataclass

from transparency.data_files import DataFile
from transparency.services.gathering import Given
from transparency.services.stops import PublicationStopped


@dataclass(frozen=True)
class PreparedContest:
    """A contest ready to be published: its document, its files, and the figures of its row.

    `funded` are the ids of what was chosen, with money or without.
    """

    ref: str
    title: str
    aggregate_only: bool
    ballots: int
    spent: int
    funded: tuple[str, ...]
    document: str
    files: tuple[DataFile, ...]


def check_ballots(given: Given) -> None:
    """The ballots are those that were counted. Raises PublicationStopped."""
    if given.ballots_sha256 != given.certified.ballots_sha256:
        detail = "the sealed ballots are not those that were counted"
        raise PublicationStopped("altered", given.title, detail)


def check_document(given: Given, document: str) -> None:
    """Counting now gives, to the byte, what was certified. Raises PublicationStopped."""
    certified = given.certified
    if not sha256(certified.document) == sha256(document) == certified.document_sha256:
        detail = "the certified count is not what counting gives now"
        raise PublicationStopped("altered", given.title, detail)


def check_roll(given: Given, ballots: int) -> None:
    """As many ballots as were sealed, and as many marks on the roll, where there is a roll."""
    sealed = given.ballots_sealed
    expected = sealed if given.facts["roll_size"] is None else given.marks
    if ballots != sealed or ballots != expected:
        detail = f"{ballots} ballots, {sealed} sealed, {given.marks} marks on the roll"
        raise PublicationStopped("roll", given.title, detail)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
