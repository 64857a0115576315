"""The commitment of a ballot and its receipt, byte for byte as docs/ballot-log.md says."""

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting import commitments

MANIFEST = "ab" * 32
SALT = bytes(range(32))


def test_the_payload_is_canonical_json() -> None:
    content = commitments.payload("city-2026", MANIFEST, ["p-12", "łódź"])

    assert content.decode() == (
        '{"contest":"city-2026","format":"common-purse/ballot/1",'
        f'"manifest":"{MANIFEST}","ranking":["p-12","łódź"]}}'
    )


def test_the_commitment_hides_the_payload_behind_the_salt() -> None:
    content = commitments.payload("city-2026", MANIFEST, ["p-12"])

    sealed = commitments.commitment(SALT, content)

    assert sealed == hashlib.sha256(b"common-purse/ballot/1\n" + SALT + content).digest()


def test_the_salt_is_the_same_for_the_same_form_and_ballot_and_another_for_any_other() -> None:
    content = commitments.payload("city-2026", MANIFEST, ["p-12"])
    other = commitments.payload("city-2026", MANIFEST, ["p-3"])
    salt = commitments.salt_of(SALT, "city-2026", "form", content)

    assert len(salt) == commitments.SALT_BYTES
    assert salt == commitments.salt_of(SALT, "city-2026", "form", content)
    assert salt not in {
        commitments.salt_of(SALT[::-1], "city-2026", "form", content),
        commitments.salt_of(SALT, "city-2027", "form", content),
        commitments.salt_of(SALT, "city-2026", "another", content),
        commitments.salt_of(SALT, "city-2026", "form", other),
    }


def test_a_salt_of_no_form_is_new_each_time() -> None:
    assert len({commitments.new_salt() for _ in range(20)}) == 20


@given(st.binary(min_size=32, max_size=32))
def test_a_receipt_is_found_again_however_it_was_typed(sealed: bytes) -> None:
    code = commitments.receipt_code(sealed)
    typed = " - ".join(commitments.receipt_groups(code)).lower()
    misread = code.replace("O", "0").replace("I", "1").replace("B", "8")

    assert code == base64.b32encode(sealed).decode()[:28]
    for each in (code, typed, misread):
        span = commitments.span_of(each)
        assert span is not None
        assert span.first <= sealed <= span.last


@given(st.binary(min_size=32, max_size=32))
def test_the_span_of_a_receipt_holds_just_its_140_bits(sealed: bytes) -> None:
    code = commitments.receipt_code(sealed)
    span = commitments.span_of(code)

    assert span is not None
    assert {commitments.receipt_code(each) for each in span} == {code}
    assert int.from_bytes(span.last) - int.from_bytes(span.first) == 2**116 - 1


@pytest.mark.parametrize("code", ["", "A" * 27, "A" * 29, "9" * 28, "ł" * 28, "%", "\x00" * 28])
def test_what_is_no_receipt_has_no_span(code: str) -> None:
    assert commitments.span_of(code) is None
