"""The log of a contest that voters of the tests' town filled, as a bundle."""

import json
from typing import Any

from sqlalchemy import select

from core.database import db
from tests.recount.logs import pretty
from voting.counting.ranking import unpack_ranking
from voting.models import ClosingRecord, Contest, Leaf, Manifest, SealedBallot, TreeHead


def bundle_of(contest: Contest) -> dict[str, bytes]:
    """The files of the bundle but for the published ballots; openings as an auditor gets them."""
    manifests = rows(select(Manifest).filter_by(contest_id=contest.id).order_by(Manifest.number))
    heads = rows(
        select(TreeHead).filter_by(contest_id=contest.id).order_by(TreeHead.size, TreeHead.is_final)
    )
    leaves = rows(select(Leaf).filter_by(contest_id=contest.id).order_by(Leaf.position))
    (closing,) = rows(select(ClosingRecord).filter_by(contest_id=contest.id))
    return {
        "manifests.json": pretty([signed(row) for row in manifests]),
        "heads.json": pretty([signed(row) for row in heads]),
        "leaves.txt": "".join(f"{leaf.commitment.hex()}\n" for leaf in leaves).encode(),
        "closing.json": pretty(signed(closing)),
        "openings.json": pretty(openings_of(contest, manifests, leaves)),
        **salt_of(contest, closing),
    }


def salt_of(contest: Contest, closing: ClosingRecord) -> dict[str, bytes]:
    """What binds the ballots to the closing record, where there are enough of them."""
    if closing.ballots_salt is None:
        return {}
    salt = closing.ballots_salt.hex()
    document = {"contest": contest.ref, "format": "common-purse/ballots/1", "salt": salt}
    return {"ballots.json": pretty(document)}


def rows(query: Any) -> list[Any]:
    return list(db.session.scalars(query))


def signed(row: Any) -> dict[str, Any]:
    return {"document": json.loads(row.document), "signature": row.signature.hex()}


def openings_of(contest: Contest, manifests: list[Any], leaves: list[Any]) -> dict[str, Any]:
    positions = {leaf.commitment: leaf.position for leaf in leaves}
    hashes = {manifest.number: manifest.sha256 for manifest in manifests}
    refs = [option.ref for option in contest.options]
    openings = [
        {
            "manifest": hashes[ballot.manifest_number],
            "position": positions[ballot.commitment],
            "ranking": unpack_ranking(ballot.ranking, refs),
            "salt": ballot.salt.hex(),
        }
        for ballot in rows(select(SealedBallot).filter_by(contest_id=contest.id))
    ]
    return {
        "contest": contest.ref,
        "format": "common-purse/openings/1",
        "openings": sorted(openings, key=lambda one: int(one["position"])),
    }
