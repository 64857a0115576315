"""Ballot logs for tests, made from docs/ballot-log.md alone.

Neither the server's code nor recount.py's is used: signatures are made by `cryptography`, and the
tree is the recursive definition of RFC 9162, 2.1.1, which is slow and plain.
"""

import base64
import hashlib
import json
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.recount.ballot_files import blt_of, pb_of

Document = dict[str, Any]
CITY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SALT = "b7" * 32
REFS = ["p-12", "p-3", "p-7", "p-40"]


def canonical(document: Any) -> bytes:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def key_of(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def signed(kind: str, document: Document, private: Ed25519PrivateKey = CITY) -> Document:
    message = f"common-purse/{kind}/1\n".encode() + canonical(document)
    return {"document": deepcopy(document), "signature": private.sign(message).hex()}


def manifest_hash(manifest: Document) -> str:
    return hashlib.sha256(canonical(manifest)).hexdigest()


def commitment_of(opening: Document, contest: str = "city-2026") -> str:
    payload = {
        "contest": contest,
        "format": "common-purse/ballot/1",
        "manifest": opening["manifest"],
        "ranking": opening["ranking"],
    }
    sealed = b"common-purse/ballot/1\n" + bytes.fromhex(opening["salt"]) + canonical(payload)
    return hashlib.sha256(sealed).hexdigest()


def ballots_hash(manifest: Document, ballots: Sequence[Sequence[str]]) -> str | None:
    """The fingerprint of the ballots; none of so few that they are not published."""
    if len(ballots) < manifest["rankings_from"]:
        return None
    lines = "".join(sorted(",".join(ranking) + "\n" for ranking in ballots))
    sealed = b"common-purse/ballots/1\n" + bytes.fromhex(SALT) + lines.encode()
    return hashlib.sha256(sealed).hexdigest()


def code_of(commitment: str) -> str:
    return base64.b32encode(bytes.fromhex(commitment)).decode()[:28]


def split(size: int) -> int:
    """The largest power of two below the size."""
    left = 1
    while left * 2 < size:
        left *= 2
    return left


def root_of(leaves: Sequence[str]) -> bytes:
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + bytes.fromhex(leaves[0])).digest()
    left = split(len(leaves))
    return hashlib.sha256(b"\1" + root_of(leaves[:left]) + root_of(leaves[left:])).digest()


def proof_of(position: int, leaves: Sequence[str]) -> list[str]:
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    left = split(len(leaves))
    if position < left:
        return [*proof_of(position, leaves[:left]), root_of(leaves[left:]).hex()]
    return [*proof_of(position - left, leaves[left:]), root_of(leaves[:left]).hex()]


def manifest_of(number: int = 1, **changed: Any) -> Document:
    manifest = {
        "budget_minor": 1500000,
        "currency": "EUR",
        "ballot_kind": "ranked",
        "contest": "city-2026",
        "format": "common-purse/manifest/1",
        "log_key": key_of(CITY),
        "max_length": 3,
        "min_length": 1,
        "number": number,
        "objection_days": 0,
        "openings": "public",
        "options": [
            {
                "cost_minor": 40000 + 999 * at,
                "number": at,
                "ref": ref,
                "tie_position": (at + 2) % len(REFS),
                "title": f"Spielplatz „{ref}“",
            }
            for at, ref in enumerate(REFS)
        ],
        "rankings_from": 5,
        "rule": "points-by-rank",
        "rule_parameters": {},
        "rule_version": "1",
        "seats": None,
        "tie_order": "lot",
        "title": "The whole city",
        "withdrawn": [],
    }
    return {**manifest, **changed}


