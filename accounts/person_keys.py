"""The key of a person: what stands for her number on the register of residents.

The register id itself is never kept. The key is an HMAC under a secret outside the database, so
that who has the database alone cannot try out all numbers. It is written in one place only, so
that a person has one key whichever desk or form her number came through.
"""

import hashlib
import hmac
import re
import unicodedata

from flask import current_app

SHORTEST, LONGEST = 4, 40
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015.\u00b7/\u2212]+")
_PLAIN = re.compile(r"[0-9A-Z]+")


class WrongRegisterId(ValueError):
    """What was typed cannot be a number of the register."""


def person_key(register_id: str) -> str:
    """64 hexadecimal digits that stand for one person. Raises WrongRegisterId."""
    plain = normalise_register_id(register_id)
    secret: str = current_app.config["REGISTER_KEY"]
    return hmac.new(secret.encode(), f"person:{plain}".encode(), hashlib.sha256).hexdigest()


def normalise_register_id(register_id: str) -> str:
    """Upper case, without blanks, hyphens, points and slashes. Raises WrongRegisterId.

    Accents fall away, since the same paper is typed with and without them.
    """
    wide = unicodedata.normalize("NFKD", register_id[:200]).upper()
    letters = "".join(sign for sign in wide if not unicodedata.combining(sign))
    plain = _SEPARATORS.sub("", letters)
    if not SHORTEST <= len(plain) <= LONGEST or not _PLAIN.fullmatch(plain):
        raise WrongRegisterId
    if len(set(plain)) == 1:
        raise WrongRegisterId
    return plain
