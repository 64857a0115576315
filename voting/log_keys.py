"""The key that signs the ballot logs: one file for the installation, outside the database."""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from core.files import sync_folder

KEY_BYTES = 32


class LogKeyMissing(RuntimeError):
    """A log was begun under a key that cannot be read now: nothing can be promised or appended."""


def public_key() -> str:
    """The public half as 64 hexadecimal digits. Makes the key where there is none yet.

    Raises LogKeyMissing where there is a file that holds no key.
    """
    return _private_key().public_key().public_bytes_raw().hex()


def sign(kind: str, content: str, *, under: str) -> bytes:
    """The signature over a document of this kind, such as `common-purse/head/1`.

    `under` is the public key that the contest's manifest names. Raises LogKeyMissing where the
    file holds another: a log has one key from its first ballot to its last.
    """
    key = _private_key()
    if key.public_key().public_bytes_raw().hex() != under:
        raise LogKeyMissing("The file holds another key than the one that this log began with.")
    return key.sign(_signed(kind, content))


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


def _private_key() -> Ed25519PrivateKey:
    path: Path = current_app.config["SETTINGS"].log_key
    if not path.exists():
        _make(path)
    try:
        kept = path.read_bytes()
    except OSError as error:
        raise LogKeyMissing("The key that signs the ballot logs cannot be read.") from error
    if len(kept) != KEY_BYTES:
        raise LogKeyMissing("The file of the key that signs the ballot logs is damaged.")
    return Ed25519PrivateKey.from_private_bytes(kept)


def _make(path: Path) -> None:
    """Writes a new key, readable by its owner only; of two that begin at once, one wins.

    The file appears whole or not at all, and is on disk before anything is signed with it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = path.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(Ed25519PrivateKey.generate().private_bytes_raw())
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(unfinished)
    except FileExistsError:
        return
    finally:
        unfinished.unlink()
    sync_folder(path.parent)
