"""A ballot box to be put under fire: a contest on a fresh database, and voters who are signed in.

The paper has so many options that every ballot ever sent can be another ranking: what is counted
after closing then tells by itself who sent it, and when, without asking the product.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import Select, select

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock
from core.database import db, only_reading
from tests.harness import people
from tests.harness.application import migrate, new_app, settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.durable_postgres import DurablePostgres
from tests.harness.world import make_contest, make_round
from voting import sealing
from voting.counting.ranking import unpack_ranking
from voting.models import Ballot, Option
from voting.queries.rolls import roll_entry_of

OPTIONS, RANKS = 16, 6  # 5,765,760 different rankings
Ranking = tuple[str, ...]


@dataclass(frozen=True)
class Voter:
    """Somebody on the roll with a session of hers open, and what her browser sends along."""

    number: int
    entry_id: int
    person_key: str
    cookie: str
    csrf_token: str


@dataclass(frozen=True)
class Paper:
    """The contest that is voted on, and the voters: what every copy of the town has alike."""

    contest_ref: str
    contest_id: int
    options: Ranking
    voters: list[Voter]


@dataclass(frozen=True)
class Box:
    """The ballot box of one town. `environment` starts a server for it."""

    app: Flask
    database_url: str
    postgres: DurablePostgres | None
    paper: Paper

    @property
    def voters(self) -> list[Voter]:
        return self.paper.voters

    @property
    def options(self) -> Ranking:
        return self.paper.options

    @property
    def contest_ref(self) -> str:
        return self.paper.contest_ref

    @property
    def contest_id(self) -> int:
        return self.paper.contest_id

    @property
    def file(self) -> Path:
        """SQLite's file."""
        assert self.postgres is None
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def address(self) -> str:
        """Where a ballot is cast."""
        return f"/ballots/{self.contest_ref}/casts"

    @property
    def environment(self) -> dict[str, str]:
        """The same secrets and folders as the application that made the voters' sessions."""
        settings = self.app.config["SETTINGS"]
        return {
            "INSTANCE_DIR": str(settings.instance_dir),
            "DATABASE_URL": self.database_url,
            "SECRET_KEY": settings.secret_key,
            "PASSWORD_SALT": settings.password_salt,
            "REGISTER_KEY": settings.register_key,
            "MAIL_BACKEND": "file",
            "RATE_LIMITS": "0",
            "CHEAP_PASSWORDS": "1",
            "JOBS": "worker",
        }

    def new_key(self, voter: Voter) -> str:
        """The idempotency key that a review page would hold for her."""
        secret = str(self.app.config["SECRET_KEY"])
        key = sealing.new_form_key()
        return sealing.sign_form_key(secret, key, self.contest_ref, voter.person_key)

    def form(self, voter: Voter, key: str, ranking: Ranking) -> bytes:
        """What her browser posts when she casts."""
        fields = {"csrf_token": voter.csrf_token, "key": key, "ranking": ranking}
        return urlencode(fields, doseq=True).encode()


def ranking_number(number: int, options: Ranking) -> Ranking:
    """One ranking for each number, no two alike."""
    left, ranking = list(options), []
    for _ in range(RANKS):
        number, place = divmod(number, len(left))
        ranking.append(left.pop(place))
    assert number == 0, "There are not so many rankings."
    return tuple(ranking)


class Boxes:
    """Towns that are laid out once for each kind of database, and copied for each scenario."""

    def __init__(self, folder: Path, *, voters: int) -> None:
        self._folder, self._number_of_voters, self._made = folder, voters, 0
        self._papers: dict[str, Paper] = {}
        self._postgres: DurablePostgres | None = None

    @contextmanager
    def fresh(self, kind: str) -> Iterator[Box]:
        """A copy of the town on this kind of database, with its application's context entered."""
        paper = self._papers.get(kind) or self._lay_out(kind)
        self._made += 1
        folder = self._folder / f"{kind}-{self._made}"
        shutil.copytree(self._template(kind), folder)
        url = f"sqlite:///{folder}/common-purse.db"
        if self._postgres is not None and kind == "postgres":
            url = self._postgres.create(f"box_{self._made}", template="laid_out")
        with _application(url, folder) as app:
            yield Box(app, url, self._postgres if kind == "postgres" else None, paper)

    def close(self) -> None:
        if self._postgres is not None:
            self._postgres.stop()

    def _lay_out(self, kind: str) -> Paper:
        folder = self._template(kind)
        folder.mkdir(parents=True)
        url = f"sqlite:///{folder}/common-purse.db"
        if kind == "postgres":
            self._postgres = DurablePostgres(self._folder / "server")
            url = self._postgres.create("laid_out")
        migrate(url, self._folder)
        with _application(url, folder) as app:
            self._papers[kind] = _enrol(app, self._number_of_voters)
        return self._papers[kind]

    def _template(self, kind: str) -> Path:
        return self._folder / f"{kind}-template"


@contextmanager
def _application(database_url: str, folder: Path) -> Iterator[Flask]:
    app = new_app(settings_for(database_url, folder, jobs="worker", mail_backend="file"))
    with app.app_context():
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


def _enrol(app: Flask, voters: int) -> Paper:
    """A round that votes, one contest for the whole city, and voters with their sessions."""
    at = clock.now()
    home = people.district("Riverside")
    round_ = make_round("Budget 2026", "budget-2026", at, PhaseKind.VOTING)
    contest = make_contest(round_, None, at, options=OPTIONS)
    contest.max_length = RANKS
    options = db.session.scalars(
        select(Option.ref).where(Option.contest_id == contest.id).order_by(Option.number)
    )
    accounts = [people.somebody(f"Voter {n}", home=home) for n in range(voters)]
    ref, contest_id, refs = contest.ref, contest.id, tuple(options)
    db.session.commit()
    signed_in = [_sign_in(app, number, account) for number, account in enumerate(accounts)]
    return Paper(ref, contest_id, refs, signed_in)


def _sign_in(app: Flask, number: int, account: User) -> Voter:
    entry = roll_entry_of(account.id)
    assert entry is not None
    client = app.test_client()
    assert isinstance(client, BrowserLikeClient)
    people.sign_in(client, account)
    token = client.csrf_token()
    cookie = client.get_cookie("purse")
    assert cookie is not None
    return Voter(number, entry.id, entry.person_key, f"purse={cookie.value}", token)


def stored_rankings(box: Box) -> list[Ranking]:
    """What lies in the box while voting is open."""
    return rankings_in(box, select(Ballot.ranking).where(Ballot.contest_id == box.contest_id))


def rankings_in(box: Box, query: Select[bytes]) -> list[Ranking]:
    """What this query finds, as refs of options. Waits for no writer."""
    db.session.rollback()
    with only_reading():
        rankings = [unpack_ranking(each, box.options) for each in db.session.scalars(query)]
        db.session.rollback()
    return rankings
