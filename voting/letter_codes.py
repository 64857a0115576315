"""The code of a letter: sixteen characters that a person types once, in four groups of four.

The first five are the letter's number, which finds its row and stands on lists; the other eleven
are the secret. Of the 24 signs no two look alike in print, and there is no vowel among them, so
that no letter spells a word. Eleven of them hold 50 bits. The database keeps an HMAC under a key
that is outside of it, so that its copy opens no paper.

Pure functions; the key and the time are arguments. See docs/decisions for why the code is so.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

ALPHABET = "23456789CDFHJKMNPQRTVWXY"
NUMBER_SIGNS, SECRET_SIGNS, GROUP = 5, 11, 4
TRIES = 5
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=15), timedelta(days=1)

# Signs that no letter has, read as the one sign of ours that they can be. A typed 0, O, 1, I or L
# could be several, so they are named to whoever typed them instead.
_MISREAD = str.maketrans("BGSZU", "8652V")
_BETWEEN = str.maketrans("", "", " \t\r\n\u00a0-\u2010\u2011\u2012\u2013\u2014\u2212._/")


@dataclass(frozen=True)
class LetterCode:
    """A code in its two parts."""

    number: str
    secret: str

    @property
    def groups(self) -> list[str]:
        """As it stands on paper."""
        signs = self.number + self.secret
        return [signs[at : at + GROUP] for at in range(0, len(signs), GROUP)]

    @property
    def spelled(self) -> str:
        return "-".join(self.groups)


@dataclass(frozen=True)
class WrongCode:
    """What was typed cannot be a code: how many characters it has, and which no code has."""

    length: int
    strangers: tuple[str, ...]


def new_code() -> LetterCode:
    """A code that nobody can guess; its number tells nothing of when it was made, or for whom."""
    return LetterCode(_random(NUMBER_SIGNS), _random(SECRET_SIGNS))


def read_code(typed: str) -> LetterCode | WrongCode:
    """The code that somebody typed. Blanks, hyphens and capitals do not matter."""
    plain = typed[:200].upper().translate(_BETWEEN).translate(_MISREAD)
    strangers = tuple(sorted({sign for sign in plain if sign not in ALPHABET}))
    if strangers or len(plain) != NUMBER_SIGNS + SECRET_SIGNS:
        return WrongCode(len(plain), strangers)
    return LetterCode(plain[:NUMBER_SIGNS], plain[NUMBER_SIGNS:])


def read_number(typed: str) -> str | None:
    """The number of a letter, from itself or from the front of a whole code."""
    plain = typed[:200].upper().translate(_BETWEEN).translate(_MISREAD)[:NUMBER_SIGNS]
    is_number = len(plain) == NUMBER_SIGNS and set(plain) <= set(ALPHABET)
    return plain if is_number else None


def code_hmac(register_key: str, code: LetterCode) -> str:
    """What the database keeps: 64 hexadecimal digits, made for letters and nothing else."""
    message = f"letter-code\n{code.number}\n{code.secret}".encode()
    return hmac.digest(register_key.encode(), message, "sha256").hex()


def is_code(register_key: str, code: LetterCode, kept: str | None) -> bool:
    """Whether this is the code that was kept; it takes the same work where none was."""
    made = code_hmac(register_key, code)
    return hmac.compare_digest(made, kept or "0" * len(made)) and kept is not None


def locked_until(locks: int, at: datetime) -> datetime:
    """The end of the lock after five wrong tries: 15 minutes, then twice as long up to a day."""
    doubled: timedelta = FIRST_LOCK * (1 << min(locks - 1, 10))
    return at + min(doubled, LONGEST_LOCK)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
