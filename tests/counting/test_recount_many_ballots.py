"""`recount.py` reads a vote row by row: each voter counts once, and equal ballots take no room."""

import tracemalloc

import pytest

import recount
from tests.counting.recount_files import VoteFile, run_text

COSTS = {"park": 70, "bridge": 60, "benches": 30}


def text_of(*voters: str) -> str:
    head = VoteFile("ordinal", COSTS, []).text()
    return head + "".join(f"{voter};park,bridge\n" for voter in voters)


@pytest.mark.parametrize(
    "voters",
    [
        ("1", "2", "1"),
        ("3", "2", "1", "2"),
        ("0", "1", "0"),
        ("007", "7", "007"),
        ("anna", "bo", "anna"),
        ("٣", "3", "٣"),
        ("123456789012", "1", "123456789012"),
    ],
)
def test_nobody_votes_twice(voters: tuple[str, ...]) -> None:
    assert run_text(text_of(*voters[:-1]))[0] == 0
    code, out, refusal = run_text(text_of(*voters))
    assert (code, out) == (2, "")
    assert "came before" in refusal


def test_ids_are_texts_so_that_7_and_007_are_two_voters() -> None:
    code, account, _ = run_text(text_of("7", "007", "07", "٧", "7.0"))
    assert code == 0
    assert "from 5 ballots" in account


@pytest.mark.parametrize("more", ["META\nkey;value\n", "RANKS\nproject_id\n", "VOTES\n"])
def test_after_the_votes_the_file_ends(more: str) -> None:
    code, out, refusal = run_text(text_of("1") + more)
    assert (code, out, refusal.count("\n")) == (2, "", 1)


def test_an_id_with_a_semicolon_is_not_taken_for_points() -> None:
    vote = VoteFile("ordinal", {'"a;1"': 1, "a": 1}, ['"a;1";2', "a;1"])
    assert vote.run()[0] == 0
    vote.ballots.append('a;"1;2"')
    code, _, refusal = vote.run()
    assert (code, "no number of points" in refusal) == (2, True)


def test_many_equal_ballots_take_the_room_of_one() -> None:
    rows = [("META", 1, ["META"]), ("META", 2, ["key", "value"])]
    rows += [("META", 3, ["budget", "100"]), ("META", 4, ["vote_type", "ordinal"])]
    rows += [("PROJECTS", 5, ["PROJECTS"]), ("PROJECTS", 6, ["project_id", "cost"])]
    rows += [("PROJECTS", 7, [project, "9"]) for project in COSTS]
    rows += [("VOTES", 8, ["VOTES"]), ("VOTES", 9, ["voter_id", "vote"])]
    voters = (("VOTES", n, [str(n), "park,bridge"]) for n in range(10, 10_010))
    tracemalloc.start()
    vote = recount.Vote(recount.Sections(row for part in (rows, voters) for row in part))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (vote.ballots, vote.groups) == (10_000, {"park,bridge": 10_000})
    assert peak < 100_000  # Ids alone, kept as texts, would take five times as much.
