"""`recount.py` on funding by score: every kind of ballot, and the terms a city may set."""

from typing import Any

import pytest

from tests.counting.recount_files import VoteFile, run_text

COSTS = {"park": 60, "bridge": 50, "benches": 30, "trees": 10}


def by_approvals(**parameters: Any) -> VoteFile:
    """Park 4, bridge 3, benches 2, trees 1 of four ballots."""
    ballots = ["park,bridge,benches,trees", "benches,bridge,park", "park,bridge", "park"]
    vote = VoteFile("approval", COSTS, ballots, rule="approvals")
    vote.parameters = parameters or None
    return vote if parameters else VoteFile("approval", COSTS, ballots)


@pytest.mark.parametrize(
    ("kind", "ballots", "winners"),
    [
        ("ordinal", ["bridge,park", "bridge", "park,benches"], ["park", "benches", "trees"]),
        ("ordinal", ["bridge,park;1,5", "bridge;1", "park;1"], ["park", "benches", "trees"]),
        ("ordinal", ["bridge,park;3,1", "bridge;1", "park;1"], ["bridge", "benches", "trees"]),
        ("approval", ["trees,bridge", "bridge"], ["bridge", "trees", "benches"]),
        ("choose-1", ["benches", "trees", "benches"], ["benches", "trees", "park"]),
        ("cumulative", ["park,trees;1,2.5", "park;1"], ["trees", "park", "benches"]),
        ("cumulative", ["park,trees;0.1,0.3", "park;0.2"], ["park", "trees", "benches"]),
        ("scoring", ["park,trees;-1,-1", "trees;-1"], ["bridge", "benches", "trees"]),
    ],
)
def test_every_kind_of_ballot_has_its_score(
    kind: str, ballots: list[str], winners: list[str]
) -> None:
    assert VoteFile(kind, COSTS, ballots).winners() == winners


def test_points_that_a_file_gives_are_counted_under_our_own_line_too() -> None:
    vote = VoteFile("ordinal", COSTS, ["bridge,park;1,5", "bridge;1"], rule="points-by-rank")
    vote.parameters = {}
    assert vote.winners() == ["park", "benches", "trees"]


@pytest.mark.parametrize(
    ("parameters", "winners"),
    [
        ({"tie": 0}, None),
        ({"threshold": 2}, ["park", "benches"]),
        ({"threshold": 1}, ["park", "benches", "trees"]),
        ({"threshold_share": "1/2"}, ["park", "benches"]),
        ({"threshold_share": "50/99"}, ["park"]),
        ({"no_skip": True}, ["park"]),
        ({"no_skip": True, "top_up": 80}, ["park", "bridge"]),
        ({"no_skip": True, "top_up": 81}, ["park"]),
        ({"exclusive": [["trees", "park"], ["bridge", "trees"]]}, ["park", "benches"]),
        ({"exclusive": [["benches", "trees"]]}, ["park", "benches"]),
        ({"exclusive": [["bridge", "park"]], "no_skip": True}, ["park", "benches", "trees"]),
        ({"limits": [{"ids": ["park", "benches"], "projects": 1}]}, ["park", "trees"]),
        ({"limits": [{"ids": ["park", "benches"], "money": 9000}]}, ["park", "benches", "trees"]),
        ({"limits": [{"ids": ["park", "benches"], "money": 8999}]}, ["park", "trees"]),
        ({"limits": [{"ids": ["park"], "projects": 0}]}, ["bridge", "benches", "trees"]),
        (
            {"limits": [{"ids": ["bridge"], "money": 1, "name": "Bridges"}], "no_skip": True},
            ["park", "benches", "trees"],
        ),
        (
            {"limits": [{"ids": ["park", "bridge"], "money": 9999}], "no_skip": True, "top_up": 80},
            ["park", "benches", "trees"],
        ),
        (
            {
                "limits": [{"ids": ["park", "bridge"], "money": 10000}],
                "no_skip": True,
                "top_up": 80,
            },
            ["park", "bridge"],
        ),
    ],
)
def test_a_city_sets_terms(parameters: dict[str, Any], winners: list[str] | None) -> None:
    vote = by_approvals(**parameters)
    if winners is None:
        assert vote.run("--winners")[0] == 2, "a term that nobody knows is refused"
    else:
        assert vote.winners() == winners


@pytest.mark.parametrize(
    ("ties", "winners"),
    [
        ({}, ["c", "b"]),
        ({"ties": ["place"]}, ["c", "b"]),
        ({"ties": ["cheaper"]}, ["b", "a"]),
        ({"ties": ["votes"]}, ["a", "b"]),
        ({"ties": ["votes", "cheaper"]}, ["a", "b"]),
        ({"ties": ["first_ranks"]}, ["c", "b"]),
        ({"ties": ["first_ranks", "votes"]}, ["b", "c"]),
        ({"ties": ["place", "cheaper"]}, ["c", "b"]),
        ({"ties": ["lot"], "seed": "dice 4 2 6"}, ["b", "a"]),  # b 3eb6…, a a54d…, c d131…
        ({"ties": ["votes", "lot"], "seed": "dice"}, ["a", "b"]),
        ({"ties": ["lot"], "seed": "9"}, ["a", "c"]),  # a 1b8a…, c 2018…, b 5291…
    ],
)
def test_equal_scores_go_by_the_chain(ties: dict[str, Any], winners: list[str]) -> None:
    """Each has three points: a by three last ranks, b by two ballots, c by being first on one."""
    costs = {"a": 40, "b": 30, "c": 60, "x": 999}
    vote = VoteFile(
        "ordinal", costs, ["c,b,a", "x,a", "x,a", "b"], rule="points-by-rank", parameters=ties,
        ties=["c", "b", "a", "x"],
    )  # fmt: skip
    rows = ["c;3;1;1", "b;3;2;1", "a;3;3;1", "x;2;1;2", "a;2;2;2", "b;1;1;1"]
    table = ["RANKS", "project_id;length;rank;ballots", *rows, ""]

    assert vote.winners() == winners
    of_table = run_text(vote.text().split("VOTES")[0] + "\n".join(table), "--winners")
    assert of_table == (0, "".join(f"{project}\n" for project in winners), "")


