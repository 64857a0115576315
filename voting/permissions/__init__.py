"""Why an act in the polling station cannot be done now, in one sentence."""

from voting.permissions.ballots import (
    why_not_cast_ballot,
    why_not_open_paper,
    why_not_this_ranking,
)
from voting.permissions.commitments import why_not_these_terms, why_not_this_commitment
from voting.permissions.contests import why_not_change_contest

__all__ = [
    "why_not_cast_ballot",
    "why_not_change_contest",
    "why_not_open_paper",
    "why_not_these_terms",
    "why_not_this_commitment",
    "why_not_this_ranking",
]
