"""Looking a receipt up in the logs: whether its ballot is there, and what proves it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.database import db
from voting import log_documents
from voting.commitments import Span, span_of
from voting.models import Contest, Leaf, SupersededLeaf, WaitingLeaf
from voting.queries.log import newest_head, signed, tree_of


@dataclass(frozen=True)
class FoundReceipt:
    """A sealed ballot that a receipt names.

    `position` is its place in the log, from 0, or None while it waits for the next batch;
    `is_superseded`: its voter cast another one later, which counts.
    """

    contest: Contest
    commitment: bytes
    position: int | None
    is_superseded: bool


def find_receipt(code: str) -> FoundReceipt | None:
    """The sealed ballot that was cast with this receipt, whoever asks; None for any other text."""
    span = span_of(code)
    if span is None:
        return None
    found = _in_a_log(span) or _waiting(span)
    if found is None:
        return None
    contest_id, commitment, position = found
    contest = db.session.get_one(Contest, contest_id, options=[joinedload(Contest.round)])
    superseded = db.session.get(SupersededLeaf, (contest_id, commitment)) is not None
    return FoundReceipt(contest, commitment, position, superseded)


def inclusion_of(found: FoundReceipt) -> dict[str, Any] | None:
    """The proof that it is in the log of the newest head; None while it waits."""
    if found.position is None:
        return None
    head = newest_head(found.contest.id)
    assert head is not None, "Leaves are appended with their head."
    proof = tree_of(found.contest.id, head.size).inclusion(found.position)
    return log_documents.inclusion(signed(head), found.position, proof)


def receipt_of(found: FoundReceipt, promised: dict[str, Any], log_key: str) -> dict[str, Any]:
    """The file that a voter keeps: the signed promise, and the proof where there is one yet."""
    return log_documents.receipt(
        found.contest.ref, found.commitment, log_key, promised, inclusion_of(found)
    )


def _in_a_log(span: Span) -> tuple[int, bytes, int | None] | None:
    query = select(Leaf.contest_id, Leaf.commitment, Leaf.position).where(
        Leaf.commitment.between(span.first, span.last)
    )
    row = db.session.execute(query.limit(1)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def _waiting(span: Span) -> tuple[int, bytes, int | None] | None:
    query = select(WaitingLeaf.contest_id, WaitingLeaf.commitment).where(
        WaitingLeaf.commitment.between(span.first, span.last)
    )
    row = db.session.execute(query.limit(1)).one_or_none()
    return None if row is None else (row[0], row[1], None)