@pytest.mark.parametrize(
    ("scale", "points"),
    [
        ({}, (4, 2, 2)),
        ({"scale": "own"}, (4, 2, 2)),
        ({"scale": "fixed"}, (6, 2, 4)),
        ({"scale": "fixed", "top": 5}, (10, 4, 8)),
        ({"scale": "dowdall"}, (12, 3, 8)),
    ],
)
def test_a_city_sets_what_ranks_are_worth(scale: dict[str, Any], points: tuple[int, ...]) -> None:
    ballots = ["park,bridge,trees", "park", "trees"]
    vote = VoteFile("ordinal", COSTS, ballots, rule="points-by-rank", parameters=scale)
    vote.meta = {"max_length": "3"}
    rows = ["park;3;1;1", "bridge;3;2;1", "trees;3;3;1", "park;1;1;1", "trees;1;1;1"]
    table = ["RANKS", "project_id;length;rank;ballots", *rows, ""]

    for text in (vote.text(), vote.text().split("VOTES")[0] + "\n".join(table)):
        code, account, _ = run_text(text)
        assert code == 0
        for project, score in zip(("park", "bridge", "trees"), points, strict=True):
            assert f"{score:8} points  {project}" in account
    vote.ballots = ["park,bridge,trees;1,7,1", "park;1", "trees;1"]
    assert "       7 points  bridge" in vote.account(), "points in the file come before any scale"


def test_what_a_top_up_takes_from_elsewhere_is_told() -> None:
    account = by_approvals().account("--rule", "greedy-80")
    assert "bridge         costs 50, leaves 0, 10 comes from elsewhere" in account
    assert "2 projects are funded for 110; 0 is left." in account
    assert "10 of it is topped up from elsewhere." in account
    assert "benches        costs 30, the funding had ended" in account


@pytest.mark.parametrize(
    ("rule", "meta", "winners"),
    [
        ("greedy", {}, ["park", "benches", "trees"]),
        ("greedy", {"min_project_score_threshold": "2"}, ["park", "benches"]),
        ("greedy-no-skip", {}, ["park"]),
        ("greedy-no-skip", {"min_project_score_threshold": "4"}, ["park"]),
        ("greedy-threshold", {"min_project_score_threshold": "3"}, ["park"]),
        ("greedy-threshold", {}, "min_project_score_threshold"),
        ("greedy-threshold", {"min_project_score_threshold": "many"}, "threshold"),
        ("greedy-exclusive", {}, "exclude each other"),
        ("greedy-custom", {}, "--rule"),
        ("unknown", {}, "--rule"),
        ("", {}, "--rule"),
        ("points-by-rank", {}, "points-by-rank"),
        ("points", {}, "points"),
    ],
)
def test_pabulibs_names_say_the_terms(
    rule: str, meta: dict[str, str], winners: list[str] | str
) -> None:
    vote = by_approvals()
    vote.rule, vote.meta = rule, meta
    code, out, refusal = vote.run("--winners")
    if isinstance(winners, str):
        assert (code, out, refusal.count("\n")) == (2, "", 1)
        assert winners in refusal
    else:
        assert (code, out.split()) == (0, winners)
        assert vote.winners("--rule", "approvals") == winners, "ours by name takes META's terms"


def test_a_rule_that_is_asked_for_has_its_own_terms_and_keeps_the_tie_order() -> None:
    ties = ["trees", "benches", "bridge", "park"]
    vote = VoteFile("approval", COSTS, ["park", "bridge"], rule="approvals", ties=ties)
    vote.parameters = {"threshold": 1}
    assert vote.winners() == ["bridge"]
    assert vote.winners("--rule", "approvals") == ["bridge"]
    assert vote.winners("--rule", "greedy") == ["bridge", "trees", "benches"]
    assert vote.winners("--rule", "greedy-no-skip") == ["bridge"]


def test_the_comment_may_say_which_projects_exclude_each_other() -> None:
    vote = by_approvals(exclusive=[["benches", "park"]])
    text = vote.text().replace("rule;greedy-custom", "rule;greedy-exclusive")
    assert "rule;greedy-exclusive" in text
    for options in ([], ["--rule", "greedy-exclusive"]):
        assert run_text(text, "--winners", *options)[1].split() == ["park", "trees"]
    assert "excludes it" in run_text(text)[1]
