"""The key that signs the logs: made once, kept outside the database, never silently another."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from voting import log_keys
from voting.log_keys import LogKeyMissing

HEAD = "common-purse/head/1"


@pytest.fixture
def file(app: Flask) -> Path:
    """Where the key lies."""
    path: Path = app.config["SETTINGS"].log_key
    return path


@pytest.mark.sqlite
def test_the_key_is_made_once_and_only_its_owner_reads_it(app: Flask, file: Path) -> None:
    file.unlink(missing_ok=True)

    def make(_: int) -> str:
        with app.app_context():
            return log_keys.public_key()

    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(make, range(8)))

    assert len(keys) == 1
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.glob(".*")] == []


@pytest.mark.sqlite
def test_what_was_signed_is_told_from_what_was_not(app: Flask) -> None:
    key = log_keys.public_key()
    signature = log_keys.sign(HEAD, '{"size":1}', under=key)

    assert log_keys.is_signed(HEAD, '{"size":1}', signature, under=key)
    assert not log_keys.is_signed(HEAD, '{"size":2}', signature, under=key)
    assert not log_keys.is_signed("common-purse/promise/1", '{"size":1}', signature, under=key)
    assert not log_keys.is_signed(HEAD, '{"size":1}', signature[:-1] + b"\xff", under=key)
    assert not log_keys.is_signed(HEAD, '{"size":1}', b"", under=key)
    assert not log_keys.is_signed(HEAD, '{"size":1}', signature, under="no key")


@pytest.mark.sqlite
def test_nothing_is_signed_under_a_key_that_was_exchanged(app: Flask, file: Path) -> None:
    first = log_keys.public_key()
    file.unlink()

    with pytest.raises(LogKeyMissing, match="another key"):
        log_keys.sign(HEAD, "{}", under=first)
    with pytest.raises(LogKeyMissing, match="another key"):
        log_keys.demand(under=first)


@pytest.mark.sqlite
def test_a_damaged_file_is_no_key_and_stays_as_it_is(app: Flask, file: Path) -> None:
    log_keys.public_key()
    file.write_bytes(b"half a key")

    with pytest.raises(LogKeyMissing, match="damaged"):
        log_keys.public_key()

    assert file.read_bytes() == b"half a key"
