"""What people say about a proposal: its thread in the forums, under the proposal's own address."""

from collections.abc import Collection
from datetime import datetime

from forums.models import Thread
from forums.services import threads
from proposals.models import Proposal

KIND = "proposal"


def open_for(proposal: Proposal, at: datetime) -> Thread:
    """Opens the discussion of a public proposal, or tells it the proposal's new title."""
    path = f"/proposals/{proposal.ref}"
    return threads.open_subject_thread(KIND, proposal.ref, proposal.title, path, True, at=at)


def open_for_new(proposals: Collection[Proposal], at: datetime) -> None:
    """The same for many proposals that have just come in."""
    subjects = [(each.ref, each.title, f"/proposals/{each.ref}") for each in proposals]
    threads.open_subject_threads(KIND, subjects, at=at)


def of(proposal: Proposal) -> Thread | None:
    """The discussion, or None for a draft."""
    return threads.subject_thread(KIND, proposal.ref)
