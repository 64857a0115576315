"""A byte that somebody changes in a ballot, a leaf or the audit trail is noticed and named."""

from pathlib import Path

import pytest

from core.database import db
from tests.resilience.box import Box
from tests.resilience.closing import close_and_count
from tests.resilience.flipped_bytes import (
    flip_every_byte_of_the_log,
    flip_every_byte_of_the_trail,
)
from tests.resilience.killed_closings import cast_here

VOTERS = 5
pytestmark = pytest.mark.sqlite


@pytest.fixture
def closed(box: Box) -> Box:
    """A contest in which a few voted and one changed her ballot."""
    cast_here(box, VOTERS)
    cast_here(box, 1, first=VOTERS)
    close_and_count(box)
    db.session.rollback()
    return box


def test_a_changed_byte_in_the_log_of_ballots_is_noticed(closed: Box, tmp_path: Path) -> None:
    flips = list(flip_every_byte_of_the_log(closed, tmp_path))

    assert {flip.table for flip in flips} >= {"sealed_ballot", "leaf", "tree_head"}
    assert [flip for flip in flips if not flip.said] == []


def test_a_changed_byte_in_the_audit_trail_is_noticed(closed: Box) -> None:
    flips = list(flip_every_byte_of_the_trail())

    assert len(flips) >= 10
    assert [flip for flip in flips if not flip.said] == []
