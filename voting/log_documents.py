"""The documents that the log signs, as docs/ballot-log.md lays them out. Pure functions."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from voting.commitments import canonical, receipt_code

MANIFEST = "common-purse/manifest/1"
HEAD = "common-purse/head/1"
PROMISE = "common-purse/promise/1"
CLOSING = "common-purse/closing/1"
BALLOTS = "common-purse/ballots/1"


def head(
    contest_ref: str, manifest_sha256: str, *, size: int, root: bytes, at: datetime, final: bool
) -> str:
    """How long the log is and the root of its tree, to the minute."""
    return canonical(
        {
            "contest": contest_ref,
            "final": final,
            "format": HEAD,
            "manifest": manifest_sha256,
            "root": root.hex(),
            "signed_at": f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}",
            "size": size,
        }
    )


def promise(contest_ref: str, manifest_sha256: str, commitment: bytes) -> str:
    """This commitment will be in the log when voting closes."""
    return canonical(
        {
            "commitment": commitment.hex(),
            "contest": contest_ref,
            "format": PROMISE,
            "manifest": manifest_sha256,
        }
    )


def closing(
    contest_ref: str,
    manifest_sha256: str,
    *,
    size: int,
    root: bytes,
    roll_marks: int,
    superseded: Sequence[int],
    withdrawn: Sequence[int] = (),
    paper: int = 0,
    ballots: bytes | None = None,
) -> str:
    """What came of the log; the positions ascend. `ballots` is the fingerprint of those counted."""
    return canonical(
        {
            "ballots": ballots.hex() if ballots else None,
            "contest": contest_ref,
            "counted": size - len(superseded) - len(withdrawn),
            "format": CLOSING,
            "manifest": manifest_sha256,
            "paper": paper,
            "roll_marks": roll_marks,
            "root": root.hex(),
            "size": size,
            "superseded": list(superseded),
            "withdrawn": list(withdrawn),
        }
    )


def ballots_salt(contest_ref: str, salt: bytes) -> dict[str, Any]:
    """With it everybody can take the fingerprint of the published ballots."""
    return {"contest": contest_ref, "format": BALLOTS, "salt": salt.hex()}


def receipt(
    contest_ref: str,
    commitment: bytes,
    log_key: str,
    promised: Mapping[str, Any],
    inclusion: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """What a voter keeps: the signed promise, and the proof as soon as there is one."""
    return {
        "code": receipt_code(commitment),
        "commitment": commitment.hex(),
        "contest": contest_ref,
        "format": "common-purse/receipt/1",
        "inclusion": inclusion,
        "key": log_key,
        "promise": promised,
    }


def inclusion(
    signed_head: Mapping[str, Any], position: int, proof: Sequence[bytes]
) -> dict[str, Any]:
    return {"head": signed_head, "position": position, "proof": [each.hex() for each in proof]}


def opening(
    contest_ref: str,
    manifest: Mapping[str, Any],
    ranking: Sequence[str],
    salt: bytes,
    commitment: bytes,
) -> dict[str, Any]:
    """A sealed ballot laid open, instead of being cast."""
    return {
        "commitment": commitment.hex(),
        "contest": contest_ref,
        "format": "common-purse/opening/1",
        "manifest": manifest,
        "ranking": list(ranking),
        "salt": salt.hex(),
    }
