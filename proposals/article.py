"""A proposal as it is read: one shape for what was saved and for what is still being written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from budgets.models import Round
from core import text
from proposals.models import CITY_LINE, Proposal
from proposals.queries.proposals import Names
from proposals.texts import CostItem, ProposalText


@dataclass(frozen=True)
class Article:
    """What the page of a proposal shows. HTML is cleaned; everything else is plain text.

    `author` is empty where nobody is named; `code` and `source` are the city's.
    """

    title: str
    round_: Round
    district: str
    category: str
    place: str
    what_html: str
    why_html: str
    who_benefits_html: str
    summary: str
    cost_minor: int
    cost_lines: Sequence[CostItem]
    pot_minor: int | None
    author: str
    code: str
    source: str
    published_at: datetime | None

    @property
    def has_text(self) -> bool:
        return bool(self.what_html or self.why_html or self.who_benefits_html)


def saved_article(proposal: Proposal, names: Names) -> Article:
    """The proposal as it is saved."""
    lines = [CostItem(line.label, line.amount_minor) for line in proposal.cost_lines]
    if proposal.code and [line.label for line in lines] == [CITY_LINE]:
        lines = []  # one sum, stated by the city: it is shown as such, not as a list
    return Article(
        title=proposal.title,
        round_=proposal.round,
        district=names.district,
        category=names.category,
        place=proposal.place,
        what_html=proposal.what_html,
        why_html=proposal.why_html,
        who_benefits_html=proposal.who_benefits_html,
        summary=text.excerpt(proposal.what, 200),
        cost_minor=proposal.cost_minor,
        cost_lines=lines,
        pot_minor=names.pot_minor,
        author=names.author,
        code=proposal.code or "",
        source=proposal.round.source_note if proposal.code else "",
        published_at=proposal.published_at,
    )


def written_article(said: ProposalText, round_: Round, names: Names) -> Article:
    """The proposal as it would be, if it were saved now."""
    return Article(
        title=said.title,
        round_=round_,
        district=names.district,
        category=names.category,
        place=said.place,
        what_html=text.render(said.what),
        why_html=text.render(said.why),
        who_benefits_html=text.render(said.who_benefits),
        summary=text.excerpt(said.what, 200),
        cost_minor=said.cost_minor,
        cost_lines=said.cost_lines,
        pot_minor=names.pot_minor,
        author=names.author,
        code="",
        source="",
        published_at=None,
    )
