"""Nobody can tell how a person voted: no path leads from her to her ballot.

Looked for in the schema, in equal values, in what a cast writes and locks, in the order of rows,
in log lines, in cookies and answers. Each look is seen to find a leak that is planted for it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text
from structlog.testing import capture_logs

from accounts.models import User
from core import audit, clock
from core.database import Base
from core.database import db as database
from core.logs import blur_voting
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World, make_post
from tests.voting import traces
from tests.voting.ballot_forms import cast, keep, receipt_of, refs_of
from voting.cast_signals import ACCOUNT, BATCH, coarse
from voting.models import Ballot, CastSignal, RollEntry, RollMark, SealedBallot
from voting.queries.rolls import roll_entry_of
from voting.routes import ballots as routes
from voting.routes import cast_signals
from voting.services import ballots as service
from voting.services.closing import seal_contest

VOTERS = 14


@pytest.fixture
def voters(db: SQLAlchemy, world: World) -> list[User]:
    """People of Riverside who also write posts."""
    found = []
    for number in range(VOTERS):
        name = f"Resident {number:02}"
        found.append(people.somebody(name, home=world.riverside, register_id=f"register {number}"))
    db.session.commit()
    return found


@pytest.fixture
def frozen(db: SQLAlchemy, world: World) -> None:
    """A round whose first ballot was cast before, so that it is frozen already."""
    world.voting_round.frozen_at = clock.now().replace(minute=0, second=0, microsecond=0)
    db.session.commit()


def vote(client: BrowserLikeClient, world: World, person: User) -> None:
    """Casts over HTTP, as the person signed in."""
    sign_in(client, person)
    refs = refs_of(world.city_contest)
    first = person.id % 4
    response = cast(client, world.city_contest, [refs[first], refs[(first + 1) % 4]])
    assert response.status_code == 303


def vote_and_write(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    """Everybody votes, and in between leaves traces elsewhere that carry names and times."""
    for person in voters:
        make_post(world.thread, person, f"I am {person.display_name}.", clock.now())
        audit.record("note", f"account:{person.ref}", by=person, at=clock.now())
        db.session.commit()
        vote(client, world, person)


@pytest.fixture
def written_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signals are written once those of ten voters have gathered, so that small tests see them."""
    monkeypatch.setattr(cast_signals, "_least", lambda: 10)


# --- the schema --------------------------------------------------------------------------------


@pytest.mark.parametrize("box", [*traces.BOXES, traces.CLEARED])
def test_no_foreign_key_leads_from_a_ballot_to_a_person_or_to_a_ballot(box: str) -> None:
    assert traces.pointing_at(box) == set()
    assert not traces.reachable(box) & traces.PEOPLE
    assert {key.parent.name for key in Base.metadata.tables[box].foreign_keys} == {"contest_id"}


def test_a_ballot_has_these_columns_and_no_others() -> None:
    box, sealed_box = (Base.metadata.tables[name] for name in traces.BOXES)

    assert set(box.columns.keys()) == {
        "id",
        "contest_id",
        "tag",
        "is_cast",
        "ranking",
        "salt",
        "commitment",
        "manifest_number",
        "kept_change",
    }
    assert set(sealed_box.columns.keys()) == {
        "id", "contest_id", "ranking", "salt", "commitment", "manifest_number",
    }  # fmt: skip


def test_signals_are_of_a_contest_an_hour_and_one_mark_and_lead_nowhere_else() -> None:
    signals = Base.metadata.tables["cast_signal"]

    assert traces.pointing_at("cast_signal") == set()
    assert {key.parent.name for key in signals.foreign_keys} == {"contest_id"}
    assert [key.name for key in signals.primary_key] == ["contest_id", "kind", "mark", "hour"]
    counters = {"casts", "changes", "sign_ins", "same_second", "faults"}
    assert set(signals.columns.keys()) - {"contest_id", "kind", "mark", "hour"} == counters


# --- what a cast writes and locks --------------------------------------------------------------


def written_by_one_vote(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, person: User
) -> set[str]:
    sign_in(client, person)
    before = traces.footprint(db)
    vote(client, world, person)
    return traces.touched(before, traces.footprint(db))


def test_a_cast_and_a_change_write_the_ballot_and_touch_nothing_that_names_a_person(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, frozen: None, voters: list[User]
) -> None:
    first, second = (written_by_one_vote(db, client, world, voters[0]) for _ in range(2))

    # PostgreSQL notes on the contest that a ballot of it was under way: the same for all.
    assert first - {"contest"} == {"ballot", "waiting_leaf", "manifest"}
    assert second - {"contest"} == {"ballot", "waiting_leaf", "superseded_leaf"}


