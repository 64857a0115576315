"""A proposal as one entry of a list: plain words, made once, so that a long list prints fast."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from core.i18n import money
from core.text import excerpt
from proposals.queries.listing import Choices
from proposals.words import TONES, state_words


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows of a proposal; facts that are not known are left out of `facts`."""

    ref: str
    title: str
    summary: str
    facts: Sequence[str]
    cost: str
    state: str
    word: str
    tone: str


def cards(lines: Sequence[Any], known: Choices, *, name_round: bool = True) -> list[Card]:
    """The entries for rows of `proposals.queries.listing`, in their order."""
    words, whole_city = state_words(), gettext("The whole city")
    made = []
    for line in lines:
        round_ = known.rounds.get(line.round_id)
        district = known.districts.get(line.district_id)
        facts = (
            district.name if district else whole_city,
            known.categories.get(line.category_id, ""),
            line.place,
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
            )
        )
    return made
