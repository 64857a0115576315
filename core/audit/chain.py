"""How entries are chained: hashes only, without a database, so that others can write the same.

What is personal in an entry stands in the chain as a salted hash: who acted and, where an act is
about an account, which; and, apart from it, the reason and the details. Once content and salt are
destroyed nobody can tell from the hash what it was, and the chain still holds.
"""

import hashlib
import json
import secrets
from datetime import UTC, datetime
from typing import Any

FORMAT = "common-purse/audit/1"
START = "0" * 64
"""Stands for the entry before the first one."""
PERSONS = frozenset({"account", "residency", "roll", "voter"})
"""Kinds of subjects that are persons: the chain names their kind only."""


def new_salt() -> str:
    return secrets.token_hex(16)


def about(subject: str) -> str:
    """What the chain says openly of a subject: all of it, or of a person only the kind."""
    kind = subject.partition(":")[0]
    return kind if kind in PERSONS else subject


def person_sha256(salt: str, actor_id: int | None, subject: str) -> str:
    """The hash that stands for who acted, and for the subject if that is a person."""
    return _digest("person", {"actor": actor_id, "salt": salt, "subject": subject})


def matter_sha256(salt: str, reason: str, details: dict[str, Any]) -> str:
    """The hash that stands for the reason and the details."""
    return _digest("matter", {"details": details, "reason": reason, "salt": salt})


def entry_sha256(
    number: int,
    at: datetime,
    act: str,
    about: str,
    is_public: bool,
    person: str,
    matter: str,
    previous: str,
) -> str:
    """The hash of an entry, and through `previous` of all before it."""
    written = {
        "about": about,
        "act": act,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "matter": matter,
        "number": number,
        "person": person,
        "previous": previous,
        "public": is_public,
    }
    return _digest("entry", written)


def _digest(part: str, written: dict[str, Any]) -> str:
    plain = json.dumps(written, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{FORMAT}/{part}\n{plain}".encode()).hexdigest()
