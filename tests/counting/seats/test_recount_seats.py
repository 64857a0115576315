"""`recount_seats.py`, written apart from the engine, chooses the same at every stage."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import recount_seats
from tests.counting.elections import ROOT
from tests.counting.seats.races import Ranks, races
from tests.counting.seats.recounts import chosen, recounted, run, run_file
from voting.counting.seats import SEAT_RULES, Candidate, Papers, Race, elect, read_blt, write_blt

RACES = ROOT / "tests" / "data" / "races"
SMALL = """\
4 2
-4
3 1 2 0
2 2 1 0
2 3=4 - 2 0
1 - 3 0
4 3 2 0
0
"Ann \\"A\\" # One"
"Bo"
"Cy"
"Di"
"A jury"
"""


@st.composite
def published_races(
    draw: st.DrawFn, rule: str
) -> tuple[Race, dict[Ranks, int], dict[str, str], str]:
    """A race as it is published: numbers for ids, a lot, who withdrew; and settings of the rule."""
    race, marks = draw(races(seats=1 if rule == "irv" else None))
    ids = [str(number) for number, _ in enumerate(race.ids, start=1)]
    lot = draw(st.permutations(ids))
    gone = draw(st.lists(st.sampled_from(ids), max_size=len(ids) - 1, unique=True))
    race = Race.build(
        "A race", [Candidate(one, one) for one in ids], race.seats, tie_order=lot, withdrawn=gone
    )
    known = recount_seats.SETTINGS[rule]
    given = {name: draw(st.sampled_from(values)) for name, values in known.items()}
    return race, marks, given, ",".join(lot)


@pytest.mark.parametrize("rule", recount_seats.SETTINGS)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_both_programs_choose_the_same_with_the_same_tallies_at_every_stage(
    rule: str, data: st.DataObject
) -> None:
    race, marks, terms, lot = data.draw(published_races(rule))
    papers = Papers.of_marks(marks.items())
    election = elect(race, papers, rule, terms)
    again = recounted(write_blt(race, papers), rule, lot, terms)

    assert list(map(str, again.elected)) == list(election.elected)
    numbers = range(1, len(race.ids) + 1)
    held = [tuple(stage.tallies.get(one, 0) for one in numbers) for stage in again.stages]
    assert held == [tuple(stage.tallies) for stage in election.stages]


def test_both_know_the_same_rules() -> None:
    assert {*recount_seats.SETTINGS} == {*SEAT_RULES}


@pytest.mark.parametrize("rule", recount_seats.SETTINGS)
def test_what_is_not_said_means_the_same_to_both(rule: str) -> None:
    one_seat = SMALL.replace("4 2\n", "4 1\n")
    path = RACES / "committee-2005.blt"
    race, papers = read_blt(path)
    said = [] if rule != "irv" else ["--seats", "1"]
    election = elect(replace(race, seats=1) if said else race, papers, rule)
    code, out, _ = run_file(path, "--rule", rule, "--winners", *said)
    assert (code, out.split()) == (0, list(election.elected))
    assert len(chosen(one_seat, "--rule", rule)) == 1


def test_springburn_elects_its_three_councillors_and_the_papers_have_the_engines_digest() -> None:
    path = RACES / "springburn-2007.blt"
    race, papers = read_blt(path)
    election = elect(race, papers, "scottish-stv")
    code, account, _ = run_file(path, "--rule", "scottish-stv")
    assert code == 0
    assert f"SHA-256 of the ballots: {papers.digest(race.ids)}" in account
    chosen_last = account.split("Chosen, in this order\n")[1].splitlines()
    assert [line.split()[0] for line in chosen_last] == list(election.elected)


def test_an_account_tells_each_stage() -> None:
    code, account, _ = run(SMALL, "--rule", "scottish-stv", "--skipped", "skip", "--seats", "1")
    assert code == 0
    assert "10 ballots count, 2 are blank and 0 invalid." in account
    assert "Stage 1: First preferences\n               5  3 Cy\n" in account
    assert 'Stage 2: 2 Bo excluded\n               5  1 Ann "A" # One\n' in account
    assert account.splitlines()[0] == "A jury"


def test_a_lot_decides_between_equals() -> None:
    race = '2 1\n1 1 0\n1 2 0\n0\n"Ann"\n"Bo"\n"A name"\n'
    for rule in recount_seats.SETTINGS:
        assert chosen(race, "--rule", rule, "--tie-order", "1,2") == ["1"]
        assert chosen(race, "--rule", rule, "--tie-order", "2,1") == ["2"]


@pytest.mark.parametrize(
    ("ties", "lot", "winner"),
    [
        ("earlier-stages", "1,2,3,4,5", "1"),  # Bo had fewer a stage before.
        ("first-stages", "1,2,3,4,5", "2"),  # Ann had fewer first preferences.
        ("lot", "1,2,3,4,5", "1"),
        ("lot", "2,1,3,4,5", "2"),
    ],
)
def test_the_stage_that_decides_between_equals_is_the_one_that_was_set(
    ties: str, lot: str, winner: str
) -> None:
    papers = "6 1 2 0\n7 2 1 0\n2 3 2 1 0\n2 3 0\n3 4 1 2 0\n12 5 0\n0\n"
    race = "5 1\n" + papers + '"Ann"\n"Bo"\n"Cy"\n"Di"\n"Ed"\n'
    options = ["--ties", ties, "--tie-order", lot]
    assert chosen(race, "--rule", "irv", *options) == [winner]
    (engine,) = elect(*_engines(race, lot), "irv", {"ties": ties}).elected
    assert engine == winner


def _engines(text: str, lot: str) -> tuple[Race, Papers]:
    race, papers = read_blt(io.BytesIO(text.encode()))
    return replace(race, tie_order=tuple(lot.split(","))), papers


def test_a_pair_shows_how_many_place_one_above_the_other() -> None:
    _, account, _ = run(SMALL, "--rule", "schulze")
    assert re.search(r"2 +8 : 3  2 Bo\n", account)


def test_byte_order_marks_line_ends_and_comments_change_nothing() -> None:
    plainly = chosen(SMALL, "--rule", "meek-stv")
    dressed = "\ufeff# A race\n\n" + SMALL.replace("3 1 2 0", "3 1 2 0 # three").replace(
        "\n", "\r\n"
    )
    assert chosen(dressed, "--rule", "meek-stv") == plainly


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("4 2\n", "4\n", "number of candidates"),
        ("4 2\n", "0 2\n", "no candidates"),
        ("4 2\n", "4 0\n", "no seat"),
        ("-4\n", "-5\n", "Line 2: there is no candidate 5"),
        ("3 1 2 0", "3 1 7 0", "Line 3: there is no candidate 7"),
        ("3 1 2 0", "3 1 2", "Line 3: the ballot does not end with 0"),
        ("3 1 2 0", "x 1 2 0", "Line 3: 'x' is no whole number"),
        ("3 1 2 0", "0.5 1 2 0", "Line 3: '0.5'"),
        ("\n0\n", "\n", "does not end|do not end"),
        ('"Di"\n"A jury"\n', "", "does not name all"),
        ("-4\n", "-1 -2 -3 -4\n", "Nobody stands"),
    ],
)
def test_a_fault_is_told_in_one_sentence(old: str, new: str, word: str) -> None:
    assert SMALL.count(old) == 1
    code, out, refusal = run(SMALL.replace(old, new), "--rule", "schulze")
    assert (code, out) == (2, "")
    assert re.fullmatch(rf"recount_seats\.py: .*({word}).*\.\n", refusal), refusal


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (["--rule", "borda"], "borda"),
        (["--rule", "irv"], "one seat"),
        (["--rule", "schulze", "--overvote", "skip"], "overvote"),
        (["--rule", "meek-stv", "--skipped", "guess"], "guess"),
        (["--rule", "schulze", "--tie-order", "1,2,3"], "tie order"),
        (["--rule", "schulze", "--tie-order", "1,2,3,3"], "tie order"),
        (["--rule", "schulze", "--seats", "0"], "no seat"),
        (["--rule", "schulze", "--seats", "many"], "many"),
        ([], "--rule"),
    ],
)
def test_what_is_not_understood_is_never_guessed(options: list[str], word: str) -> None:
    code, out, refusal = run(SMALL, *options)
    assert (code, out, refusal.count("\n")) == (2, "", 1)
    assert word in refusal


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "race.blt"
    for content in (b"\xff\xfe\x00", b"", b"\x1f\x8b"):
        path.write_bytes(content)
        assert run_file(path, "--rule", "irv")[0] == 2
    assert run_file(tmp_path / "nowhere.blt", "--rule", "irv")[0] == 2
