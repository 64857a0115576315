"""`recount.py` on amounts finer than hundredths: counted as they are, and said so."""

import dataclasses
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.recount_files import VoteFile, run_text, vote_files

COSTS = {"park": 70_005, "bridge": 60_000, "benches": 29_996}
FINE = VoteFile("approval", COSTS, ["park,bridge", "park"], 100_001, decimals=3)


def test_a_cost_is_not_rounded_until_it_fits() -> None:
    assert FINE.winners() == ["park", "benches"], "0.000 is left"
    dearer = dataclasses.replace(FINE, costs={**COSTS, "benches": 29_997})
    assert dearer.winners() == ["park"], "0.001 is missing, which hundredths do not show"


def test_the_reader_is_told_and_reads_exact_amounts() -> None:
    account = FINE.account()

    assert "To spend: 100.001\n" in account
    assert "finer than hundredths; they were counted in thousandths.\n" in account
    assert "park           costs 70.005, leaves 29.996:" in account
    assert "bridge         costs 60, more than the 29.996 left:" in account
    assert "2 projects are funded for 100.001; 0 is left." in account


@pytest.mark.parametrize(
    ("cost", "told"),
    [
        ("70.5", "costs 70.50, "),
        ("70.50000", "costs 70.50, "),
        ("70.0000000000000000000", "costs 70, "),
        ("007", "costs 7, "),
    ],
)
def test_zeros_that_say_nothing_do_not_make_an_amount_finer(cost: str, told: str) -> None:
    vote = VoteFile("approval", {"park": 70}, ["park"])

    _, out, _ = run_text(vote.text().replace("park;70", f"park;{cost}"))

    assert told in out
    assert "finer" not in out


@pytest.mark.parametrize(
    ("cost", "parts"),
    [
        ("0.1234", "ten-thousandths"),
        ("0.123456", "millionths"),
        ("0.12345", "parts of which 10^5 make a unit"),
        ("0." + "0" * 30 + "1", None),
    ],
)
def test_the_finest_amount_makes_the_parts(cost: str, parts: str | None) -> None:
    vote = VoteFile("approval", {"park": 70}, ["park"])

    code, out, refusal = run_text(vote.text().replace("park;70", f"park;{cost}"))

    if parts:
        assert f"counted in {parts}.\n" in out
        assert f"costs {cost}, " in out
    else:
        assert code == 2
        assert "the budget is too much" in refusal, "in such parts it has more than 17 digits"


@pytest.mark.parametrize(
    ("budget", "cost", "code"),
    [
        ("999999999999999.99", "1", 0),
        ("1000000000000000", "1", 2),
        ("99999999999999.999", "1", 0),
        ("100000000000000", "0.001", 2),
        ("1", "100000000000000.001", 2),
        ("0.00000000000000000005", "0.00000000000000000003", 0),
        ("1", "." + "3", 2),
        ("1", "1.", 2),
        ("1", "0.000", 2),
        ("0." + "0" * 999 + "3", "0." + "0" * 999 + "1", 0),
        ("0." + "0" * 1000 + "3", "0." + "0" * 1000 + "1", 2),
    ],
)
def test_an_amount_has_seventeen_digits_at_most(budget: str, cost: str, code: int) -> None:
    text = VoteFile("approval", {"park": 70}, ["park"], 100).text()

    said = run_text(text.replace(";100\n", f";{budget}\n").replace("park;70", f"park;{cost}"))

    assert said[0] == code
    assert code == 0 or re.fullmatch(r"recount\.py: .*: Line \d+: .*\.\n", said[2])


@settings(max_examples=60, deadline=None)
@given(vote_files(), st.integers(1, 9), st.sampled_from(["none", "greedy", "epsilon"]))
def test_a_smaller_currency_changes_no_outcome(
    vote: VoteFile, decimals: int, completion: str
) -> None:
    """All amounts divided by the same: only add1, its start and limits know what a unit is."""
    vote.rule, vote.parameters = "equal-shares", {"completion": completion}
    smaller = dataclasses.replace(vote, decimals=decimals)

    assert smaller.winners() == vote.winners()
    assert smaller.winners("--rule", "greedy") == vote.winners("--rule", "greedy")


def test_the_money_of_a_limit_is_said_in_hundredths() -> None:
    for most, winners in ((9998, ["park"]), (9999, ["park", "benches"])):
        vote = dataclasses.replace(FINE, rule="approvals", costs={**COSTS, "benches": 29_985})
        vote.parameters = {"limits": [{"ids": ["park", "benches"], "money": most}]}
        assert vote.winners() == winners


def test_a_step_of_add1_is_a_unit_of_currency() -> None:
    """3 each, rounded down, are too little. 4 pay for the park, and 9 for more than there is."""
    costs = {"park": 7_999, "bridge": 4_002}
    vote = VoteFile("approval", costs, ["park", "park,bridge"], 7_999, decimals=3)

    assert vote.winners("--rule", "equalshares/add1") == ["park"]
    assert "a share of 8.00000 (rounded)" in vote.account("--rule", "equalshares/add1")
