"""What must hold for equal shares whatever people vote."""

import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.counting.elections import run_recount, written
from voting.counting import Ballots, Contest, Count, Option, count

Row = tuple[list[int], list[int]]


@st.composite
def votes(draw: st.DrawFn) -> tuple[Contest, list[Row]]:
    """A contest by equal shares of any kind, and its ballots as options with points."""
    number = draw(st.integers(1, 6))
    kind = draw(st.sampled_from(["ordinal", "approval", "cumulative"]))
    utilities = {
        "ordinal": ["cost", "cardinality", "rank-points", "rank-points-cost"],
        "approval": ["cost", "cardinality"],
        "cumulative": ["cost", "cardinality", "points"],
    }
    parameters: dict[str, Any] = {
        "utility": draw(st.sampled_from(utilities[kind])),
        "completion": draw(st.sampled_from(["none", "greedy", "add1", "add1-greedy"])),
        "start": draw(st.sampled_from(["floor", "exact"])),
        "ties": draw(st.permutations(["cheaper", "votes", "place"])),
    }
    if draw(st.booleans()):
        parameters["entry_share"] = draw(st.sampled_from(["1/3", "1/2", "1/1"]))
    if kind == "approval" and draw(st.booleans()):
        parameters["comparison"] = True
    if parameters["completion"].startswith("add1"):
        parameters["stop"] = draw(st.sampled_from(["overspend", "exhaustive"]))
    contest = Contest.build(
        "Random",
        draw(st.integers(1, 40)) * 500,
        [Option.build(f"P{n}", draw(st.integers(1, 9)) * 700) for n in range(number)],
        vote_type=kind,
        rule="equal-shares",
        tie_order=draw(st.permutations([f"P{n}" for n in range(number)])),
        parameters=parameters,
    )
    ballot = st.lists(st.integers(0, number - 1), min_size=1, unique=True).flatmap(
        lambda named: st.tuples(
            st.just(named), st.lists(st.integers(0, 4), min_size=len(named), max_size=len(named))
        )
    )
    return contest, draw(st.lists(ballot, max_size=9))


def ballots_of(contest: Contest, rows: list[Row]) -> Ballots:
    if contest.vote_type == "cumulative":
        return Ballots.from_points(rows)
    return Ballots.from_rows([named for named, _ in rows])


def counted(contest: Contest, rows: list[Row]) -> Count:
    return count(contest, ballots_of(contest, rows))


@given(votes())
def test_supporters_of_what_was_not_bought_cannot_pay_for_it(
    vote: tuple[Contest, list[Row]],
) -> None:
    """The rule's promise, by what the record says: shares and prices, payment by payment."""
    contest, rows = vote
    if contest.parameters["utility"] != "cost" or "comparison" in contest.parameters:
        return
    result = counted(contest, rows)
    bought = [stage for stage in result.stages if stage.price is not None]
    if not bought:
        return
    money = [bought[0].share or 0] * len(rows)
    number = {ref: place for place, ref in enumerate(contest.ids)}
    for stage in bought:
        for voter, (named, _) in enumerate(rows):
            if number[stage.option] in named:
                money[voter] -= min(money[voter], stage.price or 0)
    for stage in result.stages:
        if stage.price is None and stage.outcome != "below_entry":
            assert stage.cost > sum(
                purse
                for purse, (named, _) in zip(money, rows, strict=True)
                if number[stage.option] in named
            )


@given(votes())
def test_the_second_count_funds_the_same_in_the_same_order(vote: tuple[Contest, list[Row]]) -> None:
    contest, rows = vote
    ballots = ballots_of(contest, rows)
    result = count(contest, ballots)
    assert winners(written(contest, ballots)) == list(result.funded)


def winners(file: bytes) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vote.pb")
        path.write_bytes(file)
        code, out, refusal = run_recount("--winners", str(path))
    assert code == 0, refusal
    return out.splitlines()
