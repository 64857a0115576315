"""In which language the names of pots, contests, places and themes of a round are.

They are in the round's language, but for a few that the house and Pabulib's files write in
English, whatever the city speaks.
"""

from markupsafe import Markup

from core.languages import spoken

ENGLISH = frozenset(
    {
        "whole city",
        # Pabulib's themes (pabulib.org/format), and those that its files of Kraków have besides
        "bicycle infrastructure",
        "culture",
        "education",
        "environmental protection",
        "health",
        "infrastructure",
        "public space",
        "public transit and roads",
        "security",
        "society",
        "sport",
        "urban greenery",
        "welfare",
    }
)


def name_language(name: str, language: str | None) -> str:
    """The language of a name in a round of this language; nothing where that is not known."""
    if not language:
        return ""
    return "en" if name.casefold() in ENGLISH else language


def named(name: str, language: str | None) -> Markup:
    """A name to be shown, marked where it is in another language than the page."""
    return spoken(name, name_language(name, language))
