"""A proposal as one entry of a list: plain words, made once, so that a long list prints fast."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from flask_babel import gettext
from markupsafe import Markup

from budgets.names import named
from core.i18n import money
from core.languages import lang_of, marked
from core.text import excerpt
from proposals.queries.listing import Choices
from proposals.words import TONES, state_words


class Card(NamedTuple):
    """What a list shows of a proposal; facts that are not known are left out of `facts`.

    `lang` is the attribute that says in which language it was written, where that needs saying.
    """

    ref: str
    title: str
    summary: str
    facts: Sequence[str]
    cost: str
    state: str
    word: str
    tone: str
    lang: Markup


def cards(lines: Sequence[Any], known: Choices, *, name_round: bool = True) -> list[Card]:
    """The entries for rows of `proposals.queries.listing`, in their order."""
    words, whole_city = state_words(), gettext("The whole city")
    name_of, lang = cache(named), cache(lang_of)  # few of them, on many lines
    made = []
    for line in lines:
        round_ = known.rounds.get(line.round_id)
        language = round_.language if round_ else ""
        district = known.districts.get(line.district_id)
        facts = (
            name_of(district.name, language) if district else whole_city,
            name_of(known.categories.get(line.category_id, ""), language),
            marked(line.place, lang(language)),
            round_.name if round_ and name_round else "",
        )
        made.append(
            Card(
                ref=line.ref,
                title=line.title,
                summary=excerpt(line.summary) if line.summary else "",
                facts=[fact for fact in facts if fact],
                cost=money(line.cost_minor, round_.currency) if round_ else "",
                state=line.state,
                word=words[line.state],
                tone=TONES[line.state],
                lang=lang(language),
            )
        )
    return made
