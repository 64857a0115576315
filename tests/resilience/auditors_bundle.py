"""What an auditor gets of a closed contest, as the tables say it, and what the second program says
to it. See docs/ballot-log.md."""

import contextlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from sqlalchemy import select

import recount
from core.database import db
from tests.resilience.box import Box
from voting import log_documents
from voting.counting.ranking import unpack_ranking
from voting.models import ClosingRecord, Leaf, Manifest, SealedBallot, TreeHead


def said_of_log(box: Box, folder: Path) -> str:
    """What recount.py finds wrong with this contest's log; empty where it ends with 0."""
    return _said_of_bundle(_bundle(box, folder / "bundle.zip"))


def _bundle(box: Box, path: Path) -> Path:
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


def _said_of_bundle(bundle: Path) -> str:
    said = io.TextIOWrapper(io.BytesIO(), write_through=True)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = recount.verify([str(bundle)])
        except SystemExit as end:
            code = int(bool(end.code))
            said.write(str(end.code))
    said.seek(0)
    return "" if code == 0 else said.read()
