"""The key that signs the ballot logs: one file for the installation, outside the database."""

from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from core.files import make_once

KEY_BYTES = 32


class LogKeyMissing(RuntimeError):
    """A log was begun under a key that cannot be read now: nothing can be promised or appended."""


def public_key() -> str:
    """The public half as 64 hexadecimal digits. Makes the key where there is none yet.

    Raises LogKeyMissing where there is a file that holds no key.
    """
    return _public_half(_kept())


def sign(kind: str, content: str, *, under: str) -> bytes:
    """The signature over a document of this kind, such as `common-purse/head/1`.

    `under` is the public key that the contest's manifest names. Raises LogKeyMissing where the
    file holds another: a log has one key from its first ballot to its last.
    """
    return _key_of(under).sign(_signed(kind, content))


def demand(*, under: str) -> None:
    """Sees that what is promised now can be signed later. Raises LogKeyMissing as signing does."""
    _key_of(under)


def is_signed(kind: str, content: str, signature: bytes, *, under: str) -> bool:
    """Whether this is the signature of the holder of this public key."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(under))
        key.verify(signature, _signed(kind, content))
    except (InvalidSignature, ValueError):
        return False
    return True


def _signed(kind: str, content: str) -> bytes:
    return f"{kind}\n{content}".encode()


def _key_of(public: str) -> Ed25519PrivateKey:
    kept = _kept()
    if _public_half(kept) != public:
        raise LogKeyMissing("The file holds another key than the one that this log began with.")
    return Ed25519PrivateKey.from_private_bytes(kept)


def _kept() -> bytes:
    """What the file holds now. It is read each time, so that a key that is gone signs nothing."""
    path: Path = current_app.config["SETTINGS"].log_key
    if not path.exists():
        make_once(path, Ed25519PrivateKey.generate().private_bytes_raw())
    try:
        kept = path.read_bytes()
    except OSError as error:
        raise LogKeyMissing("The key that signs the ballot logs cannot be read.") from error
    if len(kept) != KEY_BYTES:
        raise LogKeyMissing("The file of the key that signs the ballot logs is damaged.")
    return kept


@lru_cache(maxsize=8)
def _public_half(kept: bytes) -> str:
    """Every cast asks for it, and working it out takes as long as asking the database."""
    return Ed25519PrivateKey.from_private_bytes(kept).public_key().public_bytes_raw().hex()
