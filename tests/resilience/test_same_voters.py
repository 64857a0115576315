"""However many clients cast for somebody at once, she has one ballot."""

import pytest

from core.database import db
from tests.resilience.box import Box
from tests.resilience.same_voters import cast_for_the_same_voters
from tests.voting.test_one_ballot_each import drop_constraint

VOTERS = 40


def test_eight_clients_for_the_same_voters_leave_one_ballot_each(box: Box) -> None:
    seen = cast_for_the_same_voters(box, voters=VOTERS)

    assert seen.holds, seen
    assert seen.acknowledged == 8 * VOTERS


@pytest.mark.sqlite
def test_a_server_that_looks_and_then_inserts_is_found_out(box: Box) -> None:
    drop_constraint(db)

    seen = cast_for_the_same_voters(box, voters=20, defect="looks_then_inserts")

    assert seen.verdict.doubled, seen
