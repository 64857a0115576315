"""Public references: what stands in addresses in place of row ids."""

import re
import secrets
import unicodedata

ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
LENGTH = 10


def new_ref() -> str:
    """A random reference of ten characters without look-alikes: about 49 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def slug(text: str, longest: int = 60) -> str:
    """Words of a name as they may stand in an address: `Prądnik Biały` becomes `pradnik-bialy`."""
    folded = fold(text)
    return re.sub(r"[^a-z0-9]+", "-", folded).strip("-")[:longest].rstrip("-") or new_ref()


def fold(text: str) -> str:
    """Lower case without accents, so that `Łódź` is found by `lodz`."""
    low = unicodedata.normalize("NFKD", text).casefold().replace("ł", "l").replace("đ", "d")
    plain = unicodedata.normalize("NFKD", low)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
