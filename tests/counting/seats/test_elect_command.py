"""Filling seats at the command line, as a stranger does it."""

import json
from pathlib import Path

import pytest

from voting.counting import Ballots, Contest, Option, RankTable, write_rank_table
from voting.counting.__main__ import main

JURY = """4 2
6 1 2 0
3 3 0
2 2 0
1 2=3 0
0
"Ada" "Ben" "Cem" "Deniz"
"The jury"
"""


@pytest.fixture
def jury(tmp_path: Path) -> str:
    path = tmp_path / "jury.blt"
    path.write_text(JURY)
    return str(path)


def test_the_elected_one_a_line(jury: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elect", jury, "--rule", "scottish-stv", "--winners"]) == 0
    assert capsys.readouterr().out == "1\n2\n"


def test_the_account_goes_through_the_stages(jury: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elect", jury, "--rule", "scottish-stv"]) == 0
    shown = capsys.readouterr().out
    assert "The jury\nRule: Single transferable vote (Scotland) (scottish-stv), version 1" in shown
    assert "Ballots: 12, of which 11 count, 1 are blank and 0 invalid" in shown
    assert "   2 surplus of 1, quota 4.00000" in shown
    assert "1 4.00000, 2 3.99998, 3 3.00000; not transferable 0, lost 0.00002" in shown
    assert shown.endswith("Elected:\n  1  Ada\n  2  Ben\n")


def test_the_document_says_the_settings_and_the_lot(
    jury: str, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--seats", "1", "--overvote", "refuse", "--tie-order", "4,3,2,1", "--json"]
    assert main(["elect", jury, "--rule", "irv", *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["parameters"]["overvote"] == "refuse"
    assert document["race"]["tie_order"] == ["4", "3", "2", "1"]
    assert document["ballots"]["refused"] == 1
    assert document["elected"] == ["1"]


def test_a_ranking_shows_each_against_the_next(
    jury: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["elect", jury, "--rule", "schulze", "--seats", "1"]) == 0
    assert "   1 1, before the next on 6, after on 3" in capsys.readouterr().out


def test_ranked_ballots_about_money_can_fill_seats_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = Path(__file__).parents[2] / "data" / "elections"
    ranked = next(path for path in sorted(files.glob("*rakow*")) if path.suffix in {".pb", ".gz"})
    assert main(["elect", str(ranked), "--rule", "irv", "--winners"]) == 0
    assert len(capsys.readouterr().out.split()) == 1


def test_a_table_of_ranks_fills_no_seats(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    contest = Contest.build("x", 100, [Option.build("A", 100), Option.build("B", 100)])
    path = tmp_path / "ranks.pb"
    write_rank_table(contest, RankTable.of_ballots(Ballots.from_rows([(0, 1), (1,)])), path)
    assert main(["elect", str(path), "--rule", "irv"]) == 2
    assert "seats need the ballots" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--rule", "plurality"], "no rule 'plurality' for seats"),
        (["--rule", "irv"], "fills one seat only"),
        (["--rule", "irv", "--seats", "0"], "above zero"),
        (["--rule", "schulze", "--overvote", "skip"], "knows no setting 'overvote'"),
        (["--rule", "meek-stv", "--skipped", "maybe"], "it can be skip, stop, stop-after-two"),
        (["--rule", "meek-stv", "--tie-order", "1,2"], "each candidate exactly once"),
    ],
)
def test_what_cannot_be_counted_is_refused_in_a_sentence(
    jury: str, options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["elect", jury, *options]) == 2
    refused = capsys.readouterr().err
    assert sentence in refused
    assert refused.count("\n") == 1


def test_a_file_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elect", "nowhere.soi", "--rule", "irv"]) == 2
    assert "cannot be read" in capsys.readouterr().err
