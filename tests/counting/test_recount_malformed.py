"""What `recount.py` cannot trust it refuses, on every kind of ballot, in one sentence."""

import random
import re
from typing import Any

import pytest

from tests.counting.recount_files import VoteFile, run_text

COSTS = {"park": 70, "bridge": 60, "benches": 30}
APPROVAL = VoteFile("approval", COSTS, ["park,bridge", "bridge", "park"])
CHOOSE_1 = VoteFile("choose-1", COSTS, ["park", "bridge", "park"])
CUMULATIVE = VoteFile("cumulative", COSTS, ["park,bridge;3,1.5", "bridge;2", "park;0"])
SCORING = VoteFile("scoring", COSTS, ["park,bridge;3,-1", "bridge;2", "park;-0.5"])
RANKED = VoteFile("ordinal", COSTS, ["park,bridge;3,1", "bridge;3", "park;3"])
WHOLE = [APPROVAL, CHOOSE_1, CUMULATIVE, SCORING, RANKED]
SHARES = VoteFile(
    "approval", COSTS, APPROVAL.ballots, rule="equal-shares",
    parameters={"completion": "add1-greedy", "ties": ["votes"], "entry_share": "1/3"},
)  # fmt: skip

# A vote, what is replaced in its file, by what, and a word of the sentence.
FAULTS = {
    "an unknown project is approved": (APPROVAL, "2;bridge", "2;pond", "Line 14.*pond"),
    "a project is approved twice": (APPROVAL, "park,bridge", "park,park", "Line 13.*twice"),
    "nothing is approved": (APPROVAL, "2;bridge", "2;", "Line 14.*empty"),
    "a comma too many": (APPROVAL, "park,bridge", "park,", "Line 13"),
    "an unknown kind of ballot": (APPROVAL, ";approval", ";applause", "applause"),
    "two where one is asked": (CHOOSE_1, "2;bridge", "2;bridge,park", "Line 14.*2"),
    "no points": (CUMULATIVE, ";points", ";marks", "points"),
    "fewer points than projects": (CUMULATIVE, ";3,1.5", ";3", "Line 13.*1 points"),
    "more points than projects": (CUMULATIVE, "bridge;2", "bridge;2,2", "Line 14.*2 points"),
    "points that are no number": (CUMULATIVE, ";3,1.5", ";3,many", "Line 13.*many"),
    "an empty place for points": (CUMULATIVE, ";3,1.5", ";3,", "Line 13"),
    "endless points": (CUMULATIVE, ";3,1.5", ";1e999,1", "1e999"),
    "no number at all": (CUMULATIVE, ";3,1.5", ";nan,1", "nan"),
    "a fraction": (CUMULATIVE, ";3,1.5", ";1/0,1", "1/0"),
    "foreign digits": (CUMULATIVE, ";3,1.5", ";３,1", "Line 13"),
    "points below none": (CUMULATIVE, ";3,1.5", ";3,-1.5", "Line 13.*-1.5"),
    "two signs": (SCORING, ";3,-1", ";3,--1", "Line 13"),
    "ranks and points that differ in number": (RANKED, ";3,1", ";3,1,1", "Line 13"),
    "a threshold below none": (
        APPROVAL, "rule;greedy", "rule;greedy-threshold\nmin_project_score_threshold;-1", "-1",
    ),
    "a comparison of ballots that give points": (
        CUMULATIVE, "rule;greedy", "rule;equalshares-comparison", "unknown on cumulative",
    ),
}  # fmt: skip


def test_they_are_counted_as_they_are() -> None:
    for vote in [*WHOLE, SHARES]:
        assert vote.run()[0] == 0


