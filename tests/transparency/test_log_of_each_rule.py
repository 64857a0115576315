"""By whichever rule a city lets its voters decide, the bundle that it leaves is found right."""

import io
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy

from accounts.models import User
from core import clock as clocks
from tests.harness.client import BrowserLikeClient
from tests.harness.people import district, sign_in
from tests.harness.world import World, make_contest
from tests.transparency.decided import publish
from tests.voting.log_voters import cast, voters
from tests.voting.questions import ask
from voting.counting import RULES
from voting.counting.seats import SEAT_RULES
from voting.models import Contest
from voting.offered import OFFERED
from voting.queries.contests import contests_of
from voting.services.closing import seal_contest

pytestmark = pytest.mark.sqlite  # What is about rows, other tests try on both databases.

ROOT = Path(__file__).resolve().parents[2]
VOTERS = 50
WITH_SETTINGS: list[tuple[str, dict[str, Any]]] = [
    ("equal-shares", {"completion": "add1"}),
    ("points-by-rank", {"threshold": 7}),
    ("points-by-rank", {"no_skip": True}),
    ("points-by-rank", {"ties": ["lot"], "seed": "a seed"}),
    ("points-by-rank", {"limits": [{"name": "Parks", "projects": 1}]}),
]


def test_every_rule_leaves_a_bundle_that_the_second_program_finds_right(
    app: object, clock: time_machine.Traveller, db: SQLAlchemy, client: BrowserLikeClient,
    world: World, eli: User, ewa: User, ida: User, tmp_path: Path,
) -> None:  # fmt: skip
    contests = [*contests_for_money(world), *contests_for_seats(world, eli)]
    vote(world, contests)
    clock.shift(timedelta(days=30))
    for each in contests_of(world.voting_round.id):
        seal_contest(each, at=clocks.now())
    publish(world.voting_round, certified_by=eli, by=ewa)
    sign_in(client, ida)

    for contest in contests:
        public = client.get(f"/ballot-log/{contest.ref}/bundle.zip").data
        own = client.post(f"/ballot-log/{contest.ref}/openings").data

        file = "ballots.blt" if contest.is_for_seats else "ballots.pb"
        assert {file, "ballots.json"} < names(public)
        assert names(own) == names(public) | {"openings.json"}
        told = said_of(tmp_path, own)
        assert f"{VOTERS} ballots, under the terms of the manifest" in told, contest.rule
        assert "its ballots are those that the closing record binds" in told
        assert f"opened, and hold those of {file}" in told


def contests_for_money(world: World) -> list[Contest]:
    """One for each rule that is offered, and some with settings of their own."""
    made = []
    rules = [*((name, {}) for name in OFFERED), *WITH_SETTINGS]
    for number, (rule, parameters) in enumerate(rules):
        home = district(f"{chr(ord('a') + number)}-quarter")
        contest = make_contest(world.voting_round, home, clocks.now())
        contest.district_id = None  # everybody votes in each
        contest.rule, contest.rule_version = rule, RULES[rule].version
        contest.rule_parameters = parameters
        made.append(contest)
    return made


def contests_for_seats(world: World, eli: User) -> list[Contest]:
    made = []
    for rule, known in SEAT_RULES.items():
        contest = ask(world, eli, title=f"By {rule}", seats=1 if known.one_seat else 2)
        contest.rule, contest.rule_version = rule, known.version
        made.append(contest)
    return made


def vote(world: World, contests: list[Contest]) -> None:
    """Each voter votes in each contest; every tenth changes her mind."""
    for number, entry in enumerate(voters(world, VOTERS)):
        for contest in contests:
            refs = [option.ref for option in contest.options]
            first, second = refs[number % 3], refs[(number + 1) % 3]
            cast(contest, entry, [first, second])
            if number % 10 == 0:
                cast(contest, entry, [second])


def names(archive: bytes) -> set[str]:
    return set(zipfile.ZipFile(io.BytesIO(archive)).namelist())


def said_of(folder: Path, archive: bytes) -> str:
    """What the second program says of a bundle in which all is right."""
    path = folder / "bundle.zip"
    path.write_bytes(archive)
    command = [sys.executable, "-I", str(ROOT / "recount.py"), "verify", str(path)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
    return said.stdout
