"""What ties a ballot to a person until closing, and a form of her browser to her.

Pure functions over bytes and text; keys are arguments. See docs/decisions for why the tag is the
only tie, and why the roll is marked only at closing.
"""

import hashlib
import hmac
import re
import secrets

KEY_BYTES = 32
_NONCE = re.compile(r"[0-9a-f]{32}")


def new_link_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def link_key_hash(link_key: bytes) -> str:
    """Tells one link key from another, and nothing else: the key has 256 random bits."""
    return hashlib.sha256(b"link-key\n" + link_key).hexdigest()


def ballot_tag(link_key: bytes, contest_ref: str, person: str) -> str:
    """The tag of this person's ballot in this contest: 64 hexadecimal digits."""
    message = f"ballot-tag\n{contest_ref}\n{person}".encode()
    return hmac.digest(link_key, message, "sha256").hex()


def notice_tag(link_key: bytes, contest_ref: str, person: str) -> str:
    """The tag of the note that this person was told of her ballot: 64 hexadecimal digits."""
    message = f"notice-tag\n{contest_ref}\n{person}".encode()
    return hmac.digest(link_key, message, "sha256").hex()


def network_mark(link_key: bytes, contest_ref: str, network: str) -> str:
    """What stands for a network in the signals of this contest: 32 hexadecimal digits.

    The key is made of the link key: once that is destroyed, nobody can find a network again, and
    marks of two contests never compare.
    """
    key = hmac.digest(link_key, f"network-key\n{contest_ref}".encode(), "sha256")
    return hmac.digest(key, f"network\n{network}".encode(), "sha256").hex()[:32]


def lock_number(secret: str, round_ref: str, person: str) -> int:
    """The number of the lock under which one person casts in one round: 64 bits, signed.

    It lives in the memory of the database server for some milliseconds; it is keyed so that a
    line about waiting in that server's log names nobody.
    """
    message = f"cast-lock\n{round_ref}\n{person}".encode()
    return int.from_bytes(hmac.digest(secret.encode(), message, "sha256")[:8], signed=True)


def new_form_key() -> str:
    """The idempotency key that the browser holds: 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def sign_form_key(secret: str, form_key: str, contest_ref: str, person: str) -> str:
    """The key as it stands in a form: only this person can use it, and only in this contest."""
    return f"{form_key}.{_signature(secret, form_key, contest_ref, person)}"


def read_form_key(secret: str, signed: str, contest_ref: str, person: str) -> str | None:
    """The key that was signed for this person and contest; None for any other text."""
    form_key, _, signature = signed.partition(".")
    if not _NONCE.fullmatch(form_key) or not signature.isascii():
        return None
    expected = _signature(secret, form_key, contest_ref, person)
    return form_key if hmac.compare_digest(signature, expected) else None


def new_ballot_id() -> str:
    return secrets.token_hex(16)


def _signature(secret: str, form_key: str, contest_ref: str, person: str) -> str:
    message = f"form-key\n{contest_ref}\n{person}\n{form_key}".encode()
    return hmac.digest(secret.encode(), message, "sha256").hex()[:32]
