"""The key that stands for a person of the register."""

import pytest
from flask import Flask

from accounts.person_keys import WrongRegisterId, normalise_register_id, person_key

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("typed", ["AB123456", "ab 123-456", " Ab‑123 456 ", "ab.123/456"])
def test_a_number_has_one_key_however_it_is_typed(app: Flask, typed: str) -> None:
    assert person_key(typed) == person_key("AB123456")


def test_two_people_have_two_keys(app: Flask) -> None:
    assert person_key("AB123456") != person_key("AB123457")


def test_without_the_secret_the_key_cannot_be_made(app: Flask) -> None:
    before = person_key("AB123456")
    app.config["REGISTER_KEY"] = "another register key of this test"

    assert person_key("AB123456") != before


@pytest.mark.parametrize(
    "typed",
    ["", "   ", "-", "123", "0000000", "AAAA", "A" * 41, "1234\x00", "<b>12</b>", "ＡВ12", "12;34"],
)
def test_what_cannot_be_a_number_of_the_register_is_refused(typed: str) -> None:
    with pytest.raises(WrongRegisterId):
        normalise_register_id(typed)


def test_wide_digits_are_digits() -> None:
    assert normalise_register_id("１２３４５６") == "123456"