def test_keeping_and_clearing_touch_nothing_that_names_a_person_either(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, frozen: None, voters: list[User]
) -> None:
    sign_in(client, voters[0])
    for ranking in (["0-1"], ["0-2", "0-1"], []):
        before = traces.footprint(db)
        assert keep(client, world.city_contest, ranking).status_code == 200

        assert traces.touched(before, traces.footprint(db)) - {"contest", traces.CLEARED} == {
            "ballot"
        }


def test_the_first_ballot_of_a_round_touches_the_round_too_and_keeps_only_the_hour(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    touched = written_by_one_vote(db, client, world, voters[0])

    assert touched - {"contest"} == {"ballot", "waiting_leaf", "manifest", "round"}
    db.session.expire_all()
    frozen_at = world.voting_round.frozen_at
    assert frozen_at is not None
    assert (frozen_at.minute, frozen_at.second, frozen_at.microsecond) == (0, 0, 0)


def leak_audit(entry: RollEntry) -> None:
    audit.record("cast_ballot", f"roll:{entry.id}", by=None, at=clock.now())


def leak_lock(entry: RollEntry) -> None:
    query = select(RollEntry).where(RollEntry.id == entry.id).with_for_update()
    database.session.execute(query)


def leak_mark(entry: RollEntry) -> None:
    entry.channel = "voted"


def leak_signal(entry: RollEntry) -> None:
    contest_id = database.session.scalars(select(Ballot.contest_id).limit(1)).one()
    hour = coarse(clock.now())
    signal = CastSignal(contest_id=contest_id, kind=BATCH, mark=ACCOUNT, hour=hour, casts=1)
    database.session.add(signal)


@pytest.mark.parametrize("leak", [leak_audit, leak_lock, leak_mark, leak_signal])
def test_that_look_finds_what_is_planted(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    world: World,
    frozen: None,
    voters: list[User],
    monkeypatch: pytest.MonkeyPatch,
    leak: Callable[[RollEntry], None],
) -> None:
    if leak is leak_lock and not traces.on_postgres(db):
        pytest.skip("SQLite locks no rows.")
    honest = service.cast_ballot

    def leaky(contest: Any, entry: RollEntry, *args: Any, **kwargs: Any) -> Any:
        receipt = honest(contest, entry, *args, **kwargs)
        leak(database.session.get_one(RollEntry, entry.id))
        return receipt

    monkeypatch.setattr(routes, "cast_ballot", leaky)

    touched = written_by_one_vote(db, client, world, voters[0])

    assert touched - {"contest", "ballot", "waiting_leaf", "manifest"} != set()


# --- equal values and order --------------------------------------------------------------------


def test_no_value_of_a_ballot_stands_anywhere_else_before_and_after_closing(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    world: World,
    voters: list[User],
    written_early: None,
) -> None:
    vote_and_write(db, client, world, voters)
    cast_signals.write_out()
    assert sum(row.casts for row in db.session.scalars(select(CastSignal))) == 2 * VOTERS
    assert traces.shared_values(db) == set()

    seal_contest(world.city_contest, at=clock.now() + timedelta(days=60))
    db.session.commit()

    assert traces.shared_values(db) == set()


def test_that_look_finds_a_value_that_is_planted(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    vote(client, world, voters[0])
    ballot = db.session.scalars(select(Ballot)).one()
    audit.record("note", "x", by=voters[0], at=clock.now(), seen=ballot.tag)

    assert traces.shared_values(db) == {ballot.tag}


@pytest.mark.sqlite
def test_on_sqlite_ballots_lie_in_the_order_of_their_random_ids(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    vote_and_write(db, client, world, voters)

    ids = traces.places(db, "ballot", "id")
    assert ids == sorted(ids)
    for name in (*traces.BOXES, *traces.LOG, "roll_mark", "cast_signal"):
        with pytest.raises(Exception, match="no such column"):
            db.session.execute(text(f"SELECT rowid FROM {name}"))
        db.session.rollback()


@pytest.mark.postgres
def test_on_postgres_no_row_of_a_person_was_written_with_a_ballot(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    vote_and_write(db, client, world, voters)

    written_with = set(db.session.scalars(text("SELECT xmin::text FROM ballot")))
    assert len(written_with) == VOTERS
    for table in traces.tables_besides(*traces.BOXES, *traces.LOG, "manifest", "contest", "round"):
        rows = db.session.execute(text(f'SELECT xmin::text, xmax::text FROM "{table}"'))
        assert not written_with & {number for row in rows for number in row}, table


@pytest.mark.postgres
@pytest.mark.usefixtures("clock")
def test_on_postgres_signals_of_many_voters_are_written_at_once_and_with_no_ballot(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    world: World,
    voters: list[User],
    written_early: None,
) -> None:
    for number, person in enumerate(voters):
        client.environ_base["REMOTE_ADDR"] = f"198.51.{number}.7"
        vote(client, world, person)
        cast_signals.write_out()

    numbers = "SELECT xmin::text, kind, casts FROM cast_signal ORDER BY ctid"
    rows = db.session.execute(text(numbers)).all()
    of_ballots = set(db.session.scalars(text("SELECT xmin::text FROM ballot")))
    assert len({row.xmin for row in rows}) == 1
    assert not of_ballots & {row.xmin for row in rows}
    assert sum(row.casts for row in rows if row.kind == BATCH) == 10
    networks = [mark for mark in traces.places(db, "cast_signal", "mark") if mark != ACCOUNT]
    assert networks == sorted(networks), "in the order of marks, not of the casts"


def test_sealed_ballots_lie_in_no_order_that_the_roll_or_the_casts_have(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    vote_and_write(db, client, world, voters)
    cast_order = traces.places(db, "ballot", "commitment")

    seal_contest(world.city_contest, at=clock.now() + timedelta(days=60))
    db.session.commit()

    marks = traces.places(db, "roll_mark", "roll_entry_id")
    assert marks == sorted(marks)
    assert len(marks) == len(db.session.scalars(select(SealedBallot)).all()) == VOTERS
    assert traces.places(db, "sealed_ballot", "commitment") != cast_order
    assert set(RollMark.__table__.columns.keys()) == {"contest_id", "roll_entry_id"}


# --- logs, cookies, answers --------------------------------------------------------------------


def secrets_of(db: SQLAlchemy, person: User, code: str) -> list[str]:
    """What would lead from a line to the person, or to her ballot."""
    entry = roll_entry_of(person.id)
    assert entry is not None
    ballot = db.session.scalars(select(Ballot)).one()
    of_person = [person.email, person.display_name, person.ref, person.fs_uniquifier]
    return [
        *of_person,
        entry.person_key,
        ballot.id,
        ballot.tag,
        (ballot.commitment or b"").hex(),
        (ballot.salt or b"").hex(),
        code,
        "0-",
    ]


def test_no_log_line_names_a_voter_or_her_ballot(
    db: SQLAlchemy,
    client: BrowserLikeClient,
    world: World,
    voters: list[User],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO")
    with capture_logs() as lines:
        sign_in(client, voters[0])
        keep(client, world.city_contest, ["0-1"])
        vote(client, world, voters[0])
        code = receipt_of(client, world.city_contest)

    said = repr(lines) + caplog.text
    assert "voting.ballots.cast" in said
    assert [secret for secret in secrets_of(db, voters[0], code) if secret in said] == []
    assert world.city_contest.ref not in said


@pytest.mark.parametrize("endpoint", ["voting.ballots.cast", "voting.checks.create"])
def test_the_log_keeps_the_minute_of_a_cast_and_not_the_moment(endpoint: str) -> None:
    line = {"endpoint": endpoint, "timestamp": "2026-05-12T08:30:59.123456Z"}
    other = line | {"endpoint": "forums.posts.reply"}

    assert blur_voting(None, "info", line)["timestamp"] == "2026-05-12T08:30Z"
    assert blur_voting(None, "info", other)["timestamp"] == "2026-05-12T08:30:59.123456Z"


def test_the_cookie_holds_the_receipt_and_nothing_of_the_ballot(
    app: Flask, db: SQLAlchemy, client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    vote(client, world, voters[0])
    code = receipt_of(client, world.city_contest)

    ballot = db.session.scalars(select(Ballot)).one()
    with client.session_transaction() as session:
        held = repr(dict(session))
    assert code in held
    for secret in (ballot.id, ballot.tag, (ballot.salt or b"").hex(), *refs_of(world.city_contest)):
        assert secret not in held


def test_the_receipt_stands_in_no_address_and_the_receipt_page_names_no_project(
    client: BrowserLikeClient, world: World, voters: list[User]
) -> None:
    sign_in(client, voters[0])
    response = cast(client, world.city_contest, ["0-1"])
    page = client.get(response.headers["Location"])
    code = receipt_of(client, world.city_contest)

    assert code not in response.headers["Location"]
    assert code not in response.get_data(as_text=True)
    assert "lot 1" not in page.get_data(as_text=True)
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == response.headers["Cache-Control"] == "no-store"
