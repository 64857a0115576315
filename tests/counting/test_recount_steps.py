"""Small votes in which `recount.py` would find other winners if it skipped a step too many."""

import pytest

from tests.counting.recount_files import VoteFile
from tests.counting.test_recount_shares import by_definition

# Found by drawing votes until a recount without one of its comparisons told other winners.
VOTES = {
    "somebody who gave all there was has more than the others pay": (
        VoteFile("approval", {"A": 35, "B": 55, "C": 25}, ["A,C,B", "B"], 95),
        "cardinality", ["cheaper", "place", "votes"], ["C", "B"],
    ),
    "and so on ranked ballots": (
        VoteFile("ordinal", {"A": 144, "B": 137}, ["A", "B,A", "B"], 204),
        "rank-points-cost", ["place", "cheaper", "votes"], ["B"],
    ),
    "two projects cost their supporters the same for one share only": (
        VoteFile("ordinal", {"A": 7, "B": 5, "C": 12, "D": 7}, ["D,C,B", "A,C"], 14),
        "cardinality", ["votes", "place", "cheaper"], ["B", "A"],
    ),
    "somebody has exactly what the others pay": (
        VoteFile(
            "ordinal", {"A": 11, "B": 6, "C": 16, "D": 6},
            ["B,A", "D,A,B", "D,A", "A,B,C", "D"], 9,
        ),
        "rank-points", ["cheaper", "votes", "place"], ["B"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("vote", "utility", "ties", "winners"), VOTES.values(), ids=[*VOTES])
def test_no_step_is_skipped_that_matters(
    vote: VoteFile, utility: str, ties: list[str], winners: list[str]
) -> None:
    chosen = {"utility": utility, "completion": "add1", "ties": ties}
    vote.rule, vote.parameters = "equal-shares", chosen
    assert vote.winners() == winners == by_definition(vote, chosen)
