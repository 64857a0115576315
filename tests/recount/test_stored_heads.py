"""Heads that an auditor stored while people voted, against the log that is published later."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.recount.logs import Log, log_of, pretty, root_of, signed
from tests.recount.verifying import verify

OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def test_heads_that_were_stored_while_people_voted_are_still_in_the_log() -> None:
    log = log_of()
    heads = [log.signed("head", head) for head in log.heads]
    one_a_line = b"\n".join(pretty(head).replace(b"\n", b"") for head in [*heads, heads[0]])

    for stored in (heads, heads[0], one_a_line, one_a_line.replace(b"\n", b"")):
        said = verify(log, heads=stored)
        assert said.code == 0, said.text
        assert any("still in the log" in line for line in said.right)
    assert "3 stored heads" in verify(log, heads=one_a_line).text


def test_a_leaf_that_was_removed_and_signed_away_is_found_by_a_stored_head() -> None:
    """The server signs all its heads anew, so that nothing is wrong in the bundle itself."""
    log = log_of(superseded=[])
    stored = [log.signed("head", head) for head in log.heads]
    remove(log, 4)
    assert verify(log).code == 0

    said = verify(log, heads=stored)

    assert said.code == 1
    assert said.wrong == ["/heads.json, head 1: the first 5 leaves are not those that were signed"]


def remove(log: Log, position: int) -> None:
    log.leaves.pop(position)
    log.openings.pop(position)
    log.ballots.pop(position)
    for at, opening in enumerate(log.openings):
        opening["position"] = at
    log.heads[-1]["size"] -= 1
    log.seal_again()


def test_a_log_that_was_cut_is_found_by_a_stored_head() -> None:
    log = log_of(superseded=[])
    stored = [log.signed("head", log.heads[-1])]
    remove(log, 11)
    assert verify(log).code == 0

    wrong = verify(log, heads=stored).wrong

    assert wrong == ["/heads.json, head 1: 12 leaves were signed, but there are only 11"]


def test_a_head_that_was_signed_and_is_kept_from_the_others_is_found() -> None:
    log = log_of()
    hidden = {**log.heads[0], "size": 6, "root": root_of(log.leaves[:6]).hex()}

    said = verify(log, heads=[log.signed("head", hidden)])

    assert said.wrong == ["/heads.json, head 1: it was signed, but heads.json does not have it"]


def test_a_stored_head_of_another_key_or_contest_proves_nothing_and_is_named() -> None:
    log = log_of()

    foreign = verify(log, heads=[signed("head", log.heads[0], OTHER)])
    other = verify(log, heads=[log.signed("head", {**log.heads[0], "contest": "north-2026"})])

    assert foreign.wrong == ["/heads.json, head 1: it was not signed with the log's key"]
    assert other.wrong == ["/heads.json, head 1: it is of the contest 'north-2026'"]


@pytest.mark.parametrize("raw", [b"<html>503</html>", b"\xff", b"{", b'{"size":1.5}'])
def test_a_file_of_heads_that_has_something_else_is_refused(raw: bytes) -> None:
    said = verify(log_of(), heads=raw)

    assert said.code == 2
    assert "/heads.json" in said.error


def test_an_answer_that_was_cut_is_found_by_the_heads_before_it() -> None:
    log = log_of()
    head = pretty(log.signed("head", log.heads[0]))

    assert "what stands after 1 head is no JSON" in verify(log, heads=head + head[:90]).error


def test_a_file_of_heads_without_any_is_wrong() -> None:
    assert verify(log_of(), heads=b"").wrong == ["/heads.json: it is no list of signed documents"]


def test_a_closing_is_recorded_once() -> None:
    """Which ballots were superseded decides what is counted: two records would be two results."""
    log = log_of(superseded=[2, 6])
    stored = log.signed("closing", log.closing)
    other = log.signed("closing", {**log.closing, "superseded": [2, 7]})

    assert "still the only one" in verify(log, closing=stored).text
    assert verify(log, closing=other).wrong == [
        "/closing.json: the key signed this record of the closing, and another one as well"
    ]
    assert verify(log, closing=signed("closing", log.closing, OTHER)).code == 1
