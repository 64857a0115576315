"""Bringing in proposals that the city published elsewhere: many at once, with nothing invented."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from budgets.models import Category, Round
from core import audit
from core.database import db
from core.text import clean_line
from districts.models import District
from proposals import discussions, search
from proposals.lifecycle import State
from proposals.models import CITY_LINE, CostLine, Proposal

LONGEST_TITLE = 200
LONGEST_CATEGORY = 80


@dataclass(frozen=True)
class ImportedProposal:
    """What a city's file says of one proposal. `category` is empty where it names none."""

    code: str
    title: str
    cost_minor: int
    category: str = ""


def import_proposals(
    round_: Round,
    district: District | None,
    rows: Sequence[ImportedProposal],
    state: State,
    *,
    at: datetime,
) -> dict[str, Proposal]:
    """Brings the city's proposals into the round, found by their code in what is returned.

    Titles and categories longer than the tables hold are cut at a word. The order of the file
    becomes the order of publication.
    """
    categories = _categories(round_, rows)
    proposals = {
        row.code: Proposal(
            code=row.code,
            round_id=round_.id,
            district_id=district.id if district else None,
            category_id=categories.get(_shortened(row.category, LONGEST_CATEGORY)),
            state=state.value,
            title=_shortened(row.title, LONGEST_TITLE),
            cost_minor=row.cost_minor,
            created_at=at,
            updated_at=at,
            published_at=at,
            cost_lines=[CostLine(position=0, label=CITY_LINE, amount_minor=row.cost_minor)],
        )
        for row in rows
    }
    db.session.add_all(proposals.values())
    db.session.flush()
    search.index_imported(list(proposals.values()), district)
    discussions.open_for_new(proposals.values(), at)
    place = district.ref if district else ""
    audit.record(
        "import_proposals",
        f"round:{round_.ref}",
        by=None,
        at=at,
        district=place,
        number=len(proposals),
    )
    return proposals


def _categories(round_: Round, rows: Sequence[ImportedProposal]) -> dict[str, int]:
    """The ids of the round's categories by name; those that the file brings are added."""
    known = {category.name: category for category in round_.categories}
    for row in rows:
        name = _shortened(row.category, LONGEST_CATEGORY)
        if name and name not in known:
            known[name] = Category(name=name)
            round_.categories.append(known[name])
    db.session.flush()
    return {name: category.id for name, category in known.items()}


def _shortened(text: str, longest: int) -> str:
    line = clean_line(text)
    if len(line) <= longest:
        return line
    return line[:longest].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
