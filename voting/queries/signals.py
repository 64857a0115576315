"""Signals, as counters and sums."""

from collections.abc import Sequence

from sqlalchemy import select

from core.database import db
from voting.models import Contest


def sealed_among(refs: Sequence[str]) -> list[str]:
    """Which of these contests are sealed."""
    if not refs:
        return []
    query = select(Contest.ref).where(Contest.ref.in_(refs), Contest.sealed_at.is_not(None))
    return list(db.session.scalars(query.order_by(Contest.ref)))
