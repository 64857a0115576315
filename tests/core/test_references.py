"""References, slugs and folding: what stands in addresses, and how words are compared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.refs import ALPHABET, LENGTH, fold, new_ref, slug


def test_a_reference_has_ten_letters_without_look_alikes_and_is_new_each_time() -> None:
    made = {new_ref() for _ in range(2_000)}

    assert len(made) == 2_000
    assert {len(ref) for ref in made} == {LENGTH}
    assert set("".join(made)) == set(ALPHABET)
    assert not set(ALPHABET) & set("ilo01")


@given(st.text(max_size=200))
def test_a_slug_can_stand_in_an_address(name: str) -> None:
    found = slug(name)

    assert 0 < len(found) <= 60
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not found.startswith("-")
    assert not found.endswith("-")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Prądnik Biały", "pradnik-bialy"),
        ("Łódź – Śródmieście", "lodz-srodmiescie"),
        ("Straße", "strasse"),
        ("Đà Nẵng", "da-nang"),
        ("x" * 100, "x" * 60),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_a_slug_is_the_name_without_accents(name: str, found: str) -> None:
    assert slug(name) == found


@pytest.mark.parametrize("name", ["", "市", "—", "🌳"])
def test_a_name_without_latin_letters_gets_a_random_slug(name: str) -> None:
    assert len(slug(name)) == LENGTH


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)
