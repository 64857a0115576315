"""A file may have its projects in final order, by turns; its comment then tells the contest's own.

So a count of the published file gives the very document that was announced.
"""

import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.counting.elections import ballots_of, contest_of
from tests.counting.recount_files import run_text
from tests.counting.test_properties_of_rules import Vote, each_rule, votes
from tests.counting.test_properties_of_rules import ballots_of as ballots_of_rows
from voting.counting import (
    Ballots,
    Contest,
    Count,
    MalformedFile,
    RankTable,
    count,
    read_pb,
    read_rank_table,
    write_pb,
    write_rank_table,
)
from voting.counting.parameters import canonical_json

COSTS = {"park": 7000, "bridge": 6000, "mill": 6000, "benches": 300}
TIES = ["mill", "bridge", "park", "benches"]


def by_turns(contest: Contest, ballots: Ballots, result: Count) -> str:
    target = io.BytesIO()
    write_pb(contest, ballots, target, result, by_turns=True)
    return target.getvalue().decode()


def listed(text: str) -> list[str]:
    """The ids in the order of the file's section PROJECTS."""
    rows = text.partition("PROJECTS\n")[2].partition("VOTES\n")[0].splitlines()
    return [row.split(";")[0] for row in rows[1:]]


def an_election() -> tuple[Contest, Ballots]:
    contest = contest_of(12_500, COSTS, TIES)
    return contest, ballots_of(contest, "park,bridge", "park,mill", "bridge,mill", "mill,bridge")


@each_rule
def test_a_file_by_turns_counts_to_the_announced_document(rule: str) -> None:
    @settings(max_examples=10)
    @given(votes(rule))
    def drawn(vote: Vote) -> None:
        ballots = ballots_of_rows(vote.contest, vote.rows)
        if vote.contest.vote_type != "ordinal":
            ballots = ballots.unordered()
        announced = count(vote.contest, ballots)
        text = by_turns(vote.contest, ballots, announced)
        again = count(*read_pb(io.BytesIO(text.encode())))
        assert again.as_json() == announced.as_json()
        points = {stage.option: stage.points for stage in announced.outcomes}
        turns = {stage.option: stage.number for stage in announced.outcomes}
        assert listed(text) == sorted(points, key=lambda ref: (-points[ref], turns[ref]))
        code, out, refusal = run_text(text, "--winners")
        assert (code, out.split()) == (0, list(announced.funded)), refusal

    drawn()


def test_equal_projects_stand_in_the_order_of_their_turns() -> None:
    contest, ballots = an_election()
    text = by_turns(contest, ballots, count(contest, ballots))
    assert listed(text) == ["mill", "bridge", "park", "benches"]
    own = '{""order"":[""park"",""bridge"",""mill"",""benches""],""tie_order"":'
    assert f"#1: common-purse points-by-rank 1 {own}" in text
    assert read_pb(io.BytesIO(text.encode()))[0].ids == contest.ids


def test_a_contest_that_stands_by_turns_already_needs_no_remark() -> None:
    contest = contest_of(12_500, COSTS)
    ballots = ballots_of(contest, "park,bridge", "park,mill", "bridge,mill")
    text = by_turns(contest, ballots, count(contest, ballots))
    assert listed(text) == list(COSTS)
    assert "rule;greedy\n" in text
    assert "comment" not in text


def test_a_table_of_ranks_stands_by_turns_too() -> None:
    contest, ballots = an_election()
    table = RankTable.of_ballots(ballots)
    result = count(contest, table)
    target = io.BytesIO()
    write_rank_table(contest, table, target, result, by_turns=True)
    text = target.getvalue().decode()
    assert listed(text.replace("RANKS\n", "VOTES\n")) == ["mill", "bridge", "park", "benches"]
    assert count(*read_rank_table(io.BytesIO(text.encode()))).as_json() == result.as_json()


def test_a_rule_that_is_not_known_keeps_its_own_order() -> None:
    contest, ballots = an_election()
    unknown = replace(contest, rule="unknown")
    assert listed(by_turns(unknown, ballots, count(unknown, ballots, "greedy"))) == list(COSTS)


@pytest.mark.parametrize(
    "order", [["park"], ["park", "park", "mill", "benches"], "park", [1, 2, 3, 4], [*COSTS, "x"]]
)
def test_an_order_that_does_not_name_each_project_once_is_refused(order: object) -> None:
    contest, ballots = an_election()
    text = by_turns(contest, ballots, count(contest, ballots))
    own = canonical_json(list(COSTS)).replace('"', '""')
    assert own in text
    wrong = text.replace(f'""order"":{own}', f'""order"":{json.dumps(order)}'.replace('"', '""'))
    wrong = wrong.replace('""""order""""', '""order""')
    with pytest.raises(MalformedFile, match="order"):
        read_pb(io.BytesIO(wrong.encode()))