@pytest.mark.parametrize(("vote", "old", "new", "word"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_in_one_sentence(vote: VoteFile, old: str, new: str, word: str) -> None:
    text = vote.text()
    assert text.count(old) == 1
    code, out, refusal = run_text(text.replace(old, new))
    assert (code, out) == (2, "")
    assert re.fullmatch(rf"recount\.py: .*{word}.*\.\n", refusal), refusal


@pytest.mark.parametrize(
    ("rule", "parameters"),
    [
        ("approvals", {"threshold": 0}),
        ("approvals", {"threshold": "2"}),
        ("approvals", {"threshold": True}),
        ("approvals", {"threshold": 1.5}),
        ("approvals", {"threshold_share": "1/0"}),
        ("approvals", {"threshold_share": 0.1}),
        ("approvals", {"threshold_share": "-1/2"}),
        ("approvals", {"top_up": 80}),
        ("approvals", {"no_skip": 1}),
        ("approvals", {"no_skip": True, "top_up": 100}),
        ("approvals", {"exclusive": ["park"]}),
        ("approvals", {"exclusive": [["park", "pond"]]}),
        ("approvals", {"exclusive": [["park", ["bridge"]]]}),
        ("approvals", {"exclusive": [["park", "park"]]}),
        ("approvals", {"utility": "cost"}),
        ("approvals", {"ties": []}),
        ("approvals", {"ties": ["lot"]}),
        ("approvals", {"ties": ["votes"], "seed": "5f"}),
        ("approvals", {"ties": ["first_ranks"]}),
        ("approvals", {"scale": "own"}),
        ("approvals", {"limits": {"ids": ["park"], "projects": 1}}),
        ("approvals", {"limits": [{"ids": ["park"]}]}),
        ("approvals", {"limits": [{"projects": 1}]}),
        ("approvals", {"limits": [{"ids": ["pond"], "projects": 1}]}),
        ("approvals", {"limits": [{"ids": ["park", "park"], "projects": 1}]}),
        ("approvals", {"limits": [{"ids": ["park"], "projects": -1}]}),
        ("approvals", {"limits": [{"ids": ["park"], "money": 1.5}]}),
        ("approvals", {"limits": [{"ids": ["park"], "money": 1, "name": 5}]}),
        ("approvals", {"limits": [{"ids": ["park"], "money": 1, "most": 5}]}),
        ("points", {}),
        ("equal-shares", {"utility": "points"}),
        ("equal-shares", {"utility": "rank-points"}),
        ("equal-shares", {"utility": ["cost"]}),
        ("equal-shares", {"completion": "add2"}),
        ("equal-shares", {"completion": None}),
        ("equal-shares", {"start": "roof"}),
        ("equal-shares", {"completion": "add1", "stop": 1}),
        ("equal-shares", {"stop": "overspend"}),
        ("equal-shares", {"comparison": False}),
        ("equal-shares", {"entry_share": "01/3"}),
        ("approvals", {"exclusive": [["park"]]}),
        ("equal-shares", {"ties": "votes"}),
        ("equal-shares", {"ties": ["votes", "votes"]}),
        ("equal-shares", {"ties": ["beauty"]}),
        ("equal-shares", {"ties": [["votes"]]}),
        ("equal-shares", {"ties": []}),
        ("equal-shares", {"seed": "5f"}),
        ("equal-shares", {"limits": [{"ids": ["park"], "projects": 1}]}),
        ("equal-shares", {"comparison": "yes"}),
        ("equal-shares", {"entry_share": "a third"}),
        ("equal-shares", {"threshold": 2}),
    ],
)
def test_a_term_that_is_not_understood_is_never_guessed(
    rule: str, parameters: dict[str, Any]
) -> None:
    vote = VoteFile("approval", COSTS, APPROVAL.ballots, rule=rule, parameters=parameters)
    code, out, refusal = vote.run("--winners")
    assert (code, out, refusal.count("\n")) == (2, "", 1)
    assert rule in refusal


@pytest.mark.parametrize(
    ("parameters", "max_length", "refused"),
    [
        ({"scale": "own"}, None, False),
        ({"scale": "own", "top": 3}, None, True),
        ({"scale": "fixed"}, None, True),
        ({"scale": "fixed"}, 2, False),
        ({"scale": "fixed", "top": 2}, None, True),
        ({"scale": "fixed", "top": 3}, None, False),
        ({"scale": "fixed", "top": 2}, 2, False),
        ({"scale": "fixed", "top": 1}, 2, True),
        ({"scale": "fixed", "top": "3"}, None, True),
        ({"top": 3}, None, True),
        ({"scale": "dowdall"}, None, True),
        ({"scale": "dowdall"}, 20, False),
        ({"scale": "dowdall"}, 21, True),
        ({"scale": "dowdall", "top": 3}, 3, True),
        ({"scale": "borda"}, 3, True),
        ({"scale": ["own"]}, 3, True),
    ],
)
@pytest.mark.parametrize(
    "rule", ["points-by-rank", "equal-shares", "expanding-approvals", "budget-stv"]
)
def test_a_scale_needs_to_know_the_longest_ballot(
    rule: str, parameters: dict[str, Any], max_length: int | None, refused: bool
) -> None:
    vote = VoteFile("ordinal", COSTS, RANKED.ballots, rule=rule, parameters=parameters)
    vote.ballots = ["park,bridge", "bridge"]
    vote.meta = {"max_length": str(max_length)} if max_length else {}
    assert vote.run("--winners")[0] == (2 if refused else 0)


@pytest.mark.parametrize("rule", ["equal-shares", "expanding-approvals", "budget-stv"])
def test_some_rules_need_ballots(rule: str) -> None:
    table = RANKED.text().split("VOTES")[0] + "RANKS\nproject_id;length;rank;ballots\npark;1;1;2\n"
    assert run_text(table)[0] == 0
    code, out, refusal = run_text(table, "--rule", rule)
    assert (code, out) == (2, "")
    assert "ballots" in refusal


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("META\nkey;value\n", "META;;\nkey;value;\n"),
        ("PROJECTS\n", "PROJECTS;\n"),
        ("project_id;cost", "project_id;cost;;"),
        ("2;bridge", "2;bridge;;"),
        ("bridge;60", "bridge;60.0000"),
        ("vote_type;", "max_length;\nvote_type;"),
        ("vote_type;", "num_votes;\nvote_type;"),
        ("voter_id;vote\n1;park,bridge\n2;bridge\n3;park",
         "vote;voter_id\npark,bridge;1\nbridge;2\npark;3"),
    ],
)  # fmt: skip
def test_what_changes_no_count_is_passed_over(old: str, new: str) -> None:
    assert APPROVAL.text().count(old) == 1
    changed = run_text(APPROVAL.text().replace(old, new), "--winners")
    assert changed == run_text(APPROVAL.text(), "--winners") == (0, "park\nbenches\n", "")


