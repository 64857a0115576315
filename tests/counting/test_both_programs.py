"""The engine and `recount.py`, held against each other on files that nobody would think of."""

import contextlib
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.drawn_terms import RULES_OF, terms
from tests.counting.elections import run_recount
from tests.counting.recount_files import VoteFile, vote_files
from voting.counting.__main__ import main

OURS = ("points-by-rank", "approvals", "points", "equal-shares")
NAMES = (
    *OURS, "greedy", "greedy-no-skip",
    "greedy-threshold", "greedy-exclusive", "greedy-80", "equalshares", "equalshares/add1",
    "equalshares-comparison", "equalshares/add1-comparison", "greedy-custom", "unknown",
)  # fmt: skip
COSTS = {"park": 70, "bridge": 60, "benches": 30, "trees": 20}


def by_both(vote: VoteFile, *options: str) -> tuple[list[str] | None, list[str] | None]:
    """The winners by the engine and by `recount.py`; None where a program refuses the file."""
    with tempfile.TemporaryDirectory(prefix="votes-") as folder:
        path = Path(folder) / "vote.pb"
        path.write_text(vote.text(), encoding="utf-8")
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
            code = main(["count", str(path), "--winners", *options])
        other, out, _ = run_recount("--winners", *options, str(path))
    assert code in (0, 2)
    return (None if code else said.getvalue().split()), (None if other else out.split())


@settings(max_examples=150, deadline=None)
@given(vote_files(), st.sampled_from(NAMES), st.none() | st.sampled_from(NAMES))
def test_both_fund_the_same_and_refuse_the_same(
    vote: VoteFile, rule: str, asked: str | None
) -> None:
    vote.rule = rule

    engine, second = by_both(vote, *(("--rule", asked) if asked else ()))

    assert engine == second


@settings(max_examples=300, deadline=None)
@given(vote_files(decimals=(0, 0, 2, 3, 5)), st.data(), st.none() | st.sampled_from(NAMES))
def test_both_obey_the_line_in_the_comment(
    vote: VoteFile, data: st.DataObject, asked: str | None
) -> None:
    vote.rule = data.draw(st.sampled_from(RULES_OF[vote.kind]))
    vote.parameters = data.draw(terms(vote))
    vote.order = data.draw(st.none() | st.permutations([*vote.costs]))

    engine, second = by_both(vote, *(("--rule", asked) if asked else ()))

    assert engine == second


@pytest.mark.parametrize(
    ("asked", "winners"),
    [
        ("approvals", ["park"]),  # ours: with the terms of the file's own line
        ("greedy-no-skip", ["park"]),
        ("greedy", ["park", "benches"]),  # Pabulib's: what the name says, and no more
    ],
)
def test_a_rule_that_is_asked_for_has_the_terms_of_its_name(asked: str, winners: list[str]) -> None:
    ballots = ["park", "park", "park,bridge", "bridge", "benches"]
    vote = VoteFile("approval", COSTS, ballots, rule="approvals", parameters={"no_skip": True})

    assert by_both(vote, "--rule", asked) == (winners, winners)
