"""Which passwords will do."""

import pytest

from accounts.passwords import password_weakness


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple", "x7#kQ2pL", "zielony rower pada", " leading and trailing ",
        "пароль с пробелами и словом", "🙂🐎🔋📎🙃🌊🌋🗻", "a" * 30 + "b" * 34,
        "NUL\x00 in the middle",
    ],
)  # fmt: skip
def test_length_is_all_that_is_asked(password: str) -> None:
    assert password_weakness(password) is None


@pytest.mark.parametrize("password", ["", "x", "seven77", "ééééééé"])
def test_fewer_than_eight_characters_are_too_few(password: str) -> None:
    assert password_weakness(password) == "short"


def test_a_load_is_no_password() -> None:
    poem = " ".join(f"line {number} of a poem" for number in range(60))

    assert password_weakness(poem[:1_000]) is None
    assert password_weakness(poem[:1_001]) == "long"


@pytest.mark.parametrize(
    "password",
    [
        "password", "Password1!", "P@ssw0rd123", "12345678", "1234567890", "qwertyuiop",
        "QWERTY123", "iloveyou", "letmein!!", "abcdefgh", "aaaaaaaa", "abcabcabc",
        "passwordpassword", "11111111", "zaq12wsx", "Polska2024", "Kraków123", "welcome2026",
        "19901231", "87654321", "1q2w3e4r5t",
        "football!", "admin123", "dragon99", "commonpurse",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert password_weakness(password) == "common"


@pytest.mark.parametrize("password", ["amaraokafor", "Amara.Okafor1", "amara@example.org"])
def test_ones_own_name_and_address_are_no_secret(password: str) -> None:
    about = ("Amara Okafor", "amara@example.org")

    assert password_weakness(password, about=about) == "personal"
