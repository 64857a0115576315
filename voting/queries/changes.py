"""What two officers changed in a vote while people voted, for everybody who opens its paper."""

from dataclasses import dataclass
from datetime import datetime

from core import audit
from voting.change_words import ACTS, change_in_words


@dataclass(frozen=True)
class Change:
    """One change in words, with the reason that was given."""

    words: str
    reason: str
    at: datetime


def changes_in(contest_ref: str) -> list[Change]:
    """All of them, as they were made."""
    entries = audit.public_entries([f"contest:{contest_ref}"])
    return [
        Change(change_in_words(each), each.reason, each.at) for each in entries if each.act in ACTS
    ]
