"""A copy of the files at any moment holds every ballot acknowledged before."""

from dataclasses import replace
from pathlib import Path

import pytest

from recount import Tree
from tests.resilience.box import Box
from tests.resilience.copied_log import CopiedLog
from tests.resilience.copies import copy_while_casting


def test_a_copy_at_any_moment_holds_what_was_acknowledged_before(box: Box, tmp_path: Path) -> None:
    seen = copy_while_casting(box, tmp_path / "copies", copies=2)

    assert seen.holds, seen
    assert seen.acknowledged[-1] > 0


def test_a_copied_log_that_is_not_whole_is_found_out() -> None:
    one, two, three = (bytes([number]) * 32 for number in range(3))
    tree = Tree()
    tree.append(one)
    whole = CopiedLog([one, two], [two], [one], 0, (1, tree.root()))

    assert whole.is_whole
    assert not replace(whole, waiting=[]).is_whole  # a ballot without its seal
    assert not replace(whole, waiting=[one, two]).is_whole  # a seal in two places
    assert not replace(whole, waiting=[two, three]).is_whole  # a seal without its ballot
    assert not replace(whole, leaves=[three]).is_whole
    assert not replace(whole, head=None).is_whole


@pytest.mark.sqlite
def test_copies_of_a_server_that_answers_first_lack_ballots(box: Box, tmp_path: Path) -> None:
    seen = copy_while_casting(box, tmp_path / "copies", copies=2, defect="answers_first")

    assert any(verdict.lost for verdict in seen.verdicts), seen
