"""What only the person has, as the register tells it: a number on a paper of hers.

What others can know of her is no proof: a register that gives her date of birth, her address or
her number on the register instead is refused. Pure functions.
"""

import re
import unicodedata
from collections.abc import Iterable

SHORTEST_PROOF = 5
_DATE = re.compile(r"\d{1,4}[-./ ]\d{1,2}[-./ ]\d{1,4}\.?")


def plain_proof(typed: str) -> str:
    """In capitals, letters and digits alone: the same paper is typed in several ways."""
    wide = unicodedata.normalize("NFKD", typed[:200]).upper()
    return "".join(sign for sign in wide if sign.isalnum())


def is_known_to_others(proof: str, others: Iterable[str], birth_year: str) -> bool:
    """Whether the proof is too short, a date, or something else that stands in the same line."""
    plain = plain_proof(proof)
    if len(plain) < SHORTEST_PROOF or _DATE.fullmatch(proof.strip()):
        return True
    if birth_year and plain.isdigit() and len(plain) == 8 and birth_year in {plain[:4], plain[4:]}:
        return True
    return plain in {plain_proof(other) for other in others if other}
