"""The code of a letter: hard to guess, easy to type."""

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting import letter_codes
from voting.letter_codes import ALPHABET, SECRET_SIGNS, LetterCode, WrongCode, read_code

KEY = "a register key of this test that is long enough"
codes = st.builds(
    LetterCode,
    st.text(ALPHABET, min_size=5, max_size=5),
    st.text(ALPHABET, min_size=11, max_size=11),
)


def test_the_secret_holds_fifty_bits_and_no_code_spells_a_word() -> None:
    assert SECRET_SIGNS * math.log2(len(ALPHABET)) >= 50
    assert not set(ALPHABET) & set("AEIOUYL01") - {"Y"}
    assert len(set(ALPHABET)) == len(ALPHABET) == 24


def test_a_new_code_is_four_groups_of_four() -> None:
    groups = letter_codes.new_code().groups

    assert [len(group) for group in groups] == [4, 4, 4, 4]


@given(codes)
def test_a_code_is_read_as_it_stands_on_paper_and_as_people_type_it(code: LetterCode) -> None:
    assert read_code(code.spelled) == code
    assert read_code(" ".join(code.groups).lower()) == code
    assert read_code("".join(code.groups) + "\n") == code


@pytest.mark.parametrize(("typed", "meant"), ["b8", "G6", "s5", "Z2", "uV"])
def test_a_sign_that_can_only_be_one_of_ours_is_read_as_it(typed: str, meant: str) -> None:
    assert read_code(typed * 16) == read_code(meant * 16)


@pytest.mark.parametrize("typed", ["0", "O", "1", "I", "L", "A", "E", "ł", "٣"])
def test_a_sign_that_could_be_several_is_named_and_not_guessed(typed: str) -> None:
    answer = read_code("2345 6789 CDFH JKM" + typed)

    assert isinstance(answer, WrongCode)
    assert answer.strangers


@given(st.text(max_size=300))
def test_nothing_that_is_typed_breaks_the_reading(typed: str) -> None:
    assert isinstance(read_code(typed), LetterCode | WrongCode)


@given(codes, codes)
def test_only_the_right_code_opens(code: LetterCode, other: LetterCode) -> None:
    kept = letter_codes.code_hmac(KEY, code)

    assert letter_codes.is_code(KEY, code, kept)
    assert letter_codes.is_code(KEY, other, kept) == (code == other)
    assert not letter_codes.is_code(KEY + "x", code, kept)
    assert not letter_codes.is_code(KEY, code, None)
    assert code.secret not in kept


def test_locks_grow_from_a_quarter_of_an_hour_to_a_day() -> None:
    at = datetime(2026, 5, 12, tzinfo=UTC)
    lengths = [letter_codes.locked_until(locks, at) - at for locks in range(1, 10)]

    assert lengths[0] == timedelta(minutes=15)
    assert lengths[1] == timedelta(minutes=30)
    assert max(lengths) == lengths[-1] == timedelta(days=1)
