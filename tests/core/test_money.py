"""Amounts as people type them, and as they are shown and written to files."""

from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from core import i18n
from core.money import MAX_MINOR, WrongAmount, minor_digits, parse_amount, plain_amount

CODES = {"ambiguous", "empty", "negative", "too_large", "too_precise", "unreadable"}
CURRENCIES = st.sampled_from(["PLN", "EUR", "JPY", "HUF", "KWD", "TND", "CLF"])


@given(st.integers(0, MAX_MINOR), CURRENCIES)
def test_what_was_written_is_read_as_the_same_amount(minor: int, currency: str) -> None:
    assert parse_amount(plain_amount(minor, currency), currency) == minor


@given(st.text(max_size=40), CURRENCIES)
def test_anything_is_an_amount_or_is_refused_with_a_known_word(typed: str, currency: str) -> None:
    code = ""
    try:
        assert 0 <= parse_amount(typed, currency) <= MAX_MINOR
    except WrongAmount as refused:
        code = refused.code

    assert code in CODES | {""}


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("0", 0),
        ("12000", 12_000_00),
        ("12 000", 12_000_00),
        ("12\u00a0000,50", 12_000_50),
        ("12\u202f000", 12_000_00),
        ("12'000", 12_000_00),
        ("12.000,00", 12_000_00),
        ("12,000.00", 12_000_00),
        ("12,000", 12_000_00),
        ("1.234.567", 1_234_567_00),
        ("1,5", 1_50),
        ("1.5", 1_50),
        ("1.50", 1_50),
        ("0,05", 5),
        ("0,500", 50),
        (".5", 50),
        ("5.", 5_00),
        ("PLN 12 000", 12_000_00),
        ("12000pln", 12_000_00),
        ("10000000000000", MAX_MINOR),
    ],
)
@pytest.mark.attack("B75")
def test_an_amount_may_be_typed_in_many_ways(typed: str, minor: int) -> None:
    assert parse_amount(typed, "PLN") == minor


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("PLN", "empty"),
        ("-1", "negative"),
        ("\N{MINUS SIGN}1", "negative"),
        ("-0", "negative"),
        ("1e9", "unreadable"),
        ("NaN", "unreadable"),
        ("Infinity", "unreadable"),
        ("0x10", "unreadable"),
        ("+5", "unreadable"),
        ("1_000", "unreadable"),
        ("١٢", "unreadable"),
        ("１２", "unreadable"),
        ("1²", "unreadable"),
        (".", "unreadable"),
        (",,", "unreadable"),
        ("1.2.3", "unreadable"),
        ("1,23,456", "unreadable"),
        ("12.000.00", "unreadable"),
        ("1,234.567,00", "unreadable"),
        ("12.000", "ambiguous"),
        ("1.005", "ambiguous"),
        ("1.005,005", "too_precise"),
        ("1,2345", "too_precise"),
        ("0.123", "too_precise"),
        ("9" * 24, "too_large"),
        ("9" * 25, "unreadable"),
        ("10000000000000.01", "too_large"),
        ("EUR 5", "unreadable"),
        ("5 zł", "unreadable"),
        ("1;5", "unreadable"),
    ],
)
def test_what_is_no_amount_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(WrongAmount) as refused:
        parse_amount(typed, "PLN")

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("currency", "typed", "minor"),
    [
        ("JPY", "12000", 12_000),
        ("JPY", "12,000", 12_000),
        ("KWD", "12", 12_000),
        ("KWD", "1.005", 1_005),
        ("KWD", "1.5", 1_500),
        ("KWD", "12,000", 12_000_000),
        ("KWD", "12,000.500", 12_000_500),
    ],
)
def test_each_currency_has_its_own_small_digits(currency: str, typed: str, minor: int) -> None:
    assert parse_amount(typed, currency) == minor


def test_a_currency_without_small_digits_takes_none() -> None:
    assert minor_digits("JPY") == 0
    with pytest.raises(WrongAmount, match="too_precise"):
        parse_amount("1.5", "JPY")


@pytest.mark.parametrize(
    ("minor", "currency", "exact", "shown"),
    [
        (150_000_000, "PLN", False, "PLN 1,500,000"),
        (150_000_050, "PLN", False, "PLN 1,500,000.50"),
        (150_000_000, "PLN", True, "PLN 1,500,000.00"),
        (5, "EUR", False, "EUR 0.05"),
        (0, "EUR", False, "EUR 0"),
        (12_000, "JPY", True, "JPY 12,000"),
        (1_005, "KWD", False, "KWD 1.005"),
        (MAX_MINOR, "PLN", True, "PLN 10,000,000,000,000.00"),
        (None, "PLN", False, "not known"),
    ],
)
def test_an_amount_is_shown_in_full(
    bare_app: Flask, minor: int | None, currency: str, exact: bool, shown: str
) -> None:
    assert i18n.money(minor, currency, exact=exact).replace("\u00a0", " ") == shown


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (150_000_000, "PLN 1.5 M"),
        (99_995_000, "PLN 1 M"),
        (94_900_000, "PLN 949 k"),
        (99_900, "PLN 999"),
        (99_960, "PLN 1 k"),
        (0, "PLN 0"),
        (123_456_789_000, "PLN 1.2 B"),
    ],
)
def test_an_amount_is_rounded_for_a_glance(bare_app: Flask, minor: int, shown: str) -> None:
    assert i18n.money_short(minor, "PLN") == shown


@given(st.integers(0, MAX_MINOR), CURRENCIES)
def test_a_file_states_the_exact_amount(minor: int, currency: str) -> None:
    assert Decimal(plain_amount(minor, currency)).scaleb(minor_digits(currency)) == minor
