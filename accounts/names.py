"""Names that people go by here: one line, with a letter in it, and no office of the town hall."""

import re
import unicodedata
from collections.abc import Sequence

from core.refs import fold

LONGEST = 60

# Letters and digits that are read as others, as in `Adm1n` or a Cyrillic `а`.
_LOOKALIKES = str.maketrans("01345$@аеорсухіѕјԁԛαεοριν", "oieasSaaeopcyxisjdqaeopiv".lower())
_OFFICES_ANYWHERE = (
    "administrator", "moderator", "townhall", "cityhall", "citycouncil", "towncouncil",
    "electionofficer", "commonpurse", "urzadmiasta", "prezydentmiasta", "rathaus",
)  # fmt: skip
_OFFICES_AS_WORD = {"admin", "sysadmin", "administracja"}
_OFFICES_ALONE = {
    "admin", "clerk", "mayor", "mod", "moderation", "officer", "official", "reviewer", "root",
    "staff", "support", "system", "team", "thecity", "themayor",
}  # fmt: skip


def name_mistake(name: str, *, offices: Sequence[str] = ()) -> str | None:
    """`empty`, `long`, `letters` or `office`; None for a name that may stand under a post.

    `name` is cleaned already. `offices` are further names that nobody may take: the site's, the
    city's.
    """
    if not name:
        return "empty"
    if len(name) > LONGEST:
        return "long"
    if not any(unicodedata.category(sign).startswith("L") for sign in name):
        return "letters"
    return "office" if _imitates_office(name, offices) else None


def _imitates_office(name: str, offices: Sequence[str]) -> bool:
    words = re.findall(r"\w+", _skeleton(name))
    together = "".join(words)
    if together in _OFFICES_ALONE or _OFFICES_AS_WORD & set(words):
        return True
    if any(office in together for office in _OFFICES_ANYWHERE):
        return True
    return together in {"".join(re.findall(r"\w+", _skeleton(office))) for office in offices}


def _skeleton(name: str) -> str:
    """The name as an eye in a hurry reads it."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return fold(plain.translate(_LOOKALIKES)).replace("_", " ")
