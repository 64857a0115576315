"""A round that is over and was voted on here, so that its ballot log can be checked to the end.

Made up, people and ballots. The money was decided with sealed ballots that only the auditor, Ida,
may open; the question without money with seals that everybody may open. See docs/auditing.md.
"""

import random
import tempfile
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from accounts.models import User
from app.demo.letters import made_up_voters
from budgets.models import Round
from budgets.phases import PhaseKind
from budgets.services import add_pot, announce_round, create_round, set_calendar
from core.database import db
from transparency.services import publish_results
from voting import sealing
from voting.models import Contest, RollEntry
from voting.offered import DEFAULT_RULE
from voting.openings import Openings
from voting.questions import Answer, Question
from voting.services.ballots import cast_ballot
from voting.services.closing import destroy_link_key, seal_contest
from voting.services.contests import choose_rule
from voting.services.counts import certify_count, count_contest
from voting.services.imports import import_ballot_paper
from voting.services.kept import keep_ballot
from voting.services.log import append_batch
from voting.services.questions import create_question

NAME = "Benches and shade (made up)"
SUMMARY = (
    "Made up for this demonstration, projects and ballots, but voted on as in earnest: its ballot "
    "log holds a seal of every ballot, and anybody can check it."
)
POT = 120_000_00
PROJECTS = [
    ("Ławki z oparciem na Bulwarach", 38_000),
    ("Cień na placu zabaw przy szkole", 52_000),
    ("Lipy wzdłuż torów tramwajowych", 45_000),
    ("Poidełka przy ścieżce rowerowej", 24_000),
    ("Stół do szachów pod kasztanem", 9_000),
    ("Pnącza na ekranach akustycznych", 31_000),
]
HEAD = """META
key;value
description;Benches and shade
country;Poland
unit;Kraków
instance;benches
num_projects;{projects}
num_votes;0
budget;{budget}
vote_type;ordinal
rule;greedy
min_length;1
max_length;3
language;pl
currency;PLN
PROJECTS
project_id;cost;name
"""
COLOUR = Question(
    title="Kolor nowych ławek",
    answers=[Answer("Zielony"), Answer("Granatowy"), Answer("Naturalne drewno")],
    openings=Openings.PUBLIC.value,
)
VOTERS, FIRST_VOTER, A_BATCH, CHANGES_MIND = 90, 160, 25, 9


def round_with_log(officer: User, second: User, at: datetime) -> Round:
    """Voted on for two weeks that ended six days ago; counted and published since."""
    begun, closed = at - timedelta(days=20), at - timedelta(days=6)
    round_ = create_round(
        name=NAME, currency="PLN", total_minor=POT, summary=SUMMARY, by=officer, at=begun
    )
    starts = [(PhaseKind.VOTING, begun), (PhaseKind.COUNT, closed)]
    set_calendar(round_, starts, at + timedelta(days=365), by=officer, at=begun)
    contests = [_money(round_, officer, begun), create_question(
        round_, COLOUR, by=officer, at=begun
    )]  # fmt: skip
    announce_round(round_, by=officer, at=begun)
    draw = random.Random(2026)  # noqa: S311  (nothing here is secret)
    voters = made_up_voters(FIRST_VOTER, VOTERS)
    for contest in contests:
        _vote(contest, voters, draw, begun)
        seal_contest(contest, at=closed)
        destroy_link_key(contest.ref)
        counted = count_contest(contest, by=officer, at=closed + timedelta(days=1))
        signed = closed + timedelta(days=2)
        certify_count(counted, by=officer, countersigned_by=second, at=signed)
    publish_results(round_, by=second, at=closed + timedelta(days=3))
    db.session.commit()
    return round_


def _money(round_: Round, officer: User, at: datetime) -> Contest:
    pot = add_pot(round_, "Benches", POT, None, by=officer, at=at)
    rows = [f"{number};{cost};{name}" for number, (name, cost) in enumerate(PROJECTS, 1)]
    head = HEAD.format(projects=len(rows), budget=POT // 100)
    with tempfile.TemporaryDirectory(prefix="benches-") as folder:
        path = Path(folder) / "benches.pb"
        path.write_text("\n".join([head + rows[0], *rows[1:], "VOTES", "voter_id;vote", ""]))
        contest = import_ballot_paper(round_, pot, path, at=at)
    choose_rule(contest, DEFAULT_RULE, {}, by=officer, at=at)
    return contest


def _vote(
    contest: Contest, voters: Sequence[RollEntry], draw: random.Random, begun: datetime
) -> None:
    """Some change their minds, and one never casts what she marked; the log grows by batches."""
    refs = [option.ref for option in contest.options]
    for number, entry in enumerate(voters):
        at = begun + timedelta(hours=3 * number + 1)
        if number == VOTERS - 1:
            keep_ballot(contest, entry, _ranking(refs, draw), at=at)
            continue
        for _ in range(2 if number % CHANGES_MIND == 0 else 1):
            cast_ballot(contest, entry, _ranking(refs, draw), sealing.new_form_key(), at=at)
        if number % A_BATCH == A_BATCH - 1:
            append_batch(contest, at=at)


def _ranking(refs: Sequence[str], draw: random.Random) -> list[str]:
    return draw.sample(refs, draw.randint(1, 3))
