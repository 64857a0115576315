"""The link keys: one file per contest, outside the database, destroyed at closing."""

import os
from functools import lru_cache
from pathlib import Path

from flask import current_app

from core.files import make_once, sync_folder
from voting.sealing import KEY_BYTES, new_link_key


class LinkKeyMissing(RuntimeError):
    """A contest is open but its link key cannot be read: no ballot can be taken or changed."""


def make(contest_ref: str) -> None:
    """Makes the key of a contest, readable by its owner only. A key that exists stays.

    The file is whole and on disk before anybody casts under it.
    """
    make_once(_path(contest_ref), new_link_key())


def read(contest_ref: str) -> bytes:
    """The key. Raises LinkKeyMissing."""
    try:
        key = _path(contest_ref).read_bytes()
    except OSError as error:
        raise LinkKeyMissing(contest_ref) from error
    if len(key) != KEY_BYTES:
        raise LinkKeyMissing(contest_ref)
    return key


def destroy(contest_ref: str) -> None:
    """Overwrites and removes the key. What was tied by it cannot be tied again."""
    path = _path(contest_ref)
    try:
        with path.open("r+b") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
    except FileNotFoundError:
        return
    path.unlink(missing_ok=True)
    sync_folder(path.parent)


def exists(contest_ref: str) -> bool:
    return _path(contest_ref).exists()


def _path(contest_ref: str) -> Path:
    folder: Path = current_app.config["SETTINGS"].link_keys
    return _named(folder, contest_ref)


@lru_cache(maxsize=64)
def _named(folder: Path, contest_ref: str) -> Path:
    """The name alone is remembered, which takes longer to put together than the file to be read."""
    if not contest_ref.replace("-", "").isalnum():
        raise ValueError("A contest's ref has letters, digits and hyphens only.")
    return folder / f"{contest_ref}.key"
