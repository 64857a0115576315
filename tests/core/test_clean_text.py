"""What people type becomes plain text: composed, without controls, the same if cleaned twice."""

import unicodedata
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.text import clean_line, clean_text, excerpt

ANYTHING = st.text(max_size=300)
MARKS = st.text(
    st.sampled_from("aeoł\u0301\u0315\u0323\u0344\u0f73\u0e38\uff9e\u200b\u202e\u00ad\u034f \n\r"),
    max_size=60,
)


@given(ANYTHING | MARKS)
@example("e\u200b\u0301")
@example("\u0344\u0344\u0344")
@example("a\u200b\u0315\u0301\u0323\u0300\u0302")
@example("\u0f71\u0f71\u0f72\u0f72\u0344\uff9e\u03440")
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    once = clean_text(typed)

    assert clean_text(once) == once
    assert clean_line(clean_line(typed)) == clean_line(typed)


@given(ANYTHING | MARKS)
def test_what_is_kept_is_composed_and_without_controls(typed: str) -> None:
    kept = clean_text(typed)

    assert unicodedata.is_normalized("NFC", kept)
    assert not {letter for letter in kept if unicodedata.category(letter) in {"Cc", "Cs"}} - {
        "\n",
        "\t",
    }
    assert not set(kept) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
    kept.encode()


@given(ANYTHING | MARKS)
def test_a_line_is_one_line(typed: str) -> None:
    line = clean_line(typed)

    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert "  " not in line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (None, ""),
        ("", ""),
        (" \t\n ", ""),
        ("  two   words \n", "two words"),
        ("nul\x00 bell\x07 delete\x7f", "nul bell delete"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("isolated \u2067text\u2069", "isolated text"),
        ("arabic\u061cmark", "arabicmark"),
        ("zero\u200bwidth\ufeffspace", "zerowidthspace"),
        ("soft\u00adhyphen and\u034fjoiner", "softhyphen andjoiner"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("line\u2028end para\u2029end", "line end para end"),
        ("cafe\u0301", "caf\u00e9"),
        ("hidden\U000e0041\U000e0042 tags", "hidden tags"),
        (
            "Ł\u00f3d\u017a: dzie\u0144 \U0001f469\u200d\U0001f33e!",
            "Ł\u00f3d\u017a: dzie\u0144 \U0001f469\u200d\U0001f33e!",
        ),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_line_keeps_words_and_loses_tricks(typed: str | None, kept: str) -> None:
    assert clean_line(typed) == kept


@pytest.mark.parametrize(
    "typed", ["\u200d", "\u3164\u3164", "\u2800", "\uffa0\u115f", "\u0301", "\ufe0f"]
)
def test_a_line_that_nobody_could_see_is_empty(typed: str) -> None:
    assert clean_line(typed) == ""
    assert clean_text(typed) == ""


def test_marks_piled_on_a_letter_are_cut_to_three() -> None:
    zalgo = "Z" + "\u0310\u0321\u0334\u0345\u0357" * 8 + "algo"

    kept = unicodedata.normalize("NFD", clean_line(zalgo))

    assert sum(unicodedata.combining(letter) > 0 for letter in kept) <= 3
    assert kept[0] == "Z"
    assert kept.endswith("algo")


@pytest.mark.parametrize("word", ["שָׁלוֹם", "ที่นี่", "မြွှောင်", "हिन्दी", "Việt Nam", "བསྒྲུབས"])
def test_words_of_scripts_that_are_full_of_marks_stay_whole(word: str) -> None:
    assert clean_line(word) == unicodedata.normalize("NFC", word)


def test_line_breaks_of_all_kinds_become_one_kind_and_at_most_an_empty_line() -> None:
    assert clean_text("a\r\nb\rc\n\n\n\n\nd\u2028e") == "a\nb\nc\n\nd\ne"


@pytest.mark.parametrize("marks", ["\u0315\u0300", "\u0f73\u0301", "\u0315\u200b\u0300\u200b"])
def test_a_hundred_thousand_marks_take_no_time(marks: str) -> None:
    """Normalising sorts the marks of one letter in quadratic time: they are cut before."""
    began = process_time()

    clean_text("a" + marks * 50_000)

    assert process_time() - began < 1


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("", ""),
        ("A short text.", "A short text."),
        ("# Title\n\n- one\n- **two**\n1. three", "Title one two three"),
        ("word " * 100, " ".join(["word"] * 32) + "…"),
        ("a" * 400, "a" * 160 + "…"),
    ],
)
def test_an_excerpt_is_the_plain_beginning(source: str, shown: str) -> None:
    assert excerpt(source) == shown
