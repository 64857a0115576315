"""What is published of a race, name by name: others read such documents with their own programs."""

import pytest

from tests.counting.seats.races import count
from voting.counting import CountingError
from voting.counting.seats import Candidate, Race


def test_the_race_and_its_papers_are_told_with_their_hashes() -> None:
    document = count("irv", 1, {"A B": 4, "A=B": 2, "": 1}, lot="BCA", names="ABC", gone="C",
                     overvote="refuse").as_document()  # fmt: skip
    race, papers = document["race"], document["ballots"]
    assert (document["rule"], document["rule_version"], document["unit"]) == ("irv", "1", "1/1")
    assert document["parameters"]["overvote"] == "refuse"
    assert {name: race[name] for name in ("title", "seats", "tie_order", "withdrawn")} == {
        "title": "A test", "seats": 1, "tie_order": ["B", "C", "A"], "withdrawn": ["C"],
    }  # fmt: skip
    assert race["candidates"] == [{"id": ref, "name": ""} for ref in "ABC"]
    assert [papers[name] for name in ("number", "valid", "refused", "blank")] == [7, 4, 2, 1]
    assert len(race["sha256"]) == len(papers["sha256"]) == 64


def test_a_stage_is_told_in_whole_units() -> None:
    """Two seats, eleven papers: a third of Ada's surplus is lost in the fifth decimal."""
    document = count("scottish-stv", 2, {"A B": 6, "C": 3, "B": 2}).as_document()
    assert document["unit"] == "1/100000"
    assert document["stages"][1:] == [
        {
            "number": 2, "action": "surplus", "of": ["A"],
            "tallies": {"A": 400_000, "B": 399_998, "C": 300_000},
            "quota": 400_000, "non_transferable": 0, "lost": 2,
            "elected": [], "filled": [], "ties": [],
        },
        {
            "number": 3, "action": "exclusion", "of": ["C"],
            "tallies": {"A": 400_000, "B": 399_998, "C": 0},
            "quota": 400_000, "non_transferable": 300_000, "lost": 2,
            "elected": [], "filled": ["B"], "ties": [],
        },
    ]  # fmt: skip
    assert document["elected"] == ["A", "B"]
    assert "pairwise" not in document


def test_a_stage_by_meek_tells_the_keep_factors_too() -> None:
    document = count("meek-stv", 2, {"A B": 5, "B": 1, "C": 3}).as_document()
    stage = document["stages"][1]
    assert (stage["action"], stage["of"], stage["passes"]) == ("keep factors", ["A"], 2)
    assert stage["keep_factors"] == {"A": 600_000_001, "B": 10**9, "C": 10**9}
    assert "keep_factors" not in count("irv", 1, {"A": 1}).as_document()["stages"][0]


def test_pairs_are_told_with_what_decided_between_them() -> None:
    circle = {"A B C": 4, "B C A": 3, "C A B": 2}
    matrix = [[0, 6, 4], [3, 0, 7], [5, 2, 0]]
    schulze = count("schulze", 1, circle).as_document()
    assert schulze["stages"] == []
    assert schulze["pairwise"] == {
        "matrix": matrix, "ranking": ["A", "B", "C"], "ties": [],
        "paths": [[0, 6, 6], [5, 0, 7], [5, 5, 0]],
    }  # fmt: skip
    assert count("ranked-pairs", 1, circle).as_document()["pairwise"] == {
        "matrix": matrix, "ranking": ["A", "B", "C"], "ties": [],
        "pairs": [["B", "C", 7, 2, True], ["A", "B", 6, 3, True], ["C", "A", 5, 4, False]],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ids", "lot", "withdrawn", "sentence"),
    [
        ([], None, [], "between 1 and"),
        (["A", "B", "A"], None, [], "The candidate 'A' is listed twice"),
        (["A", ""], None, [], "id is empty"),
        (["A", " B"], None, [], "has blanks around it"),
        (["A", "B\n"], None, [], "has blanks around it or cannot be shown"),
        (["A", "B\x07C"], None, [], "cannot be shown"),
        (["A", "B"], ["A"], [], "name each candidate exactly once"),
        (["A", "B"], ["A", "A"], [], "name each candidate exactly once"),
        (["A", "B"], ["A", "B", "C"], [], "name each candidate exactly once"),
        (["A", "B"], None, ["C"], "The withdrawn 'C' is not a candidate"),
        (["A", "B"], None, ["B", "A"], "Every candidate has withdrawn"),
    ],
)
def test_a_race_that_cannot_be_counted_is_refused_in_a_sentence(
    ids: list[str], lot: list[str] | None, withdrawn: list[str], sentence: str
) -> None:
    with pytest.raises(CountingError, match=sentence):
        Race.build("x", map(Candidate, ids), tie_order=lot, withdrawn=withdrawn)


def test_the_withdrawn_stand_in_the_order_of_the_candidates() -> None:
    race = Race.build("x", map(Candidate, "ABC"), withdrawn=["C", "A"])
    assert race.withdrawn == ("A", "C")
    assert race.standing == (1,)
