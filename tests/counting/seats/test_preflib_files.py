"""PrefLib's files of orders: read, written, and refused with a line."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.seats.races import Ranks, papers_of, race_of, races
from voting.counting import CountingError, MalformedFile
from voting.counting.seats import Papers, Race, elect, read_preflib, write_preflib

PLAIN = """# FILE NAME: 00000-00000001.toi
# TITLE: A jury
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 7
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Adam
# ALTERNATIVE NAME 2: Basil: the elder
# ALTERNATIVE NAME 3: Charlotte
4: 1,3
2: 2,{1,3}
1: {2, 3}
"""


def read(text: str, seats: int = 1) -> tuple[Race, Papers]:
    return read_preflib(io.BytesIO(text.encode()), seats)


@pytest.mark.parametrize("text", [PLAIN, "\ufeff" + PLAIN, PLAIN.replace("\n", "\r\n")])
def test_a_file_says_who_stands_and_what_was_marked(text: str) -> None:
    race, papers = read(text, 2)
    assert (race.title, race.seats, race.ids) == ("A jury", 2, ("1", "2", "3"))
    assert [each.name for each in race.candidates] == ["Adam", "Basil: the elder", "Charlotte"]
    assert dict(papers) == {((0,), (2,)): 4, ((1,), (0, 2)): 2, ((1, 2),): 1}
    assert elect(race, papers, "schulze").elected == ("1", "3")


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("4: 1,3", "4: 1,9", 9, "'9'"),
        ("4: 1,3", "4: 1,1", 9, "twice"),
        ("4: 1,3", "4; 1,3", 9, "12: 1,3"),
        ("2,{1,3}", "2,{1,3", 10, "braces"),
        ("{2, 3}", "{}", 11, "''"),
        ("VOTERS: 7", "VOTERS: 8", 4, "7 voters"),
        ("ALTERNATIVES: 3", "ALTERNATIVES: 4", 3, "3 alternatives"),
        ("NAME 2", "NAME 1", 7, "its own"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(old: str, new: str, line: int, word: str) -> None:
    with pytest.raises(MalformedFile, match=word) as refused:
        read(PLAIN.replace(old, new))
    assert refused.value.line == line


def test_the_older_form_is_refused_in_words() -> None:
    with pytest.raises(MalformedFile, match="older form"):
        read("3\n1,Adam\n2,Basil\n3,Charlotte\n4,4,1\n4,1,3\n")


@pytest.mark.parametrize(
    ("marks", "kind"),
    [({"A B": 2}, "soc"), ({"A": 2}, "soi"), ({"A=B": 1}, "toc"), ({"A=B": 1, "A": 1}, "toi")],
)
def test_the_kind_of_file_follows_from_the_papers(marks: dict[str, int], kind: str) -> None:
    race = race_of("AB")
    assert write_preflib(race, papers_of(race, marks))[0] == kind


@pytest.mark.parametrize("marks", [{"A - B": 1}, {"": 1}, {"A B A": 1}])
def test_what_the_form_cannot_say_is_refused(marks: dict[str, int]) -> None:
    race = race_of("AB")
    with pytest.raises(CountingError, match="BLT"):
        write_preflib(race, papers_of(race, marks))
    with pytest.raises(CountingError, match="withdrawn"):
        write_preflib(race_of("AB", withdrawn="A"), papers_of(race, {"B": 1}))


@given(races())
@settings(max_examples=100, deadline=None)
def test_what_is_written_reads_the_same(example: tuple[Race, dict[Ranks, int]]) -> None:
    race, marks = example
    kept = {
        paper: copies
        for paper, copies in marks.items()
        if paper and all(paper) and len({n for rank in paper for n in rank}) == sum(map(len, paper))
    }
    papers = Papers.of_marks(kept.items())
    again, papers_again = read(write_preflib(race, papers, "races/one")[1], race.seats)
    assert [each.name for each in again.candidates] == list(race.ids)
    assert dict(papers_again) == dict(papers)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_broken_in_a_file_is_told_in_one_sentence(data: st.DataObject) -> None:
    words = st.sampled_from(
        ["{", "}", ",", ":", "#", "\n", "x", "99999999999", "# ALTERNATIVE NAME"]
    )
    at = data.draw(st.integers(0, len(PLAIN)))
    until = data.draw(st.integers(at, min(at + 9, len(PLAIN))))
    text = PLAIN[:at] + data.draw(words) + PLAIN[until:]
    assert re.fullmatch(r"Line [0-9]+: [^\n]+[.?]", refusal(text))


def refusal(text: str) -> str:
    """What the reader says of the text, which may also be in order."""
    try:
        read(text)
    except MalformedFile as refused:
        return str(refused)
    return "Line 1: In order."
