"""A bundle in which all is right passes; each thing that a server could bend is found and named."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.recount.logs import (
    CITY,
    key_of,
    log_of,
    manifest_of,
    pretty,
    signed,
)
from tests.recount.verifying import verify

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def test_a_log_in_which_all_is_right_passes() -> None:
    said = verify(log_of(), "--key", key_of(CITY))

    assert (said.code, said.wrong, said.error) == (0, [], "")
    assert len(said.right) == 9
    assert said.text.endswith("9 checks: nothing is wrong.\n")


@pytest.mark.parametrize("ballots", [10, 11, 15, 16, 17, 31, 40])
def test_logs_of_any_size_pass(ballots: int) -> None:
    assert verify(log_of(ballots, sizes=range(2, ballots, 3))).wrong == []


def test_a_contest_of_few_ballots_publishes_none_and_passes() -> None:
    log = log_of(4, sizes=(), superseded=[], rankings_from=50)
    log.without = {"ballots.pb", "openings.json"}

    said = verify(log)

    assert said.code == 0
    assert len(said.unknown) == 4


def test_a_log_in_which_nobody_voted_passes() -> None:
    log = log_of(0, sizes=(), superseded=[])
    log.without = {"ballots.pb", "openings.json"}

    assert verify(log).code == 0


def test_the_final_head_may_sign_what_was_signed_before() -> None:
    assert verify(log_of(12, sizes=(5, 12))).code == 0


def test_openings_for_auditors_are_left_out_and_this_is_said() -> None:
    log = log_of(openings="auditors")
    assert verify(log).code == 0

    log.without = {"openings.json"}
    said = verify(log)

    assert said.code == 0
    assert "auditors have the openings" in said.unknown[-1]


def test_withdrawn_leaves_are_neither_opened_nor_counted() -> None:
    assert verify(log_of(superseded=[2], withdrawn=[4, 7])).code == 0


def test_a_head_that_signs_more_than_there_is_tells_that_leaves_are_gone() -> None:
    log = log_of()
    log.leaves = log.leaves[:8]

    assert "heads.json, head 2: 9 leaves were signed, but there are only 8" in verify(log).wrong


@pytest.mark.parametrize("kind", ["manifest", "head", "closing"])
def test_what_another_key_signed_is_refused(kind: str) -> None:
    log = log_of()
    files = log.files()
    name, document = {
        "manifest": ("manifests.json", log.manifests[0]),
        "head": ("heads.json", log.heads[0]),
        "closing": ("closing.json", log.closing),
    }[kind]
    foreign = signed(kind, document, OTHER)
    rest = {"manifest": log.manifests[1:], "head": log.heads[1:]}.get(kind, [])
    value = [foreign, *(signed(kind, one) for one in rest)] if rest else foreign

    said = verify(files | {name: pretty(value)})

    assert said.code == 1
    assert "it was not signed with the log's key" in said.wrong[0]


def test_a_head_is_no_closing_record_even_where_the_key_signed_it() -> None:
    """The words before a signed document keep a signature of one kind from serving another."""
    log = log_of()
    closing = {"document": log.closing, "signature": signed("head", log.closing)["signature"]}

    said = verify(log.files() | {"closing.json": pretty(closing)})

    assert said.wrong == ["closing.json: it was not signed with the log's key"]


def test_a_whole_log_signed_with_another_key_is_found_by_the_printed_one() -> None:
    log = log_of(log_key=key_of(OTHER))
    log.private = OTHER
    assert verify(log).code == 0

    said = verify(log, "--key", key_of(CITY))

    assert said.wrong == [f"manifests.json: the log's key is {key_of(OTHER)}, not the one you gave"]


def test_rankings_of_a_small_contest_should_not_be_there() -> None:
    log = log_of(rankings_from=50)
    log.without = {"ballots.json", "openings.json"}

    assert verify(log).wrong == ["ballots.pb: so few ballots should not be published"]


@pytest.mark.parametrize("openings", ["auditors", "public"])
def test_an_auditor_has_the_ballots_of_a_small_contest_and_is_told_to_keep_them(
    openings: str,
) -> None:
    log = log_of(rankings_from=50, openings=openings)
    log.without = {"ballots.json"}

    said = verify(log)

    assert said.code == 0
    assert said.right[-1].endswith("(this is an auditor's own copy, and not to be passed on)")


def test_promised_openings_that_are_not_there_are_missed() -> None:
    log = log_of()
    log.without = {"openings.json"}

    assert verify(log).wrong == [
        "openings.json: the manifest promises it, and it is not in the bundle"
    ]


def test_a_manifest_that_was_never_used_by_a_head_may_not_come_afterwards() -> None:
    """Terms that are signed after the last head were never told to anybody who voted."""
    log = log_of()
    log.manifests.append(manifest_of(3))

    assert "heads.json, head 3: it does not name the newest manifest" in verify(log).wrong


def test_what_was_changed_while_people_voted_is_told() -> None:
    right = verify(log_of()).right[0]

    assert right.endswith("; number 2 changed rankings_from")
