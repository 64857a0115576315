"""What a typed line says of a paper, how two readings compare, and which sums may be told."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voting.paper_keys import (
    KeyFault,
    Reading,
    Sums,
    differences,
    numbers_on_paper,
    places_to_tell,
    read_numbers,
)


@pytest.mark.parametrize("typed", ["4 12 7", " 4,12, 7 ", "4 > 12 > 7", "4-12/7", "4 12 4 7"])
def test_numbers_are_read_in_the_order_of_the_ranks_each_at_its_first_place(typed: str) -> None:
    assert read_numbers(typed, on_paper=12, least=1, most=3) == [4, 12, 7]


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("", (KeyFault.NO_NUMBERS, 0)),
        ("four", (KeyFault.NO_NUMBERS, 0)),
        ("-4", (KeyFault.NO_NUMBERS, 0)),
        ("4 13", (KeyFault.NOT_ON_PAPER, 13)),
        ("0 1", (KeyFault.NOT_ON_PAPER, 0)),
        ("1 2 3 4", (KeyFault.TOO_MANY, 4)),
        ("1 1", (KeyFault.TOO_FEW, 1)),
    ],
)
def test_what_is_no_valid_paper_is_told_apart(typed: str, fault: tuple[KeyFault, int]) -> None:
    assert read_numbers(typed, on_paper=12, least=2, most=3) == fault


def test_a_stored_ranking_is_shown_with_the_numbers_of_the_paper() -> None:
    lot = [3, 0, 2, 1]  # the options' own numbers, as they stand on paper

    assert numbers_on_paper(bytes([0, 1, 0, 3]), lot) == [4, 1]
    assert numbers_on_paper(None, lot) == []


def test_two_readings_differ_where_the_ranks_do_and_not_in_why_a_paper_is_spoiled() -> None:
    first = {1: Reading(b"\0\1"), 2: Reading(None, "blank"), 3: Reading(b"\0\2")}
    second = {1: Reading(b"\0\2"), 2: Reading(None, "unclear"), 3: Reading(b"\0\2")}

    assert differences(first, second) == [1]
    assert differences(first, {**second, 4: Reading(b"\0\1")}) == [1, 4]
    assert differences({**first, 4: Reading(None, "blank")}, second) == [1, 4]


def test_a_batch_adds_up_only_where_every_paper_is_accounted_for() -> None:
    assert Sums(issued=10, counted=6, spoiled=1, unused=2, returned=1).hold
    assert not Sums(issued=10, counted=6, spoiled=1, unused=1, returned=1).hold
    assert not Sums(issued=10, counted=6, spoiled=1, unused=3, returned=1).hold


def test_a_place_with_few_ballots_is_not_told_nor_found_by_subtracting() -> None:
    assert places_to_tell({"Hall": 40, "Library": 12}, least=10) == {"Hall": 40, "Library": 12}
    assert places_to_tell({"Hall": 40, "Library": 12, "Home": 3}, least=10) == {"Hall": 40}
    assert places_to_tell({"Hall": 40, "Home": 3}, least=10) == {}
    assert places_to_tell({"Hall": 40, "A": 6, "B": 7}, least=10) == {"Hall": 40}


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 30)))
@settings(max_examples=60, deadline=None)
def test_what_is_hidden_is_nothing_or_ten_ballots_of_two_places(counted: dict[str, int]) -> None:
    told = places_to_tell(counted, least=10)
    hidden = {place: number for place, number in counted.items() if number and place not in told}

    assert all(number >= 10 for number in told.values())
    assert not told or not hidden or (sum(hidden.values()) >= 10 and len(hidden) >= 2)
