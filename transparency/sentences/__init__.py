"""What is said of a result, in plain words.

Made from codes and integers only, and only from figures that the count confirmed when it was run
again: nothing here is guessed. Every sentence goes through the translations.
"""

from functools import lru_cache

from markupsafe import Markup

from core.languages import page_language
from transparency.results import ContestResult, OptionResult
from transparency.sentences.changes import what_if
from transparency.sentences.election_stages import (
    broken,
    compared,
    election_idea,
    listed,
    stage_remarks,
    stage_title,
)
from transparency.sentences.elections import seat_rule_name, tally, verdict, votes_held
from transparency.sentences.outcomes import reason
from transparency.sentences.rules import comparison, idea, rule_name
from transparency.sentences.stages import broken_tie, level, part_title, turn_word
from transparency.sentences.words import (
    amounts_in,
    at_most,
    average,
    ballots,
    key_figure,
    money,
    points,
    price,
    votes,
)

__all__ = [
    "amounts_in",
    "at_most",
    "average",
    "ballots",
    "broken",
    "broken_tie",
    "compared",
    "comparison",
    "election_idea",
    "explanation",
    "idea",
    "key_figure",
    "level",
    "listed",
    "money",
    "part_title",
    "points",
    "price",
    "reason",
    "rule_name",
    "seat_rule_name",
    "stage_remarks",
    "stage_title",
    "tally",
    "turn_word",
    "verdict",
    "votes",
    "votes_held",
    "what_if",
]


def explanation(option: OptionResult, result: ContestResult, titles: str = "") -> Markup:
    """Why the option was funded or not, and what would have changed that: a short paragraph.

    `titles` is the language of the proposals that it may name. Published results never change, so
    each paragraph is put together once per language.
    """
    return _explanation(option, result.budget, result.currency, titles, page_language())


@lru_cache(maxsize=8192)
def _explanation(
    option: OptionResult, pot: int, currency: str, titles: str, _locale: str
) -> Markup:
    parts = (reason(option, pot, currency, titles), what_if(option, pot, currency, titles))
    return Markup(" ").join(part for part in parts if part)
