"""Check instead of cast: did the server seal what the voter marked?"""

from copy import deepcopy
from typing import Any

import pytest

from tests.recount.logs import REFS, Log, commitment_of, log_of, manifest_hash
from tests.recount.verifying import verify


def opening_of(log: Log, ranking: list[str]) -> dict[str, Any]:
    named = {"manifest": manifest_hash(log.newest), "ranking": ranking, "salt": "5a" * 32}
    return {
        "format": "common-purse/opening/1",
        "commitment": commitment_of(named),
        "contest": log.newest["contest"],
        "manifest": deepcopy(log.newest),
        "ranking": ranking,
        "salt": "5a" * 32,
    }


@pytest.mark.parametrize("alone", [True, False])
def test_who_checks_instead_of_casting_reads_what_was_sealed(alone: bool) -> None:
    log = log_of()

    said = verify(None if alone else log, opening=opening_of(log, REFS[:2]))

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

    said = verify(None, opening=opening_of(log, REFS[:2]) | changed)

    assert said.code == 1
    assert told in said.wrong[0]


def test_terms_that_nobody_signed_are_found_with_the_bundle() -> None:
    log = log_of()
    other = log_of()
    other.newest["options"][0]["title"] = "Car park"

    said = verify(log, opening=opening_of(other, REFS[:2]))

    assert said.wrong == ["/opening.json: it names a manifest that is not in manifests.json"]


def test_a_ballot_that_was_opened_for_a_check_is_never_in_the_log() -> None:
    log = log_of(superseded=[])
    opening = opening_of(log, log.openings[8]["ranking"])
    log.openings[8]["salt"] = opening["salt"]
    log.leaves[8] = opening["commitment"]
    log.seal_again()
    assert verify(log).code == 0

    said = verify(log, opening=opening)

    assert said.wrong == ["/opening.json: the ballot was opened for a check, and yet is in the log"]
