"""What a ballot leaves in the public log: a salted commitment, from which nobody can tell it.

Byte for byte as docs/ballot-log.md says. Pure functions; keys are arguments.
"""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

SALT_BYTES = 32
RECEIPT_CHARACTERS = 28
GROUP = 4
_MISREAD = str.maketrans("018", "OIB")
_BASE32 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")


def canonical(document: Any) -> str:
    """The one way in which a document is written, so that its hash and signature are fixed."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def payload(contest_ref: str, manifest_sha256: str, ranking: Sequence[str]) -> bytes:
    """What is committed to: the contest, what its voters were promised, and the ranking."""
    return canonical(
        {
            "contest": contest_ref,
            "format": "common-purse/ballot/1",
            "manifest": manifest_sha256,
            "ranking": list(ranking),
        }
    ).encode()


def salt_of(link_key: bytes, contest_ref: str, form_key: str, content: bytes) -> bytes:
    """The salt of a ballot that is cast: the same whenever the same form is sent again.

    So the review can show the commitment before anything is stored. Whoever learns one salt, as in
    a check instead of a cast, learns nothing of any other, not even under the same form key.
    """
    digest = hashlib.sha256(content).hexdigest()
    message = f"ballot-salt\n{contest_ref}\n{form_key}\n{digest}".encode()
    return hmac.digest(link_key, message, "sha256")


def new_salt() -> bytes:
    """The salt of a ballot that no form of a browser sealed."""
    return secrets.token_bytes(SALT_BYTES)


def commitment(salt: bytes, content: bytes) -> bytes:
    return hashlib.sha256(b"common-purse/ballot/1\n" + salt + content).digest()


def fingerprint(salt: bytes, rankings: Mapping[str, int]) -> bytes:
    """What the closing record says of all counted ballots: the same for the same ballots.

    `rankings` are option refs joined by commas, with how many ballots have each. Without the salt
    whoever knows how many voted could try all results until one fits.
    """
    digest = hashlib.sha256(b"common-purse/ballots/1\n" + salt)
    for ranking in sorted(rankings):
        digest.update(f"{ranking}\n".encode() * rankings[ranking])
    return digest.digest()


def receipt_code(sealed: bytes) -> str:
    """The receipt: the first 140 bits of the commitment in letters and digits."""
    return base64.b32encode(sealed).decode()[:RECEIPT_CHARACTERS]


def receipt_groups(code: str) -> list[str]:
    """A receipt in groups of four, for reading and typing."""
    return [code[at : at + GROUP] for at in range(0, len(code), GROUP)]


class Span(NamedTuple):
    """The first and the last commitment that have a given receipt."""

    first: bytes
    last: bytes


def span_of(code: str) -> Span | None:
    """Where to look for the commitment behind a code as somebody typed it; None where it is none.

    Blanks, hyphens and case do not matter. Codes have the letters A to Z and the digits 2 to 7, so
    that a typed 0, 1 or 8 is a letter.
    """
    plain = "".join(letter for letter in code.upper() if letter.isalnum()).translate(_MISREAD)
    if len(plain) != RECEIPT_CHARACTERS or not _BASE32.issuperset(plain):
        return None
    head = base64.b32decode(plain + "A" * 4)[:18]  # 17 bytes and a half, and then zeros
    return Span(head + bytes(14), head[:17] + bytes([head[17] | 0x0F]) + b"\xff" * 14)
