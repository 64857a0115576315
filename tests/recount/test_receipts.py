"""What a voter holds, against the log: a promise, and later a proof."""

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.recount.logs import CITY, Log, code_of, commitment_of, key_of, log_of, signed
from tests.recount.verifying import verify

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
Change = Callable[[dict[str, Any], Log], object]


def test_a_voter_reads_where_her_ballot_is_and_that_it_counts() -> None:
    log = log_of()
    said = verify(log, receipt=log.receipt(3, 0))

    assert said.code == 0
    assert said.right[-1].endswith("is leaf 3; it is counted")


def test_a_receipt_from_before_the_batch_is_as_good() -> None:
    log = log_of()

    assert verify(log, receipt=log.receipt(3, None)).right[-1].endswith("it is counted")


def test_a_voter_reads_that_a_later_ballot_took_the_place_of_hers() -> None:
    log = log_of()

    assert "a later ballot of the same voter" in verify(log, receipt=log.receipt(2)).right[-1]


def test_a_voter_reads_that_her_ballot_was_taken_out() -> None:
    log = log_of(superseded=[], withdrawn=[2])

    assert "it was taken out" in verify(log, receipt=log.receipt(2)).right[-1]


def test_a_receipt_can_be_checked_before_there_is_a_bundle() -> None:
    receipt = log_of().receipt(3, 0)

    said = verify(None, "--key", key_of(CITY), receipt=receipt)
    assert (said.code, len(said.right)) == (0, 1)

    said = verify(None, "--key", key_of(OTHER), receipt=receipt)
    assert (said.code, len(said.wrong)) == (1, 1)


def test_a_promise_that_was_not_kept_is_named() -> None:
    log = log_of()
    receipt = log.receipt(3, None)
    cheat = log_of(superseded=[])
    cheat.leaves[3] = commitment_of({**cheat.openings[3], "salt": "77" * 32})
    cheat.openings[3]["salt"] = "77" * 32
    cheat.seal_again()
    assert verify(cheat).code == 0

    said = verify(cheat, receipt=receipt)

    assert said.code == 1
    assert "was promised, but is not in the log" in said.wrong[0]


def test_a_head_that_only_the_voter_was_shown_is_named() -> None:
    """A server that shows her another log than everybody else signs two heads."""
    log = log_of()
    other = log_of()
    other.leaves[0], other.leaves[1] = other.leaves[1], other.leaves[0]
    other.seal_again()

    said = verify(log, receipt=other.receipt(3, 0))

    assert said.wrong == ["/receipt.json, inclusion: heads.json does not have this head"]


def of_another_contest(receipt: dict[str, Any], log: Log) -> None:
    document = {**receipt["promise"]["document"], "contest": "north-2026"}
    receipt["promise"] = log.signed("promise", document)


def of_another_ballot(receipt: dict[str, Any], log: Log) -> None:
    receipt["promise"] = log.promise(log.leaves[4])


def with_a_head_of_another_contest(receipt: dict[str, Any], log: Log) -> None:
    document = {**receipt["inclusion"]["head"]["document"], "contest": "north-2026"}
    receipt["inclusion"]["head"] = log.signed("head", document)


def with_a_proof_too_long(receipt: dict[str, Any], _log: Log) -> None:
    receipt["inclusion"]["proof"].append("00" * 32)


def with_a_proof_too_short(receipt: dict[str, Any], _log: Log) -> None:
    receipt["inclusion"]["proof"].pop()


def with_a_bent_proof(receipt: dict[str, Any], _log: Log) -> None:
    receipt["inclusion"]["proof"][0] = "00" * 32


def at_another_place(receipt: dict[str, Any], _log: Log) -> None:
    receipt["inclusion"]["position"] += 1


def beyond_the_head(receipt: dict[str, Any], _log: Log) -> None:
    receipt["inclusion"]["position"] = 5


def of_another_key(receipt: dict[str, Any], _log: Log) -> None:
    receipt["key"] = key_of(OTHER)


def of_another_code(receipt: dict[str, Any], log: Log) -> None:
    receipt["code"] = code_of(log.leaves[4])


def signed_by_somebody_else(receipt: dict[str, Any], _log: Log) -> None:
    receipt["promise"] = signed("promise", receipt["promise"]["document"], OTHER)


def with_a_foreign_head(receipt: dict[str, Any], _log: Log) -> None:
    receipt["inclusion"]["head"] = signed("head", receipt["inclusion"]["head"]["document"], OTHER)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (of_another_contest, "promise: it is that of another contest"),
        (of_another_ballot, "promise: it is that of another ballot"),
        (with_a_head_of_another_contest, "head: it is that of another contest"),
        (with_a_proof_too_long, "the proof does not lead to the root"),
        (with_a_proof_too_short, "the proof does not lead to the root"),
        (with_a_bent_proof, "the proof does not lead to the root"),
        (at_another_place, "the proof does not lead to the root"),
        (beyond_the_head, "the position is not below the size of the head"),
        (of_another_key, "which is not the log's"),
        (of_another_code, "the code is not that of the commitment"),
        (signed_by_somebody_else, "promise: it was not signed with the log's key"),
        (with_a_foreign_head, "head: it was not signed with the log's key"),
    ],
)
@pytest.mark.parametrize("alone", [True, False])
def test_a_receipt_that_does_not_hold_together_is_named(
    change: Change, told: str, alone: bool
) -> None:
    log = log_of()
    receipt = log.receipt(3, 0)
    change(receipt, log)

    said = verify(None if alone else log, "--key", key_of(CITY), receipt=receipt)

    assert said.code == 1
    assert told in said.wrong[-1]


def test_a_receipt_of_another_contest_is_not_taken_for_one_of_this() -> None:
    log = log_of()
    other = log_of(contest="north-2026")
    receipt = other.receipt(3, None)

    assert verify(log, receipt=receipt).wrong == [
        "/receipt.json: it is of the contest 'north-2026'"
    ]
