"""A round of the tests' town whose ballots are in: sealed, counted, certified, published.

Laid out through the models and the services, so that it stands before any screen of voting does.
"""

import random
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert

from accounts.models import User
from budgets.models import Round
from budgets.phases import PhaseKind
from core import clock
from core.database import db
from districts.models import District
from tests.harness.world import MILLION, add_option, make_contest, make_round
from transparency.models import PublishedRound
from transparency.services import publish_results
from voting.counting import RULES
from voting.models import Ballot, Contest, SealedBallot
from voting.queries.contests import contests_of
from voting.sealing import new_ballot_id
from voting.services.counts import certify_count, count_contest

Rankings = Sequence[Sequence[int]]


def packed(ranking: Sequence[int]) -> bytes:
    """Option numbers as the database keeps them."""
    return b"".join(number.to_bytes(2, "big") for number in ranking)


def rankings(number: int, options: int, *, seed: int = 1) -> list[list[int]]:
    """Ballots that differ: each ranks one to three of the options."""
    draw = random.Random(seed)
    return [draw.sample(range(options), draw.randint(1, 3)) for _ in range(number)]


def decided_round(
    ref: str = "budget-2025",
    *,
    district: District | None = None,
    city: int = 60,
    local: int = 60,
    rule: str = "points-by-rank",
    parameters: Mapping[str, Any] | None = None,
    themes: Sequence[str] = (),
) -> Round:
    """A round in its count phase: a contest of the whole city with four options and, if a district
    is given, its contest with six; both sealed with that many ballots and counted by `rule`. Where
    `themes` are given, each option has one of them."""
    at = clock.now()
    round_ = make_round(f"Round {ref}", ref, at, PhaseKind.COUNT)
    seal(make_contest(round_, None, at), rankings(city, 4))
    if district is not None:
        contest = make_contest(round_, district, at)
        for number in (4, 5):
            add_option(contest, round_, district, number, at)
        db.session.flush()
        seal(contest, rankings(local, 6, seed=2))
    for contest in contests_of(round_.id):
        contest.rule, contest.rule_version = rule, RULES[rule].version
        contest.rule_parameters = dict(parameters or {})
        for option, theme in zip(contest.options, themes, strict=False):
            option.category = theme
    db.session.commit()
    return round_


def seal(contest: Contest, ballots: Rankings) -> None:
    """The box after closing, as for a contest whose roll is not known."""
    contest.sealed_at, contest.ballots_cast, contest.roll_size = clock.now(), len(ballots), None
    db.session.execute(delete(SealedBallot).where(SealedBallot.contest_id == contest.id))
    rows = [
        {"contest_id": contest.id, "id": new_ballot_id(), "ranking": packed(ranking)}
        for ranking in ballots
    ]
    if rows:
        db.session.execute(insert(SealedBallot), rows)
    db.session.flush()
    db.session.expire(contest)


def cast(contest: Contest, ballots: Rankings) -> None:
    """Ballots in an open box, of people whom nobody can tell."""
    rows = [
        {
            "id": new_ballot_id(),
            "contest_id": contest.id,
            "tag": secrets.token_hex(32),
            "ranking": packed(ranking),
            "salt": secrets.token_bytes(32),
            "commitment": secrets.token_bytes(32),
            "manifest_number": 1,
        }
        for ranking in ballots
    ]
    db.session.execute(insert(Ballot), rows)
    db.session.commit()


def certify(round_: Round, by: User) -> None:
    """Every contest counted and signed."""
    at = clock.now()
    for contest in contests_of(round_.id):
        certify_count(count_contest(contest, by=by, at=at), by=by, at=at)
    db.session.commit()


def publish(round_: Round, *, certified_by: User, by: User) -> PublishedRound:
    """Counted, signed by one officer and published by another."""
    certify(round_, certified_by)
    return publish_certified(round_, by=by)


def publish_certified(round_: Round, *, by: User) -> PublishedRound:
    """Published as it was signed."""
    publication = publish_results(round_, by=by, at=clock.now() + timedelta(minutes=1))
    db.session.commit()
    return publication


def costly_option(contest: Contest, cost: int = 2 * MILLION) -> None:
    """Makes the contest's last option dearer than the whole pot."""
    contest.options[-1].cost_minor = cost
    db.session.flush()
