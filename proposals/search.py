"""What a proposal is found by: its words, its place, its district, category and code."""

from collections.abc import Sequence

from budgets.models import Category
from core import search
from core.database import db
from districts.models import District
from proposals.models import Proposal

KIND = "proposal"


def index(proposal: Proposal) -> None:
    """Makes a public proposal findable by what it says now."""
    search.index(KIND, proposal.id, *_texts(proposal, _names(proposal)))


def index_imported(proposals: Sequence[Proposal], district: District | None) -> None:
    """Makes many new proposals of one place findable at once."""
    place = district.name if district else ""
    names = dict(_category_names(proposals))
    search.index_many(
        KIND,
        [
            (each.id, _texts(each, (place, names.get(each.category_id or 0, ""))))
            for each in proposals
        ],
    )


def forget(proposal: Proposal) -> None:
    """Takes a proposal out of search, as after a withdrawal."""
    search.forget(KIND, proposal.id)


def _names(proposal: Proposal) -> tuple[str, str]:
    district = db.session.get(District, proposal.district_id) if proposal.district_id else None
    category = db.session.get(Category, proposal.category_id) if proposal.category_id else None
    return (district.name if district else "", category.name if category else "")


def _category_names(proposals: Sequence[Proposal]) -> list[tuple[int, str]]:
    ids = {proposal.category_id for proposal in proposals if proposal.category_id}
    found = [db.session.get(Category, number) for number in ids]
    return [(category.id, category.name) for category in found if category]


def _texts(proposal: Proposal, names: tuple[str, str]) -> tuple[str, ...]:
    return (
        proposal.title,
        proposal.code or "",
        proposal.place,
        *names,
        proposal.what,
        proposal.why,
        proposal.who_benefits,
    )
