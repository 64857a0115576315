"""What is noticed of casting: counters of networks and batches, and nothing of a person."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from accounts.models import User
from core import clock
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World, build
from tests.voting.ballot_forms import cast, key_on, open_paper, refs_of
from tests.voting.letter_voters import on_the_roll
from voting import link_keys, sealing
from voting.cast_signals import (
    ACCOUNT,
    BATCH,
    FAULT,
    LEAST_BATCH,
    NETWORK,
    SINGLE,
    Counters,
    Gathered,
    Origin,
    own_network,
)
from voting.models import CastSignal, LetterBatch
from voting.routes import ballots as routes
from voting.routes import cast_signals
from voting.services.closing import destroy_link_key, seal_contest
from voting.services.letters import give_codes

HALF_PAST = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)
HERE, THERE = Origin("network 1", ACCOUNT), Origin("network 2", "B7")


def gathered_of(app: Flask) -> Gathered:
    watch: cast_signals.Watch = app.extensions["cast_signals"]
    return watch.gathered


def written(db: SQLAlchemy) -> dict[tuple[str, str], CastSignal]:
    db.session.rollback()
    return {(each.kind, each.mark): each for each in db.session.scalars(select(CastSignal))}


def many_voters(app: Flask, world: World, number: int, origin: Origin = HERE) -> None:
    for _ in range(number):
        gathered_of(app).cast(world.city_contest.ref, origin, at=HALF_PAST, changed=False)


# --- in memory ---------------------------------------------------------------------------------


def test_a_ballot_counts_for_its_hour_for_its_network_and_for_its_batch_apart() -> None:
    gathered = Gathered()
    gathered.cast("city", THERE, at=HALF_PAST, changed=False)
    gathered.cast("city", THERE, at=HALF_PAST + timedelta(minutes=20), changed=True)

    rows = gathered.take(1, [])

    places = [(place.kind, place.mark) for place, _ in rows]
    assert places == [(BATCH, "B7"), (NETWORK, "network 2")]
    for place, counters in rows:
        assert place.hour == HALF_PAST.replace(minute=0)
        assert (counters.casts, counters.changes) == (2, 1)
    assert gathered.take(1, []) == []


def test_signals_leave_once_those_of_enough_voters_are_there_or_voting_is_over() -> None:
    gathered = Gathered()
    for _ in range(19):
        gathered.cast("city", HERE, at=HALF_PAST, changed=False)
    for _ in range(30):  # one restless voter is one voter
        gathered.cast("city", HERE, at=HALF_PAST, changed=True)
    gathered.cast("hill", THERE, at=HALF_PAST, changed=False)

    assert gathered.take(20, []) == []
    assert {place.contest_ref for place, _ in gathered.take(20, ["hill"])} == {"hill"}
    assert gathered.cast("city", THERE, at=HALF_PAST, changed=False) == 20
    assert sum(each.casts for place, each in gathered.take(20, []) if place.kind == BATCH) == 50
    assert gathered.cast("city", THERE, at=HALF_PAST, changed=False) == 1, "counted anew"


def test_faults_of_ours_need_not_wait_since_they_are_of_no_ballot() -> None:
    gathered = Gathered()
    gathered.cast("city", HERE, at=HALF_PAST, changed=False)
    gathered.fault("city", at=HALF_PAST)

    assert [(place.kind, row.faults) for place, row in gathered.take(20, [])] == [(FAULT, 1)]
    assert len(gathered.take(20, ["city"])) == 2, "the cast is still there"


def test_a_second_with_more_than_two_ballots_from_one_network_is_counted_once() -> None:
    gathered = Gathered()
    for second, ballots in ((0, 2), (1, 5), (2, 3)):
        for part in range(ballots):
            at = HALF_PAST + timedelta(seconds=second, milliseconds=part)
            gathered.cast("city", HERE, at=at, changed=False)
            gathered.cast("hill", THERE, at=at, changed=False)
    by_kind = {place.kind: row.same_second for place, row in gathered.take(1, ["hill"])}

    assert by_kind == {NETWORK: 2, BATCH: 0}


def test_signals_leave_in_the_order_of_marks_whatever_came_first() -> None:
    orders = []
    for marks in (["a", "b", "c"], ["c", "a", "b"]):
        gathered = Gathered()
        for mark in marks:
            gathered.cast("city", Origin(mark, ACCOUNT), at=HALF_PAST, changed=False)
        orders.append([place for place, _ in gathered.take(1, [])])

    assert orders[0] == orders[1]


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (None, "unknown"),
        ("a socket", "unknown"),
    ],
)
def test_a_network_is_a_prefix_and_never_an_address(address: str | None, network: str) -> None:
    assert own_network(address) == network


def test_a_network_has_another_mark_in_each_contest_and_under_each_key() -> None:
    first, second = sealing.new_link_key(), sealing.new_link_key()
    marks = {
        sealing.network_mark(key, contest, "203.0.113.0/24")
        for key in (first, second)
        for contest in ("city", "hill")
    }

    assert len(marks) == 4
    assert {len(mark) for mark in marks} == {32}


# --- at the box --------------------------------------------------------------------------------


def test_a_cast_and_a_change_are_noticed_and_the_same_sent_twice_is_not(
    app: Flask, client: BrowserLikeClient, world: World, amara: User
) -> None:
    sign_in(client, amara)
    contest, refs = world.city_contest, refs_of(world.city_contest)
    key = key_on(open_paper(client, contest))
    for _ in range(3):
        assert cast(client, contest, refs[:1], key).status_code == 303
    assert cast(client, contest, refs[1:2]).status_code == 303

    rows = gathered_of(app).take(1, [])

    mark = sealing.network_mark(link_keys.read(contest.ref), contest.ref, "127.0.0.0/24")
    assert [(place.kind, place.mark) for place, _ in rows] == [(BATCH, ACCOUNT), (NETWORK, mark)]
    assert [(each.casts, each.changes) for _, each in rows] == [(2, 1), (2, 1)]


def test_a_letter_is_noticed_by_its_batch_where_that_is_large(
    app: Flask, db: SQLAlchemy, client: BrowserLikeClient, world: World
) -> None:
    seen = []
    for size in (LEAST_BATCH, LEAST_BATCH - 1):
        entry = on_the_roll(world.riverside, f"LETTER {size}")
        batch = LetterBatch(
            ref=f"B{size}", round_id=world.voting_round.id, size=size, made_on=clock.now().date()
        )
        db.session.add(batch)
        db.session.flush()
        code = give_codes([entry], world.voting_round, batch, at=clock.now())[0].code
        db.session.commit()
        assert client.post("/vote", data={"code": code.spelled}).status_code == 303
        assert cast(client, world.city_contest, refs_of(world.city_contest)[:1]).status_code == 303
        client.post("/vote/ending")
        sealed = [world.city_contest.ref, world.riverside_contest.ref]
        rows = [row for row in gathered_of(app).take(1, sealed) if row[0].kind == BATCH]
        seen.append({(p.contest_ref, p.mark, c.sign_ins, c.casts) for p, c in rows})

    city, river = world.city_contest.ref, world.riverside_contest.ref
    assert seen == [
        {(city, f"B{LEAST_BATCH}", 1, 1), (river, f"B{LEAST_BATCH}", 1, 0)},
        {(city, SINGLE, 1, 1), (river, SINGLE, 1, 0)},
    ]


def test_a_ballot_that_was_not_taken_because_of_us_is_counted_even_without_a_key(
    app: Flask,
    client: BrowserLikeClient,
    world: World,
    amara: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in(client, amara)
    contest, refs = world.city_contest, refs_of(world.city_contest)
    key = key_on(open_paper(client, contest))
    assert cast(client, contest, ["nothing"], key).status_code == 422

    def away(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("", None, TimeoutError())

    monkeypatch.setattr(routes, "cast_ballot", away)
    assert cast(client, contest, refs[:1], key).status_code == 503

    assert [(p.kind, c.faults) for p, c in gathered_of(app).take(20, [])] == [(FAULT, 1)]


# --- written down ------------------------------------------------------------------------------


def test_what_is_written_adds_up_over_hours_processes_and_faults_of_the_database(
    app: Flask, db: SQLAlchemy, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.commit()
    many_voters(app, world, 20)
    cast_signals.write_out()
    many_voters(app, world, 20)
    many_voters(app, world, 5, THERE)

    def away(_rows: object) -> None:
        raise OperationalError("", None, TimeoutError())

    with monkeypatch.context() as broken:
        broken.setattr(cast_signals, "write_signals", away)
        cast_signals.write_out()
    assert written(db)[NETWORK, "network 1"].casts == 20, "the database was away"
    cast_signals.write_out()
    cast_signals.write_out()

    found = written(db)
    assert {key: row.casts for key, row in found.items()} == {
        (NETWORK, "network 1"): 40, (BATCH, ACCOUNT): 40,
        (NETWORK, "network 2"): 5, (BATCH, "B7"): 5,
    }  # fmt: skip
    assert {row.hour for row in found.values()} == {HALF_PAST.replace(minute=0)}


def test_signals_of_fewer_voters_wait_for_the_sealing_and_go_with_the_link_key(
    app: Flask, db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User
) -> None:
    sign_in(client, amara)
    contest = world.city_contest
    cast(client, contest, refs_of(contest)[:1])
    cast_signals.write_out()
    assert written(db) == {}

    seal_contest(contest, at=clock.now() + timedelta(days=60))
    db.session.commit()
    cast_signals.write_out()
    assert len(written(db)) == 2

    destroy_link_key(contest.ref)
    db.session.commit()
    assert written(db) == {}
    many_voters(app, world, 20)  # of a process that wakes late
    cast_signals.write_out()
    assert written(db) == {}


def test_when_voting_is_over_nothing_waits_for_the_sealing(
    clock: time_machine.Traveller, app: Flask, db: SQLAlchemy
) -> None:
    world = build()
    many_voters(app, world, 3)
    clock.shift(timedelta(days=14))
    cast_signals.write_out()
    assert written(db) == {}

    clock.shift(timedelta(days=1))
    cast_signals.write_out()
    assert written(db)[BATCH, ACCOUNT].casts == 3


def test_a_server_writes_them_by_itself_as_soon_as_enough_have_gathered(
    app: Flask, db: SQLAlchemy, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.cast("amara")
    db.session.commit()
    wrote, running = threading.Event(), set(threading.enumerate())

    def note() -> None:
        gathered_of(app).take(20, [])
        wrote.set()

    monkeypatch.setattr(cast_signals, "write_out", note)
    monkeypatch.setitem(app.extensions, "jobs_mode", "in-process")
    with app.test_request_context("/"):
        for _ in range(19):
            cast_signals.note_cast(world.city_contest.ref, changed=False)
        assert not wrote.wait(0.2)
        cast_signals.note_cast(world.city_contest.ref, changed=False)

    assert wrote.wait(5)
    for thread in set(threading.enumerate()) - running:
        thread.join(5)
        assert not thread.is_alive(), "nothing is left to write"


def test_counters_add_up() -> None:
    first = Counters(casts=1, sign_ins=2)
    first.add(Counters(casts=3, changes=1, same_second=1, faults=4))

    assert first == Counters(casts=4, changes=1, sign_ins=2, same_second=1, faults=4)
