"""Proposals that the demonstration's residents have written, in the round that collects now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from budgets.models import Round
from districts.queries import district_by_name
from proposals.services.texts import publish_proposal, write_proposal
from proposals.texts import CostItem, ProposalText

ZLOTY = 100


@dataclass(frozen=True)
class Idea:
    """A proposal in short: amounts in whole zlotys, `days_ago` when it was published."""

    author: str
    title: str
    district: str
    category: str
    place: str
    what: str
    why: str
    who_benefits: str
    costs: tuple[tuple[str, int], ...]
    days_ago: int


IDEAS = (
    Idea(
        "Amara",
        "Shade and water on the Vistula path",
        "Podgórze",
        "environmental protection",
        "The path between the footbridge and Bagry, south bank",
        "Twelve lime trees, four drinking fountains and **eight benches with backs and arms**, "
        "about one every 150 metres.",
        "In July the path reaches 40 degrees and has not one tap. People turn round at the first "
        "kilometre; older people stopped coming.",
        "Everybody who walks or cycles there, about 3,000 people on a summer day; older people "
        "and families most.",
        (
            ("Trees, planted, with three years of care", 96_000),
            ("Drinking fountains", 120_000),
            ("Benches", 56_000),
            ("Design and permits", 28_000),
        ),
        8,
    ),
    Idea(
        "Bo",
        "A repair café in the library",
        "Podgórze",
        "culture",
        "District library, ground floor",
        "One evening a week with tools, a sewing machine and two volunteers who know how. "
        "Bring what is broken, take it home mended.\n\n- toasters and lamps\n- clothes\n- bicycles",
        "We throw away what needs one screw. And it is a reason to meet.",
        "Anybody with something broken. The library gets new visitors.",
        (
            ("Tools and workbenches", 24_000),
            ("Coordinator, one year, 6 hours a week", 31_200),
            ("Materials", 6_000),
        ),
        6,
    ),
    Idea(
        "Chen",
        "Safe crossing at the school in Czyżyny",
        "Czyżyny",
        "infrastructure",
        "In front of the primary school, at the tram stop",
        "A raised crossing with lamps that switch on when somebody waits, and a kerb that a "
        "wheelchair can roll over.",
        "Two children were hurt here in the last two years. Cars come out of the bend too fast.",
        "420 pupils, their parents, and everybody who takes the tram.",
        (("Raised crossing", 148_000), ("Lamps with sensors", 67_000), ("Design", 19_500)),
        5,
    ),
    Idea(
        "Amara",
        "Night bus from the Old Town to the southern districts",
        "",
        "public space",
        "Whole city",
        "One year of a trial night bus, every 40 minutes on Fridays and Saturdays.",
        "The last tram leaves before the theatres close. Nurses and waiters walk home.",
        "People who work at night, and everybody who lives south of the river.",
        (("Trial operation, 104 nights", 1_248_000), ("Signs and timetable", 22_000)),
        4,
    ),
    Idea(
        "Chen",
        "Open-air reading room",
        "Czyżyny",
        "education",
        "The lawn behind the community centre",
        "A roofed shelf for swapping books, six tables with chess boards, light until 22:00.",
        "There is no place to sit outside that does not sell something.",
        "Pupils after school, chess players, neighbours.",
        (("Pavilion", 84_000), ("Tables", 21_600), ("Light", 18_000)),
        2,
    ),
)


def write_all(round_: Round, cast: dict[str, User], at: datetime) -> None:
    """Writes and publishes them, as their authors would."""
    categories = {category.name: category.id for category in round_.categories}
    for idea in IDEAS:
        district = district_by_name(idea.district) if idea.district else None
        said = ProposalText(
            title=idea.title,
            district_id=district.id if district else None,
            category_id=categories[idea.category],
            place=idea.place,
            what=idea.what,
            why=idea.why,
            who_benefits=idea.who_benefits,
            cost_lines=tuple(CostItem(label, amount * ZLOTY) for label, amount in idea.costs),
        )
        when = at - timedelta(days=idea.days_ago)
        author = cast[idea.author]
        proposal = write_proposal(round_, said, form_key=None, by=author, at=when)
        publish_proposal(proposal, by=author, at=when)