@dataclass
class Log:
    """A contest's log. Change anything in it, then write it as a bundle."""

    manifests: list[Document]
    openings: list[Document]
    heads: list[Document]
    closing: Document
    leaves: list[str]
    ballots: list[list[str]]
    private: Ed25519PrivateKey = CITY
    ballots_file: str = "ballots.pb"
    without: set[str] = field(default_factory=set)

    @property
    def newest(self) -> Document:
        return self.manifests[-1]

    def signed(self, kind: str, document: Document) -> Document:
        return signed(kind, document, self.private)

    def seal_again(self) -> None:
        """Take roots and sums anew from the leaves, as a server that cheats with care would."""
        for head in self.heads:
            head["root"] = root_of(self.leaves[: head["size"]]).hex()
        size = len(self.leaves)
        gone = len(self.closing["superseded"]) + len(self.closing["withdrawn"])
        self.closing |= {"size": size, "root": root_of(self.leaves).hex(), "counted": size - gone}
        self.closing["roll_marks"] = size - gone
        self.closing["ballots"] = ballots_hash(self.newest, self.ballots)

    def files(self) -> dict[str, bytes]:
        files = {
            "manifests.json": pretty([self.signed("manifest", one) for one in self.manifests]),
            "heads.json": pretty([self.signed("head", one) for one in self.heads]),
            "leaves.txt": "".join(f"{leaf}\n" for leaf in self.leaves).encode(),
            "closing.json": pretty(self.signed("closing", self.closing)),
            self.ballots_file: self.published(),
            "ballots.json": pretty(self.salt()),
            "openings.json": pretty(
                {
                    "contest": self.newest["contest"],
                    "format": "common-purse/openings/1",
                    "openings": self.openings,
                }
            ),
        }
        return {name: raw for name, raw in files.items() if name not in self.without}

    def salt(self) -> Document:
        contest = self.newest["contest"]
        return {"contest": contest, "format": "common-purse/ballots/1", "salt": SALT}

    def published(self) -> bytes:
        write = pb_of if self.ballots_file == "ballots.pb" else blt_of
        return write(self.newest, self.ballots)

    def opening(self, ranking: list[str]) -> Document:
        """What who checks instead of casting is given."""
        sealed = {"manifest": manifest_hash(self.newest), "ranking": ranking, "salt": "5a" * 32}
        return {
            "format": "common-purse/opening/1",
            "commitment": commitment_of(sealed),
            "contest": self.newest["contest"],
            "manifest": deepcopy(self.newest),
            "ranking": ranking,
            "salt": "5a" * 32,
        }

    def promise(self, commitment: str) -> Document:
        return self.signed(
            "promise",
            {
                "commitment": commitment,
                "contest": self.newest["contest"],
                "format": "common-purse/promise/1",
                "manifest": manifest_hash(self.newest),
            },
        )

    def receipt(self, position: int, head: int | None = -1) -> Document:
        commitment = self.leaves[position]
        inclusion = None
        if head is not None:
            document = self.heads[head]
            inclusion = {
                "head": self.signed("head", document),
                "position": position,
                "proof": proof_of(position, self.leaves[: document["size"]]),
            }
        return {
            "format": "common-purse/receipt/1",
            "code": code_of(commitment),
            "commitment": commitment,
            "contest": self.newest["contest"],
            "key": key_of(self.private),
            "promise": self.promise(commitment),
            "inclusion": inclusion,
        }


def log_of(
    ballots: int = 12,
    sizes: Sequence[int] = (5, 9),
    superseded: Sequence[int] = (2, 6),
    withdrawn: Sequence[int] = (),
    *,
    taken_off: Sequence[str] = (),
    **terms: Any,
) -> Log:
    """A log in which all is right: two manifests, some heads, a few ballots that were changed.

    Options that were `taken_off` the paper stand on no published ballot.
    """
    lot = Random(7)
    terms["withdrawn"] = sorted(taken_off)
    manifests = [manifest_of(1, **terms), manifest_of(2, **{"rankings_from": 6, **terms})]
    named = [manifest_hash(one) for one in manifests]
    openings: list[Document] = [
        {
            "manifest": named[position >= 6],
            "position": position,
            "ranking": lot.sample(REFS, lot.randint(1, 3)),
            "salt": lot.randbytes(32).hex(),
        }
        for position in range(ballots)
    ]
    leaves = [commitment_of(opening) for opening in openings]
    heads = [
        {
            "contest": "city-2026",
            "final": False,
            "format": "common-purse/head/1",
            "manifest": named[size > 6],
            "root": root_of(leaves[:size]).hex(),
            "signed_at": f"2026-05-12T08:{30 + at}Z",
            "size": size,
        }
        for at, size in enumerate([*sizes, ballots])
    ]
    heads[-1] |= {"final": True, "manifest": named[1]}
    gone = {*superseded, *withdrawn}
    kept = [opening for opening in openings if opening["position"] not in gone]
    left = [[ref for ref in one["ranking"] if ref not in taken_off] for one in kept]
    published = [ranking for ranking in left if ranking]
    closing = {
        "ballots": ballots_hash(manifests[-1], published),
        "contest": "city-2026",
        "counted": len(kept),
        "format": "common-purse/closing/1",
        "manifest": named[1],
        "paper": 0,
        "root": root_of(leaves).hex(),
        "roll_marks": len(kept),
        "size": ballots,
        "superseded": list(superseded),
        "withdrawn": list(withdrawn),
    }
    return Log(manifests, kept, heads, closing, leaves, published)


def pretty(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()


def write_bundle(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, raw in files.items():
            bundle.writestr(name, raw)
    return path
