"""A round that is made up, ballots and all: small squares, each in a district.

Kraków's files do not say in which district a project of the whole city lies. So that everybody can
look at the money of districts beside those who voted there, this round shows it, and says of itself
that nobody voted in it.
"""

import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from accounts.models import User
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.services import add_pot, announce_round, create_round, set_calendar
from core.database import db
from transparency.services import publish_results
from voting.services.counts import certify_count, count_contest
from voting.services.imports import import_past_contest

NAME = "Small squares 2023 (made up)"
SUMMARY = (
    "Made up for this demonstration, projects and ballots: nobody voted in it. Its projects lie in "
    "districts, so that its result can show the money of each beside those who voted there."
)
POT = 300_000_00
VOTERS = {
    "Podgórze": 180, "Nowa Huta": 150, "Dębniki": 140, "Prądnik Biały": 90, "Krowodrza": 60,
    "Czyżyny": 45, "Stare Miasto": 40, "Zwierzyniec": 25, "Grzegórzki": 22, "Bronowice": 18,
    "Swoszowice": 14, "Bieńczyce": 4,
}  # fmt: skip
SQUARES = [
    ("Skwer przy Kalwaryjskiej", "Podgórze", 95_000),
    ("Ławki na Placu Niepodległości", "Podgórze", 40_000),
    ("Ogród przy Alei Róż", "Nowa Huta", 90_000),
    ("Cień na osiedlu Centrum B", "Nowa Huta", 35_000),
    ("Zielony zakątek na Ruczaju", "Dębniki", 70_000),
    ("Skwer sąsiedzki przy Pachońskiego", "Prądnik Biały", 55_000),
    ("Drzewa na Placu Inwalidów", "Krowodrza", 45_000),
    ("Ławki przy dawnym lotnisku", "Czyżyny", 30_000),
    ("Kwietnik na Plantach", "Stare Miasto", 30_000),
    ("Poidełka w całym mieście", "", 60_000),
]
HEAD = """META
key;value
description;Small squares
country;Poland
unit;Kraków
instance;2023
num_projects;{projects}
num_votes;{votes}
budget;{budget}
vote_type;ordinal
rule;greedy
date_begin;01.06.2023
date_end;14.06.2023
min_length;1
max_length;3
language;pl
currency;PLN
PROJECTS
project_id;cost;name;category;district
"""


def squares_round(counter: User, publisher: User, at: datetime) -> Round:
    """Brought in, counted and published like a round of the past; `at` is when it was published."""
    round_ = create_round(
        name=NAME, currency="PLN", total_minor=POT, summary=SUMMARY, source_note=SUMMARY,
        by=counter, at=at,
    )  # fmt: skip
    opened = datetime(2023, 6, 1, tzinfo=UTC)
    starts = [(PhaseKind.VOTING, opened)]
    set_calendar(round_, starts, opened + timedelta(days=14), by=counter, at=at)
    announce_round(round_, by=counter, at=at)
    pot = add_pot(round_, "Small squares", POT, None, by=None, at=at)
    with tempfile.TemporaryDirectory(prefix="squares-") as folder:
        path = Path(folder) / "squares.pb"
        path.write_text(made_up(), encoding="utf-8")
        contest = import_past_contest(round_, pot, path, at=at)
    certify_count(count_contest(contest, by=counter, at=at), by=counter, at=at)
    publish_results(round_, by=publisher, at=at)
    db.session.commit()
    return round_


def made_up() -> str:
    """The file, the same each time."""
    draw = random.Random(2023)  # noqa: S311  (nothing here is secret)
    rows = [
        f"{number};{cost};{name};public space;{place or 'Kraków'}"
        for number, (name, place, cost) in enumerate(SQUARES, 1)
    ]
    homes = [home for home, voters in VOTERS.items() for _ in range(voters)]
    draw.shuffle(homes)
    votes = [f"{n};{','.join(_choices(home, draw))};{home}" for n, home in enumerate(homes, 1)]
    head = HEAD.format(projects=len(rows), votes=len(votes), budget=POT // 100)
    return head + "\n".join([*rows, "VOTES", "voter_id;vote;district", *votes]) + "\n"


def _choices(home: str, draw: random.Random) -> list[str]:
    """What is near goes first, as a rule."""
    near = [str(n) for n, (_, place, _) in enumerate(SQUARES, 1) if place == home]
    far = [str(n) for n in range(1, len(SQUARES) + 1) if str(n) not in near]
    draw.shuffle(far)
    return [*near, *far][: draw.choice([1, 2, 3, 3])]
