"""Check instead of cast: did the server seal what the voter marked?"""

from typing import Any

import pytest

from tests.recount.logs import REFS, log_of
from tests.recount.verifying import verify


@pytest.mark.parametrize("alone", [True, False])
def test_who_checks_instead_of_casting_reads_what_was_sealed(alone: bool) -> None:
    log = log_of()

    said = verify(None if alone else log, opening=log.opening(REFS[:2]))

    assert said.code == 0
    assert said.right[-1].endswith("had sealed: 1. Spielplatz „p-12“; 2. Spielplatz „p-3“")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"ranking": REFS[1:3]}, "another ballot than this one was sealed"),
        ({"salt": "5b" * 32}, "another ballot than this one was sealed"),
        ({"contest": "north-2026"}, "another ballot than this one was sealed"),
        ({"commitment": "5b" * 32}, "another ballot than this one was sealed"),
        ({"manifest": {}}, "it has no field"),
        ({"note": 1}, "it has a field too many"),
    ],
)
def test_a_server_that_sealed_something_else_is_found(changed: dict[str, Any], told: str) -> None:
    log = log_of()

    said = verify(None, opening=log.opening(REFS[:2]) | changed)

    assert said.code == 1
    assert told in said.wrong[0]


def test_terms_that_nobody_signed_are_found_with_the_bundle() -> None:
    log = log_of()
    other = log_of()
    other.newest["options"][0]["title"] = "Car park"

    said = verify(log, opening=other.opening(REFS[:2]))

    assert said.wrong == ["/opening.json: it names a manifest that is not in manifests.json"]


def test_a_ballot_that_was_opened_for_a_check_is_never_in_the_log() -> None:
    log = log_of(superseded=[])
    opening = log.opening(log.openings[8]["ranking"])
    log.openings[8]["salt"] = opening["salt"]
    log.leaves[8] = opening["commitment"]
    log.seal_again()
    assert verify(log).code == 0

    said = verify(log, opening=opening)

    assert said.wrong == ["/opening.json: the ballot was opened for a check, and yet is in the log"]


def test_an_opening_under_the_terms_of_another_contest_is_found() -> None:
    log = log_of()
    log.newest["contest"] = "north-2026"
    opening = log.opening(REFS[:2]) | {"contest": "city-2026"}

    assert verify(None, opening=opening).wrong == [
        "/opening.json: its manifest is that of another contest"
    ]
