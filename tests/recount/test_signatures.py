"""Ed25519 in plain Python, against RFC 8032 and against `cryptography`."""

import hashlib

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

import recount
from tests.recount.logs import CITY, key_of

# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
            "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da0"
            "85ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac1"
            "8ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
]
KEY = bytes.fromhex(key_of(CITY))
MESSAGE = b"common-purse/head/1\n{}"
SIGNATURE = CITY.sign(MESSAGE)
# Points whose order divides 8, and numbers that would be read as one of them modulo 2^255 - 19.
SMALL = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
]
NOT_CANONICAL = [
    "0100000000000000000000000000000000000000000000000000000000000080",  # x = 0, odd
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p + 1
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p
    "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",  # y = p + 3
]


def by_cryptography(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_the_signatures_of_the_standard_are_right(key: str, message: str, signature: str) -> None:
    said = bytes.fromhex(message)

    assert recount.is_signature(bytes.fromhex(key), said, bytes.fromhex(signature))
    assert not recount.is_signature(bytes.fromhex(key), said + b"!", bytes.fromhex(signature))


@settings(max_examples=60, deadline=None)
@given(seed=st.binary(min_size=32, max_size=32), message=st.binary(max_size=300))
def test_whatever_anybody_signs_is_right(seed: bytes, message: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)

    assert recount.is_signature(bytes.fromhex(key_of(private)), message, private.sign(message))


@settings(max_examples=150, deadline=None)
@given(bit=st.integers(0, 8 * (32 + 64 + len(MESSAGE)) - 1))
def test_one_bit_of_key_signature_or_message_spoils_it(bit: int) -> None:
    changed = bytearray(KEY + SIGNATURE + MESSAGE)
    changed[bit // 8] ^= 1 << bit % 8
    key, signature, message = bytes(changed[:32]), bytes(changed[32:96]), bytes(changed[96:])

    assert not recount.is_signature(key, message, signature)
    assert not by_cryptography(key, message, signature)


def test_the_second_half_has_one_form_only() -> None:
    """Adding the order to S gives a second signature, were it not refused."""
    s = int.from_bytes(SIGNATURE[32:], "little") + recount.ORDER
    other = SIGNATURE[:32] + s.to_bytes(32, "little")

    assert recount.is_signature(KEY, MESSAGE, SIGNATURE)
    assert not recount.is_signature(KEY, MESSAGE, other)


@pytest.mark.parametrize("key", [*SMALL, *NOT_CANONICAL, "02" + 31 * "00"])
def test_keys_that_sign_anything_or_are_no_points_are_refused(key: str) -> None:
    """With a key of small order R = S·B is a signature of many messages at once."""
    for s in range(3):
        r = recount.encoded(recount.times(s, recount.multiples(recount.BASE)))
        for message in (b"a", b"b", b"c", b"d"):
            signature = r + s.to_bytes(32, "little")
            assert not recount.is_signature(bytes.fromhex(key), message, signature)


@pytest.mark.parametrize("r", SMALL)
def test_a_signature_that_hides_nothing_is_refused(r: str) -> None:
    """With R of small order, S tells the private key: no honest signer makes one."""
    secret = bytearray(hashlib.sha512(bytes(range(32))).digest()[:32])
    secret[0] &= 248
    secret[31] = secret[31] & 127 | 64
    h = hashlib.sha512(bytes.fromhex(r) + KEY + MESSAGE).digest()
    s = int.from_bytes(h, "little") * int.from_bytes(secret, "little") % recount.ORDER

    signature = bytes.fromhex(r) + s.to_bytes(32, "little")
    assert not recount.is_signature(KEY, MESSAGE, signature)


def test_a_key_with_a_part_of_small_order_is_judged_without_the_cofactor() -> None:
    """Programs that multiply by 8 take signatures that others refuse; ours is one of the others."""
    key = recount.decoded(KEY)
    small = recount.decoded(bytes.fromhex(SMALL[4]))
    assert key is not None
    assert small is not None
    mixed = recount.encoded(recount.add(key, small))
    secret = bytearray(hashlib.sha512(bytes(range(32))).digest()[:32])
    secret[0] &= 248
    secret[31] = secret[31] & 127 | 64
    r = recount.encoded(recount.times(5, recount.multiples(recount.BASE)))
    answers = set()
    for number in range(40):
        message = str(number).encode()
        h = int.from_bytes(hashlib.sha512(r + mixed + message).digest(), "little")
        s = (5 + h * int.from_bytes(secret, "little")) % recount.ORDER
        signature = r + s.to_bytes(32, "little")
        answer = recount.is_signature(mixed, message, signature)
        assert answer == by_cryptography(mixed, message, signature)
        answers.add(answer)
    assert answers == {True, False}
