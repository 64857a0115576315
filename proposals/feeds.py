"""The Atom feed of proposals."""

from collections.abc import Callable, Sequence
from typing import Any

from flask_babel import gettext
from markupsafe import Markup, escape

from budgets.names import named
from core.feeds import Feed
from core.i18n import money
from core.languages import spoken
from core.text import excerpt
from proposals.queries.listing import EPOCH, Choices
from proposals.words import state_word


def newest_proposals(
    lines: Sequence[Any], known: Choices, *, title: str, address_of: Callable[..., str]
) -> str:
    """The feed as text. `address_of(endpoint, …)` gives whole addresses."""
    feed = Feed(
        title=title,
        feed_url=address_of("proposals.feed"),
        url=address_of("proposals.index"),
        updated=max((line.updated_at for line in lines), default=EPOCH),
        author=gettext("Residents"),
        generator=("Common Purse", None, None),
    )
    for line in lines:
        address = address_of("proposals.show", ref=line.ref)
        round_ = known.rounds.get(line.round_id)
        feed.add(
            title=line.title,
            content=_sentence(line, known),
            content_type="html",
            language=round_.language if round_ else "",
            url=address,
            id=address,
            published=line.published_at,
            updated=line.updated_at,
        )
    return str(feed.to_string())


def _sentence(line: Any, known: Choices) -> Markup:
    round_ = known.rounds.get(line.round_id)
    place = known.districts.get(line.district_id)
    language = round_.language if round_ else ""
    parts = [
        spoken(excerpt(line.summary), language),
        named(place.name, language) if place else gettext("The whole city"),
        money(line.cost_minor, round_.currency) if round_ else "",
        state_word(line.state),
    ]
    return Markup(" · ").join(escape(part) for part in parts if part)
