"""A byte that somebody changes in a ballot, a leaf or the audit trail is noticed and named."""

from pathlib import Path
from typing import Any

import pytest

import recount
from core.audit import verifying
from tests.resilience.box import Box
from tests.resilience.flipped_bytes import flip_bytes
from voting.queries import box_checks, log_checks

VOTERS, ROWS = 22, 4


def test_a_changed_byte_is_noticed_and_named(box: Box, tmp_path: Path) -> None:
    seen = flip_bytes(box, tmp_path / "flips", voters=VOTERS, rows=ROWS)

    assert seen.holds, str(seen)
    assert {flip.table for flips in seen.of.values() for flip in flips} >= {
        "ballot", "sealed_ballot", "leaf", "waiting_leaf", "tree_head", "audit_entry",
    }  # fmt: skip


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("program", "looks_away", "missed"),
    [
        (box_checks, "_opens", "sealed_ballot"),
        (log_checks, "_head", "tree_head"),
        (recount.Openings, "check", "sealed_ballot"),
        (verifying, "_wrong", "audit_entry"),
    ],
)
def test_a_verifier_that_does_not_look_is_found_out(
    box: Box,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    program: Any,
    looks_away: str,
    missed: str,
) -> None:
    monkeypatch.setattr(program, looks_away, lambda *_: True if looks_away == "_opens" else [])

    seen = flip_bytes(box, tmp_path / "flips", voters=VOTERS, rows=2)

    assert missed in {flip.table for flip in seen.missed}, str(seen)
