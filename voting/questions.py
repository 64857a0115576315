"""A question without money, as an officer settles it: what is asked, and what can be answered."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Answer:
    """One of the things or people to choose from, with a few words if they need any."""

    title: str
    text: str = ""


@dataclass(frozen=True)
class Question:
    """What an officer settles of such a contest; `district_id` is None for the whole city.

    `openings` is None where it stays as it stands, or is that of a contest that is new.
    """

    title: str
    answers: Sequence[Answer]
    seats: int = 1
    max_length: int = 3
    district_id: int | None = None
    aggregate_below: int = 50
    openings: str | None = None
