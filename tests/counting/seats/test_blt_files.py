"""BLT files: what is read, what is written, and what the reader says of a file that is wrong."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.counting.seats.races import Ranks, papers_of, race_of, races
from voting.counting import MalformedFile
from voting.counting.seats import Candidate, Papers, Race, read_blt, write_blt

PLAIN = """4 2
-2
3 1 3 4 0
4 1 3 2 0
2 4 1=3 0
1 2 - 4 0
0
"Adam"
"Basil"
"Charlotte"
"Donald"
"The jury"
"""


def read(text: str) -> tuple[Race, Papers]:
    return read_blt(io.BytesIO(text.encode()))


def test_a_file_says_who_stands_for_how_many_seats_and_what_was_marked() -> None:
    race, papers = read(PLAIN)
    assert (race.title, race.seats, race.withdrawn) == ("The jury", 2, ("2",))
    assert [each.name for each in race.candidates] == ["Adam", "Basil", "Charlotte", "Donald"]
    assert dict(papers) == {
        ((0,), (2,), (3,)): 3,
        ((0,), (2,), (1,)): 4,
        ((3,), (0, 2)): 2,
        ((1,), (), (3,)): 1,
    }


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("\n", "\r"),
        PLAIN.replace("\n", "\n\n"),
        PLAIN.replace("-2\n", "-2 # she moved away\n# nobody else did\n"),
        " ".join(PLAIN.split("\n")),
        PLAIN + '"counted by hand" "second remark"\n',
        PLAIN.replace('"Adam"', "Adam"),
        PLAIN.replace("  ", " ").replace(" ", "\t"),
    ],
)
def test_other_programs_way_of_writing_changes_nothing(text: str) -> None:
    race, papers = read(text.replace("The\tjury", "The jury"))
    assert race == read(PLAIN)[0]
    assert dict(papers) == dict(read(PLAIN)[1])


def test_a_sign_of_a_comment_or_of_a_quotation_may_be_part_of_a_name() -> None:
    race, _ = read('2 1\n1 1 0\n0\n"No. #1" "Ann \\"Annie\\" Lee"\n"A # title"\n')
    assert [each.name for each in race.candidates] == ["No. #1", 'Ann "Annie" Lee']
    assert race.title == "A # title"


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("", 1, "number of candidates"),
        ("three 1\n", 1, "'three'"),
        ("3\n", 1, "number of seats"),
        ('2 0\n1 1 0\n0\n"A"\n"B"\n', 1, "seats"),
        ('2 1\n1 1 2\n1 2 0\n0\n"A"\n"B"\n', 2, "does not end with 0"),
        ('2 1\n1 1 3 0\n0\n"A"\n"B"\n', 2, "1 to 2"),
        ('2 1\n1 1=1 0\n0\n"A"\n"B"\n', 2, "twice"),
        ('2 1\n1.5 1 0\n0\n"A"\n"B"\n', 2, "'1.5'"),
        ('2 1\n-3\n1 1 0\n0\n"A"\n"B"\n', 2, "1 to 2"),
        ('2 1\n-1 -2\n1 1 0\n0\n"A"\n"B"\n', 1, "withdrawn"),
        ("2 1\n1 1 0\n", 2, "the 0 that ends the papers"),
        ('2 1\n1 1 0\n0\n"A"\n', 4, "candidate 2"),
        ('2 1\n1 1 0\n0\n"A"\n"B\n', 5, "quotation mark"),
        ('2 1\n1 1 0\n0\n"A"\n"B"\n"C"\n7\n', 7, "more names"),
        ('2 1\n1 1 x 0\n0\n"A"\n"B"\n', 2, "'x'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line_and_what_to_mend(
    text: str, line: int, word: str
) -> None:
    with pytest.raises(MalformedFile, match=word) as refused:
        read(text)
    assert refused.value.line == line
    assert str(refused.value).startswith(f"Line {line}: ")


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "old.blt"
    path.write_bytes('1 1\n1 1 0\n0\n"Zoë"\n'.encode("latin-1"))
    with pytest.raises(MalformedFile, match=r"Line 4: .*UTF-8"):
        read_blt(path)


def test_the_lines_written_are_plain() -> None:
    race = race_of("ABC", 2, withdrawn="B")
    papers = papers_of(race, {"A - C": 2, "B=C": 1, "C": 7})
    assert write_blt(race, papers) == (
        '3 2\n-2\n7 3 0\n2 1 - 3 0\n1 2=3 0\n0\n"A"\n"B"\n"C"\n"A test"\n'
    )


@given(races(), st.lists(st.text(max_size=12), min_size=6, max_size=6), st.text(max_size=20))
@settings(max_examples=80, deadline=None)
def test_what_is_written_reads_the_same(
    example: tuple[Race, dict[Ranks, int]], names: list[str], title: str
) -> None:
    race, marks = example
    papers = Papers.of_marks(marks.items())
    shown = [
        Candidate(str(place), plain(name) or str(place))
        for place, name in enumerate(names[: len(race.ids)], 1)
    ]
    named = Race.build(plain(title), shown, race.seats)
    again, papers_again = read(write_blt(named, papers))
    assert again == named
    assert dict(papers_again) == dict(papers)
    assert write_blt(again, papers_again) == write_blt(named, papers)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_whatever_is_broken_in_a_file_is_told_in_one_sentence(data: st.DataObject) -> None:
    words = st.sampled_from(["0", "-", "-1", "=", "1=2", '"', "#", "\\", "\n", "x", "99999999999"])
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


def plain(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()
