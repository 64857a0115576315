"""The table of project x rank: what a small contest publishes instead of its ballots."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.counting.elections import ballots_of, contest_of, recounted, run_recount
from voting.counting import (
    MalformedFile,
    RankTable,
    count,
    read_pb,
    read_rank_table,
    write_rank_table,
)

CONTEST = contest_of(10000, {"park": 7000, "bridge": 6000, "benches": 3000})
BALLOTS = ballots_of(CONTEST, "park,bridge", "bridge,park", "park", "benches,park,bridge")

TABLE = """\
RANKS
project_id;length;rank;ballots
park;1;1;1
park;2;1;1
park;2;2;1
park;3;2;1
bridge;2;1;1
bridge;2;2;1
bridge;3;3;1
benches;3;1;1
"""


def file_of(folder: Path, old: str = "", new: str = "") -> Path:
    path = folder / "vote.ranks.pb"
    write_rank_table(CONTEST, RankTable.of_ballots(BALLOTS), path)
    text = path.read_text(encoding="utf-8")
    assert text.endswith(TABLE)
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_it_says_how_often_each_project_stood_where(tmp_path: Path) -> None:
    contest, table = read_rank_table(file_of(tmp_path))
    assert contest == replace(CONTEST, rule="greedy")
    assert len(table) == 4


def test_both_programs_count_it_as_they_count_the_ballots(tmp_path: Path) -> None:
    path = file_of(tmp_path)
    result = count(*read_rank_table(path))
    assert result.stages == count(CONTEST, BALLOTS).stages
    assert recounted(path) == list(result.funded) == ["park", "benches"]
    assert result.as_document()["ballots"]["form"] == "rank table"
    assert f": {result.ballots.digest(CONTEST.ids)}\n" in run_recount(str(path))[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("park;2;1;1", "park;2;1;2"),  # more first than second ranks
        ("park;2;1;1", "park;2;3;1"),  # a rank beyond the length
        ("park;2;1;1", "park;2;2;1"),  # a row twice
        ("park;1;1;1", "pond;1;1;1"),  # an unknown project
        ("park;1;1;1", "park;1;1;0"),
        ("park;1;1;1", "park;1;1;-1"),
        ("park;1;1;1", "park;1;1;1.5"),
        ("park;1;1;1", "park;1;1"),
        ("num_votes;4", "num_votes;5"),
        ("min_length;1", "min_length;2"),
        ("ballots\n", "number\n"),
        ("benches;3;1;1\n", "benches;3;1;1\nVOTES\nvoter_id;vote\n"),
    ],
)
def test_a_table_that_no_ballots_can_give_is_refused(tmp_path: Path, old: str, new: str) -> None:
    path = file_of(tmp_path, old, new)
    with pytest.raises(MalformedFile):
        read_rank_table(path)
    code, out, refusal = run_recount("--winners", str(path))
    assert (code, out, refusal.count("\n")) == (2, "", 1)


def test_it_is_not_taken_for_ballots(tmp_path: Path) -> None:
    with pytest.raises(MalformedFile, match="no section VOTES"):
        read_pb(file_of(tmp_path))