@pytest.mark.parametrize(
    "line",
    [
        "points-by-rank 1 {}",
        "points-by-rank 1 {no JSON",
        'points-by-rank 1 {"tie_order":"park"}',
        'points-by-rank 1 {"tie_order":[["park"]]}',
        "points-by-rank 1 [1]",
    ],
)
def test_a_line_of_ours_that_is_broken_is_refused_under_any_rule(line: str) -> None:
    quoted = line.replace('"', '""')
    vote = VoteFile("ordinal", COSTS, ["park", "bridge"])
    vote.meta = {"comment": f'"#1: common-purse {quoted}"'}
    for rule in ("greedy", "greedy-custom"):
        vote.rule = rule
        code, _, refusal = vote.run("--winners")
        assert (code, refusal.count("\n")) == (2, 1)


def test_a_long_tie_order_can_be_read() -> None:
    costs = {f"a-project-with-a-long-id-{n}": 40 for n in range(6000)}
    vote = VoteFile("approval", costs, ["a-project-with-a-long-id-0"], rule="approvals")
    vote.parameters, vote.ties = {}, [*reversed(costs)]
    assert vote.winners() == ["a-project-with-a-long-id-0", "a-project-with-a-long-id-5999"]


def test_a_comparison_needs_ballots_that_name() -> None:
    vote = VoteFile("cumulative", COSTS, CUMULATIVE.ballots, rule="equal-shares")
    vote.parameters = {"comparison": True}
    assert vote.run()[0] == 2


@pytest.mark.parametrize("vote", [*WHOLE, SHARES], ids=lambda vote: f"{vote.rule} {vote.kind}")
def test_a_damaged_file_is_counted_or_refused_and_never_more(vote: VoteFile) -> None:
    """Cells, lines and letters go missing, come twice or turn into others."""
    chance = random.Random(vote.kind + vote.rule)
    odd = [*';,"\n-.0/ 9{}[]\x00é', "1e9", "park", "VOTES\n", "null", "true", "\r\n", "٣"]
    refused = 0
    for _ in range(150):
        text = vote.text()
        for _ in range(chance.randint(1, 3)):
            start = chance.randrange(len(text))
            end = start + chance.choice([0, 1, 1, 2, 8])
            text = text[:start] + chance.choice(["", *odd, text[start:end] * 2]) + text[end:]
        code, out, refusal = run_text(text)
        assert (code, bool(out), refusal.count("\n")) in ((0, True, 0), (2, False, 1)), text
        refused += code == 2
    assert 0 < refused < 150
