"""Files that must be whole: published ones, under the SHA-256 of their content, and keys.

A published file's name fixes what it names. A key's file is made once and stays.
"""

import hashlib
import os
import re
import tempfile
from contextlib import suppress
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


def make_once(path: Path, content: bytes) -> None:
    """Writes a file that its owner alone can read, unless there is one: what exists stays.

    It appears whole or not at all, and is on disk when this ends; of two that begin at once, one
    wins. A folder that is made for it is its owner's alone, too.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".")  # readable by its owner alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(aside)
    finally:
        Path(aside).unlink()
    sync_folder(path.parent)


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
