"""Ballots that tick and ballots that give points, in files: read, refused, written, and by rule."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from voting.counting import (
    Ballots,
    Contest,
    Count,
    CountingError,
    MalformedFile,
    RankTable,
    UnknownRule,
    count,
    find_rule,
    read_pb,
    write_pb,
)

FILE = """\
META
key;value
description;A vote
num_projects;3
num_votes;3
budget;100
vote_type;{kind}
rule;{rule}
{meta}PROJECTS
project_id;cost
park;70
bridge;60
benches;30
VOTES
{votes}
"""
VOTES = {
    "approval": "voter_id;vote\n1;park,bridge\n2;bridge,park\n3;park",
    "choose-1": "voter_id;vote\n1;park\n2;bridge\n3;park",
    "cumulative": "voter_id;vote;points\n1;park,bridge;2,1\n2;bridge,park;0,3\n3;park;3",
    "scoring": "voter_id;vote;points\n1;park,bridge;2,-1\n2;bridge,park;0,3\n3;park;3",
}


def text_of(kind: str, rule: str = "greedy", meta: str = "") -> str:
    return FILE.format(kind=kind, rule=rule, meta=meta, votes=VOTES[kind])


def read(text: str) -> tuple[Contest, Ballots]:
    return read_pb(io.BytesIO(text.encode()))


def counted(text: str, rule: str | None = None) -> Count:
    return count(*read(text), rule)


def points_of(result: Count) -> dict[str, int]:
    return {stage.option: stage.points for stage in result.stages}


@pytest.mark.parametrize(
    ("kind", "points"),
    [
        ("approval", {"park": 3, "bridge": 2, "benches": 0}),
        ("choose-1", {"park": 2, "bridge": 1, "benches": 0}),
        ("cumulative", {"park": 8, "bridge": 1, "benches": 0}),
        ("scoring", {"park": 8, "bridge": -1, "benches": 0}),
    ],
)
@pytest.mark.parametrize("blank", ["", " "], ids=["at a glance", "with care"])
def test_each_kind_is_added_up_in_its_way(kind: str, points: dict[str, int], blank: str) -> None:
    result = counted(text_of(kind).replace(";park", f";{blank}park"))
    assert points_of(result) == points
    assert result.funded == ("park", "benches")


def test_decimals_are_exact() -> None:
    text = text_of("cumulative").replace("2,1", "0.1,0.25").replace("0,3", "1.50,0.2")
    contest, ballots = read(text)
    assert ballots.points_scale == 100
    assert points_of(count(contest, ballots)) == {"park": 330, "bridge": 175, "benches": 0}
    assert ballots.published_lines(contest.ids) == [
        "park,bridge;0.1,0.25",
        "park,bridge;0.2,1.5",
        "park;3",
    ]
    whole, plain = text.replace("0.1,0.25", "2.0,1.00").replace("1.50,0.2", "0,3"), "cumulative"
    assert read(whole)[1].digest(contest.ids) == read(text_of(plain))[1].digest(contest.ids)


def test_the_order_of_ticks_says_nothing() -> None:
    contest, ballots = read(text_of("approval"))
    assert ballots.published_lines(contest.ids) == ["park", "park,bridge", "park,bridge"]
    assert sorted(ballots.copies.tolist()) == [1, 2]


def test_a_ranked_ballot_may_bring_points_of_its_own() -> None:
    text = text_of("cumulative").replace("cumulative", "ordinal").replace("2,1", "5,0.5")
    assert points_of(counted(text)) == {"park": 110, "bridge": 5, "benches": 0}
    with pytest.raises(CountingError, match="points"):
        RankTable.of_ballots(read(text)[1])


def test_points_of_ballots_that_tick_are_passed_over() -> None:
    text = text_of("cumulative").replace("cumulative", "approval")
    assert read(text)[1].points is None


@pytest.mark.parametrize(
    ("kind", "old", "new", "line", "word"),
    [
        ("approval", "1;park,bridge", "1;park,park", 16, "twice"),
        ("approval", "1;park,bridge", "1;park,pond", 16, "pond"),
        ("approval", "3;park", "3;", 18, "empty"),
        ("choose-1", "2;bridge", "2;bridge,park", 17, "2 projects"),
        ("cumulative", "2,1", "2", 16, "1 numbers"),
        ("cumulative", "2,1", "2,1,1", 16, "3 numbers"),
        ("cumulative", "2,1", "", 16, "1 numbers"),
        ("cumulative", "2,1", "2,", 16, "not a number"),
        ("cumulative", "2,1", "2,x", 16, "not a number"),
        ("cumulative", "2,1", "2,nan", 16, "not a number"),
        ("cumulative", "2,1", "2,1e3", 16, "not a number"),
        ("cumulative", "2,1", "2,١", 16, "not a number"),
        ("cumulative", "2,1", "2,9999999999", 16, "not a number"),
        ("cumulative", "2,1", "2,0.0000000001", 16, "decimals"),
        ("cumulative", "2,1", "2,-1", 16, "below zero"),
        ("cumulative", "voter_id;vote;points", "voter_id;vote;score", 15, "points"),
        ("cumulative", "park,bridge;2,1", "park,park;2,1", 16, "twice"),
        ("cumulative", "3;park;3", "3;park;3;4", 18, "cells"),
        ("scoring", "2,-1", "2,--1", 16, "not a number"),
        ("scoring", "2,-1", "2,- 1", 16, "not a number"),
    ],
)
def test_a_vote_that_is_none_is_refused_at_its_line(
    kind: str, old: str, new: str, line: int, word: str
) -> None:
    text = text_of(kind)
    assert text.count(old) == 1
    with pytest.raises(MalformedFile, match=word) as refused:
        read(text.replace(old, new))
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("rule", "meta", "parameters"),
    [
        ("greedy", "", {}),
        ("greedy", "min_project_score_threshold;2\n", {"threshold": 2}),
        ("greedy", "min_project_score_threshold;0\n", {}),
        ("greedy-threshold", "min_project_score_threshold;2\n", {"threshold": 2}),
        ("greedy-no-skip", "", {"no_skip": True}),
        (
            "greedy-no-skip",
            "min_project_score_threshold;2\n",
            {"no_skip": True, "threshold": 2},
        ),
    ],
)
@pytest.mark.parametrize("kind", VOTES)
def test_what_meta_says_of_the_rule_is_followed_and_written_again(
    kind: str, rule: str, meta: str, parameters: dict[str, object]
) -> None:
    contest, ballots = read(text_of(kind, rule, meta))
    result = count(contest, ballots)
    assert result.contest.parameters == parameters
    for said in (contest, result.contest, replace(result.contest, rule=result.rule.name)):
        file = io.BytesIO()
        write_pb(said, ballots, file)
        again = count(*read(file.getvalue().decode()))
        assert again.as_json() == result.as_json()


@pytest.mark.parametrize(
    ("rule", "meta", "word"),
    [
        ("greedy-threshold", "", "min_project_score_threshold"),
        ("greedy", "min_project_score_threshold;many\n", "min_project_score_threshold"),
        ("greedy-exclusive", "", "does not say which projects exclude each other"),
        ("greedy-custom", "", "--rule"),
        ("unknown", "", "--rule"),
        ("", "", "--rule"),
        ("by-beauty", "", "by-beauty"),
        ("points-by-rank", "", "approval"),
        ("points", "", "approval"),
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_in_words(
    rule: str, meta: str, word: str
) -> None:
    with pytest.raises(CountingError, match=word):
        counted(text_of("approval", rule, meta))


def line(rule: str, parameters: str) -> str:
    quoted = f'#1: common-purse {rule} 1 {{{parameters}"tie_order":["bridge","park","benches"]}}'
    return 'comment;"' + quoted.replace('"', '""') + '"\n'


def test_our_line_says_the_rule_and_its_terms() -> None:
    text = text_of("approval", "greedy-custom", line("approvals", '"no_skip":true,"threshold":3,'))
    contest, ballots = read(text)
    assert contest.parameters == {"no_skip": True, "threshold": 3}
    assert count(contest, ballots).funded == ("park",)
    file = io.BytesIO()
    write_pb(contest, ballots, file)
    assert text.split("comment;")[1].split("\n")[0] in file.getvalue().decode()
    assert read(file.getvalue().decode())[0] == contest


def test_wrong_terms_in_our_line_are_refused_at_its_line() -> None:
    text = text_of("approval", "greedy-custom", line("approvals", '"threshold":"3",'))
    with pytest.raises(MalformedFile, match="threshold") as refused:
        read(text)
    assert refused.value.line == 9


def test_projects_that_exclude_each_other_are_known_from_our_line_alone() -> None:
    groups = line("approvals", '"exclusive":[["park","benches"]],')
    assert counted(text_of("approval", "greedy-exclusive", groups)).funded == ("park",)
    with pytest.raises(UnknownRule, match="exclude"):
        counted(text_of("approval", "greedy-exclusive", line("approvals", "")))
    with pytest.raises(UnknownRule, match="exclude"):
        counted(text_of("approval"), "greedy-exclusive")
    assert counted(text_of("approval", "greedy-exclusive"), "greedy").funded[0] == "park"


def test_a_rule_may_be_named_instead_of_the_files_own() -> None:
    custom = text_of("approval", "greedy-custom")
    assert counted(custom, "greedy-80").contest.parameters == {"no_skip": True, "top_up": 80}
    assert counted(custom, "approvals").contest.parameters == {}
    no_skip = text_of("approval", "greedy-no-skip", "min_project_score_threshold;2\n")
    assert counted(no_skip, "greedy").contest.parameters == {"threshold": 2}
    assert counted(no_skip, "approvals").contest.parameters == {"no_skip": True, "threshold": 2}
    ours = text_of("approval", "greedy-custom", line("approvals", '"threshold":3,'))
    assert counted(ours, "approvals").contest.parameters == {"threshold": 3}


def test_rules_are_found_by_all_their_names() -> None:
    assert find_rule("greedy", "ordinal").name == "points-by-rank"
    assert find_rule("greedy-no-skip", "choose-1").name == "approvals"
    assert find_rule("greedy-80", "scoring").name == "points"
    with pytest.raises(UnknownRule):
        find_rule("approvals", "knapsack")


def test_a_file_without_ballots_is_counted_too(tmp_path: Path) -> None:
    for kind, votes in VOTES.items():
        path = tmp_path / "empty.pb"
        text = (
            text_of(kind).replace(votes, votes.split("\n")[0]).replace("num_votes;3", "num_votes;0")
        )
        path.write_text(text, encoding="utf-8")
        contest, ballots = read_pb(path)
        assert len(ballots) == 0
        assert count(contest, ballots).funded == ("park", "benches")
