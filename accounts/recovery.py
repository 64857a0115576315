"""Recovery codes: words on paper that replace a lost second factor, each of them once.

Sixteen signs of an alphabet without look-alikes are 80 bits, so that a plain hash is enough.
"""

import hashlib
import secrets

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
SIGNS = 16
AT_ONCE = 10


def new_codes() -> list[str]:
    """Ten codes, in groups of four."""
    return ["-".join(_group() for _ in range(SIGNS // 4)) for _ in range(AT_ONCE)]


def hash_of(user_id: int, typed: str) -> str:
    """What the database keeps; blanks, hyphens and capitals do not matter."""
    plain = "".join(sign for sign in typed.lower() if sign.isalnum())
    return hashlib.sha256(f"recovery:{user_id}:{plain}".encode()).hexdigest()


def _group() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(4))
