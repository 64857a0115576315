"""The three rounds of the demonstration that show Kraków: counted, voting, collecting."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from accounts.models import User
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.services import (
    add_category,
    add_pot,
    announce_round,
    create_round,
    set_calendar,
)
from core.clock import city_zone
from core.database import db
from core.refs import fold
from districts.models import District
from districts.queries import district_by_name
from districts.services import add_district
from transparency.services import publish_results
from voting import counting
from voting.models import Contest
from voting.offered import DEFAULT_RULE
from voting.questions import Answer, Question
from voting.services.contests import choose_rule
from voting.services.counts import certify_count, count_contest
from voting.services.imports import (
    differs_from_official,
    import_ballot_paper,
    import_past_contest,
)
from voting.services.questions import create_question
from voting.services.setup import set_ballots

DATA = Path(__file__).resolve().parents[2] / "data"
PAST, NOW = DATA / "krakow-2024", DATA / "voting-now"
SOURCE = (
    "Ballots, projects and winners come from Pabulib (Stolicki, Szufa, Talmon: “Pabulib: A "
    "Participatory Budgeting Library”, arXiv 2012.06539). What the files said of the voters' age, "
    "sex and neighbourhood is left out here. The size of the voter roll is not in the files."
)
CATEGORIES = ("culture", "education", "environmental protection", "health", "infrastructure",
              "public space", "security", "sport")  # fmt: skip
MILLION = 1_000_000_00
BY_POINTS = "Swoszowice"
"""The district that goes on voting by the rule of 2024 in the round that is open."""

NAME_OF_A_BRIDGE = Question(
    title="Nazwa nowej kładki nad Wisłą",
    answers=[
        Answer("Kładka Flisaków", "Tędy spływały tratwy z solą i drewnem."),
        Answer("Kładka Jaskółek", "Gnieżdżą się pod wszystkimi mostami w mieście."),
        Answer("Kładka Wierzbowa", "Od starych wierzb na prawym brzegu."),
        Answer("Kładka Praczek", "Na tym brzegu prano bieliznę dla całego miasta."),
        Answer("Kładka Listonoszy", "Najkrótsza droga między dwiema pocztami."),
    ],
    max_length=5,
)
"""Made up, in the language of the round's proposals."""


@dataclass(frozen=True)
class File:
    """One contest's file, with what is needed to make its pot."""

    path: Path
    place: str
    budget_minor: int
    ballots: int


class WrongWinners(RuntimeError):
    """Our count and the city's own result differ: the demonstration is not shown."""


def make_districts(at: datetime) -> None:
    """The 18 districts that have a file of their own."""
    for file in _files(PAST):
        if file.place:
            add_district(file.place, at=at)


def past_round(counter: User, publisher: User, at: datetime) -> Round:
    """Kraków 2024: imported with its ballots, counted, compared with the city's, published."""
    files = _files(PAST)
    round_ = create_round(
        name="Kraków 2024",
        currency="PLN",
        total_minor=sum(file.budget_minor for file in files),
        summary="The eleventh citizens' budget of Kraków: one contest for the whole city and one "
        "for each of its eighteen districts. Every voter ranked three projects on each paper.",
        source_note=SOURCE,
        by=counter,
        at=at,
    )
    opened, closed = _city_time(2024, 9, 13), _city_time(2024, 9, 28)
    set_calendar(round_, [(PhaseKind.VOTING, opened)], closed, by=counter, at=at)
    announce_round(round_, by=counter, at=at)
    contests = _import_with_bar(round_, files, at)
    _count_with_bar(round_, contests, counter, at)
    click.echo("Counting a second time with recount.py, and publishing …")
    publish_results(round_, by=publisher, at=at)
    db.session.commit()
    return round_


