"""What ties a ballot to a person until closing, and what proves its inclusion afterwards.

Pure functions over bytes and text; keys are arguments. See docs/decisions for why the tag is the
only tie, and why the roll is marked only at closing.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

KEY_BYTES = 32
RECEIPT_CHARACTERS = 20


def new_link_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def ballot_tag(link_key: bytes, contest_ref: str, person: str) -> str:
    """The tag of this person's ballot in this contest: 64 hexadecimal digits."""
    message = f"ballot-tag\n{contest_ref}\n{person}".encode()
    return hmac.new(link_key, message, hashlib.sha256).hexdigest()


def new_form_key() -> str:
    """The idempotency key that the browser holds: 128 random bits."""
    return secrets.token_hex(16)


def receipt_code(form_key: str, contest_ref: str) -> str:
    """The receipt: 100 bits derived from the browser's key, so that a retry gives the same."""
    digest = hashlib.sha256(f"receipt\n{contest_ref}\n{form_key}".encode()).digest()
    return base64.b32encode(digest).decode()[:RECEIPT_CHARACTERS]


def receipt_hash(code: str) -> str:
    """What the database stores of a receipt. Blanks, hyphens and case do not matter."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(f"receipt-hash\n{plain}".encode()).hexdigest()


def new_ballot_id() -> str:
    return secrets.token_hex(16)


def pack(numbers: Iterable[int]) -> bytes:
    """Option numbers as big-endian 16-bit integers."""
    return b"".join(number.to_bytes(2, "big") for number in numbers)


def unpack(packed: bytes) -> list[int]:
    return [int.from_bytes(packed[at : at + 2], "big") for at in range(0, len(packed), 2)]
