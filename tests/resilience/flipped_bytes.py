"""Every column of every row of a small closed contest, changed by one byte by somebody who reaches
the tables: is it noticed, and is the place named?"""

import contextlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select, text, update

import recount
from core import audit
from core.audit import AuditEntry
from core.database import db
from tests.resilience.box import Box
from voting import log_documents
from voting.counting.ranking import unpack_ranking
from voting.models import ClosingRecord, Leaf, Manifest, SealedBallot, TreeHead

# A ballot's random name says nothing, and the contest's number is a key of ours. What stands beside
# a signed document repeats it, so that the row can be found; an auditor is given the document.
WITHOUT_CONTENT = {"id", "contest_id"}
REPEATED = {
    "tree_head": {"size", "is_final", "root"},
    "manifest": {"number", "sha256", "log_key"},
}
MOST_ROWS = 8  # of longer tables, the first row, one in the middle, and the last


@dataclass(frozen=True)
class Flip:
    """One change, and what the verifier said to it; nothing if it was not noticed."""

    table: str
    column: str
    row: tuple[object, ...]
    said: str | None


def flip_every_byte_of_the_log(box: Box, folder: Path) -> Iterator[Flip]:
    """Ballots, leaves, heads, manifests and the closing record, each checked by the program that
    an auditor runs."""

    def verify() -> str | None:
        return _said_of_bundle(_bundle(box, folder / "bundle.zip"))

    said = verify()
    assert said is None, f"The unchanged log is not found right: {said}"
    for model in (SealedBallot, Leaf, TreeHead, Manifest, ClosingRecord):
        yield from _flips(model.__table__, verify)


def flip_every_byte_of_the_trail() -> Iterator[Flip]:
    """The audit trail, checked by its own verifier."""

    def verify() -> str | None:
        db.session.expire_all()
        return audit.broken_entry(audit.kept_heads())

    _take_guards_away(AuditEntry.__tablename__)
    assert verify() is None, "The unchanged trail is not found right."
    yield from _flips(AuditEntry.__table__, verify)


def _take_guards_away(table: str) -> None:
    """Whoever owns the database file can do without its triggers."""
    guards = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    for name in db.session.scalars(guards, {"table": table}).all():
        db.session.execute(text(f'DROP TRIGGER "{name}"'))
    db.session.commit()


def _flips(table: Any, verify: Callable[[], str | None]) -> Iterator[Flip]:
    assert isinstance(table, Table)
    keys = list(table.primary_key.columns)
    rows = db.session.execute(select(table).order_by(*keys)).all()
    db.session.rollback()
    for row in rows if len(rows) <= MOST_ROWS else (rows[0], rows[len(rows) // 2], rows[-1]):
        for column in table.columns:
            idle = WITHOUT_CONTENT | REPEATED.get(table.name, set())
            if column.name in idle or getattr(row, column.name) is None:
                continue
            here = [key == getattr(row, key.name) for key in keys]
            changed = _changed(getattr(row, column.name))
            db.session.execute(update(table).where(*here).values({column.name: changed}))
            yield Flip(table.name, column.name, tuple(row)[: len(keys)], verify())
            db.session.rollback()


def _changed(value: Any) -> Any:
    """The same kind of value, one byte away."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, bytes):
        return value[:-1] + bytes([value[-1] ^ 1])
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, dict):
        return {**value, "flipped": 1}
    assert isinstance(value, int), type(value)
    return value + 1_000_000


def _bundle(box: Box, path: Path) -> Path:
    """What an auditor gets, as the tables say it: see docs/ballot-log.md."""
    here = {"contest_id": box.contest_id}
    manifests = _rows(Manifest, here, Manifest.number)
    heads = _rows(TreeHead, here, TreeHead.size, TreeHead.is_final)
    leaves = _rows(Leaf, here, Leaf.position)
    (closing,) = _rows(ClosingRecord, here)
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("manifests.json", f"[{','.join(map(_signed, manifests))}]")
        file.writestr("heads.json", f"[{','.join(map(_signed, heads))}]")
        file.writestr("leaves.txt", "".join(f"{leaf.commitment.hex()}\n" for leaf in leaves))
        file.writestr("closing.json", _signed(closing))
        file.writestr("openings.json", json.dumps(_openings(box, manifests, leaves)))
        if closing.ballots_salt is not None:
            salt = log_documents.ballots_salt(box.contest_ref, closing.ballots_salt)
            file.writestr("ballots.json", json.dumps(salt))
    return path


def _openings(box: Box, manifests: list[Any], leaves: list[Any]) -> dict[str, Any]:
    sealed = _rows(SealedBallot, {"contest_id": box.contest_id})
    ballots = {ballot.commitment: ballot for ballot in sealed}
    hashes = {manifest.number: manifest.sha256 for manifest in manifests}
    openings = [
        {
            "manifest": hashes.get(ballot.manifest_number, ""),
            "position": leaf.position,
            "ranking": _ranking(box, ballot.ranking),
            "salt": ballot.salt.hex(),
        }
        for leaf in leaves
        if (ballot := ballots.get(leaf.commitment)) is not None
    ]
    return {
        "contest": box.contest_ref, "format": "common-purse/openings/1", "openings": openings,
    }  # fmt: skip


def _ranking(box: Box, packed: bytes) -> list[str]:
    try:
        return list(unpack_ranking(packed, box.options))
    except IndexError:
        return ["an option that there is not"]


def _signed(row: Any) -> str:
    """The document as it is stored, whether or not it can still be read."""
    return f'{{"document":{row.document},"signature":"{row.signature.hex()}"}}'


def _rows(model: Any, here: dict[str, int], *order: Any) -> list[Any]:
    db.session.expire_all()
    return list(db.session.scalars(select(model).filter_by(**here).order_by(*order)))


def _said_of_bundle(bundle: Path) -> str | None:
    """What the second program found wrong; None where it ends with 0."""
    said = io.TextIOWrapper(io.BytesIO(), write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = recount.verify([str(bundle)])
        except SystemExit as end:
            code = int(bool(end.code))
            said.write(str(end.code))
    said.seek(0)
    return None if code == 0 else said.read()
