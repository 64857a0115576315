"""Links in mails: signed words that say for what, for whom and since when.

A link is good for one purpose, for some time, and only while the account is as it was: its mark
changes with the password and the address, so that a used link opens nothing a second time.
"""

import hashlib
from dataclasses import dataclass

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer

CONFIRM, RESET = "confirm", "reset"
GOOD_FOR = {CONFIRM: 3 * 24 * 3600, RESET: 2 * 3600}  # seconds


@dataclass(frozen=True)
class Link:
    """What a token says: whose it is, the mark of the account then, and whether time is up."""

    account_ref: str
    mark: str
    expired: bool


def write_token(secret: str, purpose: str, account_ref: str, mark: str) -> str:
    return str(_signer(secret, purpose).dumps([account_ref, mark]))


def read_token(secret: str, purpose: str, token: str) -> Link | None:
    """None for a token that we did not write for this purpose, or that lost a part on the way."""
    try:
        said, expired = _signer(secret, purpose).loads(token, max_age=GOOD_FOR[purpose]), False
    except SignatureExpired as late:
        try:
            said, expired = _signer(secret, purpose).load_payload(late.payload or b""), True
        except BadData:
            return None
    except BadData:
        return None
    return Link(said[0], said[1], expired)


def mark_of(session_mark: str, address: str) -> str:
    """What changes when the account's password or address does."""
    return hashlib.sha256(f"{session_mark}:{address}".encode()).hexdigest()[:20]


def _signer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"accounts.links.{purpose}")
