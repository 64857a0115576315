"""Passwords: long enough, and none that is tried first. Nothing else is asked of them."""

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from core.refs import fold

SHORTEST = 8
LONGEST = 1_000  # in bytes; above that it is no password but a load
_LEET = str.maketrans("013457$@!|", "oleastsail")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")


def normalise_password(password: str) -> str:
    """The same password from every keyboard: letters composed in one way, and nothing else."""
    return unicodedata.normalize("NFKC", password)


def password_weakness(password: str, *, about: Sequence[str] = ()) -> str | None:
    """`short`, `long`, `common` or `personal`; None where it will do.

    `about` holds what others know of the person: her name, her address.
    """
    plain = normalise_password(password)
    if len(plain) < SHORTEST:
        return "short"
    if len(plain.encode(errors="replace")) > LONGEST:
        return "long"
    if _is_common(plain):
        return "common"
    return "personal" if _is_personal(plain, about) else None


def _is_common(plain: str) -> bool:
    low = fold(plain)
    if low.isdigit() and len(low) < 12:
        return True
    return _is_pattern(low) or any(form in _common() for form in _readings(low))


def _is_pattern(low: str) -> bool:
    """One sign or a short piece over and over, or a run along the alphabet or the keyboard."""
    repeated = re.fullmatch(r"(.+?)\1+", low, re.DOTALL)
    piece = repeated.group(1) if repeated else low
    if len(piece) < 4 or (repeated and any(form in _common() for form in _readings(piece))):
        return True
    return any(piece in row or piece in row[::-1] for row in _ROWS)


def _readings(low: str) -> set[str]:
    """What a guesser strips off: digits and signs around a word, digits in place of letters."""
    bare = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", low)
    forms = {low, bare, re.sub(r"[\d\W_]+", "", low)}
    return forms | {re.sub(r"[\d\W_]+$", "", form.translate(_LEET)) for form in forms}


def _is_personal(plain: str, about: Sequence[str]) -> bool:
    low = re.sub(r"[\d\W_]+", "", fold(plain))
    known = set()
    for fact in about:
        local = fold(fact).partition("@")[0]
        known |= {re.sub(r"[\d\W_]+", "", local), re.sub(r"[\d\W_]+", "", fold(fact))}
    return any(len(fact) >= 3 and low in {fact, fact * 2} for fact in known)


@cache
def _common() -> frozenset[str]:
    """Words and keyboard figures that head every list of passwords, one a line."""
    text = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split() if len(line) >= 3)
