"""What a resident writes of a proposal, as one value: read from a form, shown, compared, saved."""

from dataclasses import dataclass

MOST_LINES = 30
LONGEST_LABEL = 120
LONGEST_BENEFIT = 2_000


@dataclass(frozen=True)
class CostItem:
    """One line of the costs; the amount in the currency's smallest unit."""

    label: str
    amount_minor: int


@dataclass(frozen=True)
class ProposalText:
    """Everything a resident says of her idea. `district_id` None is the whole city."""

    title: str
    district_id: int | None = None
    category_id: int | None = None
    place: str = ""
    what: str = ""
    why: str = ""
    who_benefits: str = ""
    cost_lines: tuple[CostItem, ...] = ()

    @property
    def cost_minor(self) -> int:
        return sum(line.amount_minor for line in self.cost_lines)


def missing_parts(text: ProposalText, *, has_categories: bool) -> list[str]:
    """The names of the parts that a proposal still needs before others may read it."""
    needed = {
        "title": text.title,
        "category": text.category_id if has_categories else True,
        "place": text.place,
        "what": text.what,
        "why": text.why,
        "who_benefits": text.who_benefits,
        "cost_lines": text.cost_minor,
    }
    return [name for name, said in needed.items() if not said]
