"""What is written can be read: by us, by the recount, and by programs that know the format."""

import gzip
import io
from dataclasses import replace
from pathlib import Path

import pytest

from tests.counting.elections import ballots_of, contest_of, recounted, run_recount, written
from voting.counting import (
    Contest,
    CountingError,
    MalformedFile,
    Option,
    UnknownRule,
    count,
    read_pb,
    write_pb,
)

TIED = {"a": 5000, "b": 5000}


def test_a_tie_order_of_its_own_travels_in_the_comment(tmp_path: Path) -> None:
    contest = contest_of(5000, TIED, tie_order=["b", "a"])
    path = tmp_path / "vote.pb"
    write_pb(contest, ballots_of(contest, "a", "b"), path)
    text = path.read_text(encoding="utf-8")
    assert "rule;greedy-custom\n" in text
    assert '"#1: common-purse points-by-rank 1 {""tie_order"":[""b"",""a""]}"' in text
    contest_again, ballots = read_pb(path)
    assert contest_again.tie_order == ("b", "a")
    assert count(contest_again, ballots).funded == ("b",)
    assert recounted(path) == ["b"]


def test_the_files_own_order_needs_no_comment() -> None:
    contest = contest_of(5000, TIED)
    text = written(contest, ballots_of(contest, "a", "b")).decode()
    assert "rule;greedy\n" in text
    assert "comment" not in text


def test_other_remarks_stay_behind_ours(tmp_path: Path) -> None:
    contest = replace(contest_of(5000, TIED, ["b", "a"]), notes=("Votes on paper, too.", "Two."))
    path = tmp_path / "vote.pb"
    path.write_bytes(written(contest, ballots_of(contest, "a", "b")))
    assert " #2: Votes on paper, too. #3: Two." in path.read_text(encoding="utf-8")
    assert read_pb(path)[0].notes == contest.notes
    assert recounted(path) == ["b"]


@pytest.mark.parametrize(
    "line",
    [
        "#1: common-purse points-by-rank 1 {",
        "#1: common-purse points-by-rank 1 []",
        '#1: common-purse points-by-rank 1 {"tie_order":["a"]}',
        '#1: common-purse points-by-rank 1 {"tie_order":["a","a"]}',
        '#1: common-purse points-by-rank 1 {"tie_order":"ab"}',
        '#1: common-purse points-by-rank 1 {"tie_order":[1,2]}',
        '#1: common-purse points-by-rank 1 {"tie_order":["a","b"],"magic":1}',
        '#1: common-purse points-by-rank 1 {"tie_order":' + "[" * 100_000,
        '#1: common-purse points-by-rank 2 {"tie_order":["b","a"]}',
        '#1: common-purse by-beauty 1 {"tie_order":["b","a"]}',
        "#1: Something else.",
        "",
    ],
)
def test_a_custom_rule_that_is_not_understood_is_never_guessed(tmp_path: Path, line: str) -> None:
    contest = contest_of(5000, TIED)
    text = written(contest, ballots_of(contest, "a", "b")).decode()
    quoted = '"' + line.replace('"', '""') + '"'
    path = tmp_path / "vote.pb"
    changed = text.replace("rule;greedy\n", f"rule;greedy-custom\ncomment;{quoted}\n")
    path.write_text(changed, encoding="utf-8")
    with pytest.raises((MalformedFile, UnknownRule)):
        count(*read_pb(path))
    code, out, refusal = run_recount("--winners", str(path))
    assert (code, out, refusal.count("\n")) == (2, "", 1)


def test_money_is_written_and_read_to_the_last_hundredth(tmp_path: Path) -> None:
    contest = contest_of(158419652, {"a": 5, "b": 158419650, "c": 100})
    path = tmp_path / "vote.pb"
    path.write_bytes(written(contest, ballots_of(contest, "b,c,a")))
    text = path.read_text(encoding="utf-8")
    assert "budget;1584196.52\n" in text
    assert "a;0.05\nb;1584196.50\nc;1\n" in text
    assert [option.cost for option in read_pb(path)[0].options] == [5, 158419650, 100]
    assert recounted(path) == ["b"]


def test_names_are_written_on_one_line_and_quoted() -> None:
    option = Option.build("a", 100, ' The "old"; mill\r\nand\tmore ')
    contest = Contest.build("A vote", 100, [option])
    file = written(contest, ballots_of(contest, "a")).decode()
    assert 'a;1;"The ""old""; mill and more"\n' in file
    assert read_pb(io.BytesIO(file.encode()))[0].options[0].name == 'The "old"; mill and more'


def test_the_outcome_can_stand_beside_the_projects() -> None:
    contest = contest_of(5000, TIED)
    ballots = ballots_of(contest, "a,b", "b", "b")
    file = io.BytesIO()
    write_pb(contest, ballots, file, count(contest, ballots))
    assert b"cost;votes;score;name;selected\na;50;1;2;a;0\nb;50;3;3;b;1\n" in file.getvalue()
    file.seek(0)
    assert read_pb(file)[0].official_winners == frozenset("b")


def test_a_compressed_file_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    contest = contest_of(5000, TIED)
    ballots = ballots_of(contest, "a")
    paths = [tmp_path / "one.pb.gz", tmp_path / "two.pb.gz"]
    for path in paths:
        write_pb(contest, ballots, path)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert gzip.decompress(paths[0].read_bytes()) == written(contest, ballots)
    with paths[0].open("rb") as file:
        assert read_pb(file)[0] == replace(contest, rule="greedy")


def test_ballots_say_nothing_of_the_order_in_which_they_were_cast() -> None:
    contest = contest_of(5000, TIED)
    assert written(contest, ballots_of(contest, "b", "a", "b,a")) == written(
        contest, ballots_of(contest, "b,a", "b", "a")
    )


@pytest.mark.parametrize("cost", [0, -1, 1.5, float("nan"), True, "7"])
def test_a_cost_that_is_no_amount_makes_no_option(cost: object) -> None:
    with pytest.raises(CountingError, match="cost"):
        Option.build("a", cost)  # type: ignore[arg-type]


def test_a_contest_that_contradicts_itself_is_not_made() -> None:
    option = Option.build("a", 100)
    for wrong in ({"tie_order": ["b"]}, {"min_length": 3, "max_length": 2}, {"min_length": 0}):
        with pytest.raises(CountingError):
            Contest.build("A vote", 100, [option], **wrong)
    for budget, options in ((0, [option]), (100, []), (100, [option, option])):
        with pytest.raises(CountingError):
            Contest.build("A vote", budget, options)
