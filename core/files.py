"""Published files, kept on disk under the SHA-256 of their content: a name fixes what it names."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from flask import current_app


class DamagedFile(RuntimeError):
    """A kept file no longer has the content that its name states."""


def keep(content: bytes) -> str:
    """Stores the content durably and returns its SHA-256 as 64 hexadecimal digits."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if path.exists() and path.read_bytes() == content:
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, aside = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except OSError:
        Path(aside).unlink()
        raise
    sync_folder(path.parent)
    return digest


def fetch(digest: str) -> bytes:
    """The content kept under this digest. Raises DamagedFile or FileNotFoundError."""
    content = path_of(digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise DamagedFile(f"The file {digest} was altered on disk.")
    return content


def path_of(digest: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise FileNotFoundError(f"{digest!r} names no file.")
    folder: Path = current_app.config["SETTINGS"].files
    return folder.resolve() / digest[:2] / digest


def sync_folder(folder: Path) -> None:
    """Makes a name that was added or removed as durable as the content."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