def voting_round(officer: User, at: datetime) -> Round:
    """A round that votes from now on for thirty days, on real projects and without any ballot."""
    files = _files(NOW)
    round_ = create_round(
        name="Kraków now (demonstration)",
        currency="PLN",
        total_minor=sum(file.budget_minor for file in files),
        summary="A demonstration with real projects of Kraków: 119 for the whole city, and those "
        "of Podgórze, Czyżyny and Swoszowice. The question about the name of a footbridge is made "
        "up, to show a vote without money. What you do here has no effect outside it.",
        source_note=SOURCE,
        by=officer,
        at=at,
    )
    closes = at.replace(minute=0, second=0, microsecond=0) + timedelta(days=30, hours=1)
    starts = [
        (PhaseKind.SUBMISSION, at - timedelta(days=120)),
        (PhaseKind.REVIEW, at - timedelta(days=60)),
        (PhaseKind.VOTING, at),
        (PhaseKind.COUNT, closes),
        (PhaseKind.DELIVERY, closes + timedelta(days=14)),
    ]
    set_calendar(round_, starts, closes + timedelta(days=379), by=officer, at=at)
    for file in files:
        name, district = _pot_of(file)
        pot = add_pot(round_, name, file.budget_minor, district, by=officer, at=at)
        contest = import_ballot_paper(round_, pot, file.path, at=at)
        if file.place != BY_POINTS:
            choose_rule(contest, DEFAULT_RULE, {}, by=officer, at=at)
    create_question(round_, NAME_OF_A_BRIDGE, by=officer, at=at)
    announce_round(round_, by=officer, at=at)
    db.session.commit()
    return round_


def submission_round(officer: User, at: datetime) -> Round:
    """The round after it: residents write their proposals."""
    round_ = create_round(
        name="Kraków next year (demonstration)",
        currency="PLN",
        total_minor=14 * MILLION,
        summary="Write what your street, your district or the whole city needs. Reviewers look at "
        "every proposal; those that can be done stand on the ballot.",
        by=officer,
        at=at,
    )
    days = {
        PhaseKind.SUBMISSION: -10,
        PhaseKind.REVIEW: 45,
        PhaseKind.VOTING: 105,
        PhaseKind.COUNT: 119,
        PhaseKind.DELIVERY: 133,
    }
    starts = [(kind, at + timedelta(days=number)) for kind, number in days.items()]
    set_calendar(round_, starts, at + timedelta(days=500), by=officer, at=at)
    add_pot(round_, "Whole city", 8 * MILLION, None, by=officer, at=at)
    for name in ("Podgórze", "Czyżyny", "Swoszowice"):
        add_pot(round_, name, 2 * MILLION, district_by_name(name), by=officer, at=at)
    for category in CATEGORIES:
        add_category(round_, category)
    set_ballots(
        round_, round_.pots, min_length=1, max_length=3, aggregate_below=50, by=officer, at=at
    )
    announce_round(round_, by=officer, at=at)
    db.session.commit()
    return round_


def voting_closes_at(round_: Round) -> datetime:
    """When voting in this round ends."""
    span = round_.span_of(PhaseKind.VOTING)
    if span is None:
        raise ValueError(f"{round_.name} has no voting phase.")
    return span.ends_at


def _import_with_bar(round_: Round, files: list[File], at: datetime) -> list[tuple[Contest, Path]]:
    contests = []
    total = sum(file.ballots for file in files)
    with click.progressbar(length=total, label=f"Importing {total:,} ballots") as bar:
        for file in files:
            name, district = _pot_of(file)
            pot = add_pot(round_, name, file.budget_minor, district, by=None, at=at)
            contests.append((import_past_contest(round_, pot, file.path, at=at), file.path))
            bar.update(file.ballots)
    return contests


def _count_with_bar(
    round_: Round, contests: list[tuple[Contest, Path]], officer: User, at: datetime
) -> None:
    with click.progressbar(contests, label=f"Counting {len(contests)} contests") as bar:
        for contest, path in bar:
            counted = count_contest(contest, by=officer, at=at)
            if different := differs_from_official(counted, path):
                raise WrongWinners(f"{round_.name}, {contest.title}: {' '.join(different)}")
            certify_count(counted, by=officer, at=at)
    db.session.commit()
    click.echo("Every contest has the winners that the city declared.")


def _files(folder: Path) -> list[File]:
    """The files of a folder, the city's first, then by the name of the district."""
    found = []
    for path in folder.glob("*.pb.gz"):
        contest, ballots = counting.read_pb(path)
        place = contest.meta.get("district", "")
        found.append(File(path, place, contest.budget, len(ballots)))
    return sorted(found, key=lambda file: (file.place != "", fold(file.place)))


def _pot_of(file: File) -> tuple[str, District | None]:
    if not file.place:
        return "Whole city", None
    return file.place, district_by_name(file.place)


def _city_time(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=city_zone()).astimezone(UTC)
