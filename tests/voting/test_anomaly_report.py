"""The anomaly report: what is noted and what is not, who reads it, and what stays of it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock
from core.audit import AuditEntry
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.second_person import confirm_as
from tests.harness.world import World, build
from tests.voting.ballot_forms import cast, refs_of, words_of
from voting import anomalies
from voting.anomalies import BatchHour, Kind, NetworkHour
from voting.cast_signals import ACCOUNT, BATCH, FAULT, NETWORK
from voting.models import CastSignal, Contest, LetterTries, RegisterImport
from voting.queries.anomalies import AnomalyReport, report_of
from voting.queries.signals import signals_of, summary_of
from voting.routes import cast_signals
from voting.services.anomalies import sign_report
from voting.services.closing import destroy_link_key, seal_contest
from voting.services.counts import count_contest

WARSAW = ZoneInfo("Europe/Warsaw")
NOON = datetime(2026, 5, 12, 10, tzinfo=UTC)  # in Warsaw
HOUR = timedelta(hours=1)


def seed(
    db: SQLAlchemy, contest: Contest, at: datetime, casts: int, mark: str = "library", **more: int
) -> None:
    """So many ballots within an hour: of one network, and by accounts."""
    for kind, name in ((NETWORK, mark), (BATCH, ACCOUNT)):
        key = (contest.id, kind, name, at)
        row = db.session.get(CastSignal, key)
        if row is None:
            row = CastSignal(contest_id=contest.id, kind=kind, mark=name, hour=at, casts=0)
            db.session.add(row)
        row.casts += casts
        for counter, number in more.items():
            setattr(row, counter, number)
    db.session.commit()


def kinds(contest: Contest) -> list[Kind]:
    return [note.kind for note in signals_of(contest, WARSAW).notes]


def report(world: World) -> AnomalyReport:
    return report_of(world.voting_round, WARSAW)


def address(world: World, act: str = "anomalies") -> str:
    return f"/staff/rounds/{world.voting_round.ref}/{act}"


# --- what is noted -----------------------------------------------------------------------------


def test_a_library_where_thirty_people_vote_on_a_day_is_not_noted(
    db: SQLAlchemy, world: World
) -> None:
    for hours, casts in ((0, 14), (1, 9), (3, 7)):
        seed(db, world.city_contest, NOON + hours * HOUR, casts)

    assert kinds(world.city_contest) == []


def test_hundreds_of_ballots_from_one_network_are_noted_hour_by_hour_and_for_the_day(
    db: SQLAlchemy, officer: BrowserLikeClient, world: World
) -> None:
    for hours in range(5):  # as in a town in 2025: 320 ballots from one place
        seed(db, world.city_contest, NOON + hours * HOUR, 64, same_second=hours)
        for home in range(40):
            seed(db, world.city_contest, NOON + hours * HOUR, 1, f"home {home}")

    assert (
        kinds(world.city_contest)
        == [Kind.NETWORK_HOUR] * 5 + [Kind.NETWORK_DAY] + [Kind.SAME_SECOND] * 2
    )
    page = words_of(officer.get(address(world)))
    assert "8 notes on how ballots came in." in page
    assert "64 ballots on 12 May 2026 between 12:00 and 13:00." in page
    assert "320 ballots on 12 May 2026. On that day all together cast 520." in page
    assert "A note is a question, not a proof." in page
    assert "library" not in page.split("The busiest networks")[1].split("The roll")[0]


def hour_of(casts: int = 0, changes: int = 0, sign_ins: int = 0, seconds: int = 0) -> NetworkHour:
    return NetworkHour("library", NOON, casts, changes, sign_ins, seconds)


@pytest.mark.parametrize(
    ("hour", "of_all", "noted"),
    [
        (hour_of(casts=30), 30, []),
        (hour_of(casts=31), 31, [Kind.NETWORK_HOUR]),
        (hour_of(casts=31), 620, []),
        (hour_of(casts=61), 61, [Kind.NETWORK_HOUR, Kind.NETWORK_DAY]),
        (hour_of(casts=61), 3_050, []),
        (hour_of(casts=9, seconds=2), 9, []),
        (hour_of(casts=9, seconds=3), 9, [Kind.SAME_SECOND]),
        (hour_of(casts=20, changes=20), 20, []),
        (hour_of(casts=21, changes=21), 21, [Kind.CHANGES]),
        (hour_of(sign_ins=30), 0, []),
        (hour_of(sign_ins=31), 0, [Kind.CODES]),
    ],
)
def test_a_network_is_noted_above_these_numbers_and_not_below(
    hour: NetworkHour, of_all: int, noted: list[Kind]
) -> None:
    notes = anomalies.notes_of_networks([hour], {NOON: of_all}, WARSAW)

    assert [note.kind for note in notes] == noted


def test_a_day_is_the_town_halls_and_not_that_of_greenwich() -> None:
    evening = [datetime(2026, 5, 12, hour, tzinfo=UTC) for hour in (20, 21, 22, 23)]
    hours = [NetworkHour("library", at, 20, 0, 0, 0) for at in evening]
    notes = anomalies.notes_of_networks(hours, dict.fromkeys(evening, 20), WARSAW)

    assert notes == [], "40 before midnight in Warsaw, 40 after it"


@pytest.mark.parametrize(
    ("casts", "letters", "is_noted"),
    [(20, 50, False), (21, 209, True), (21, 210, False), (99, 0, False)],
)
def test_letters_of_one_batch_that_come_back_within_an_hour_are_noted(
    casts: int, letters: int, is_noted: bool
) -> None:
    notes = anomalies.notes_of_batches([BatchHour("B1", NOON, casts, letters)])

    assert [note.kind for note in notes] == [Kind.BATCH_HOUR] * is_noted


def test_ballots_at_night_are_noted_where_they_are_many_and_a_large_part() -> None:
    night = datetime(2026, 5, 12, 1, tzinfo=UTC)
    noted = {
        (at_night, by_day): bool(anomalies.notes_of_hours({night: at_night, NOON: by_day}, WARSAW))
        for at_night, by_day in ((20, 20), (21, 189), (21, 188))
    }

    assert noted == {(20, 20): False, (21, 189): False, (21, 188): True}
    assert night.astimezone(WARSAW).hour == 3


def test_a_district_far_above_the_others_is_noted() -> None:
    others = {"north": (30, 1_000), "south": (40, 1_000), "east": (50, 1_000)}

    assert anomalies.notes_of_turnout({**others, "west": (135, 1_000)}) == {}
    found = anomalies.notes_of_turnout({**others, "west": (136, 1_000)})
    assert {ref: note.number for ref, note in found.items()} == {"west": 136}
    assert anomalies.notes_of_turnout({"north": (1, 1_000), "west": (900, 1_000)}) == {}


def test_faults_of_ours_and_impossible_ages_are_noted(
    db: SQLAlchemy, officer: BrowserLikeClient, world: World, clara: User
) -> None:
    at = clock.now()
    db.session.add(
        CastSignal(contest_id=world.city_contest.id, kind=FAULT, mark="", hour=NOON, faults=3)
    )
    db.session.add(
        RegisterImport(
            read_at=at, read_by_id=clara.id, encoding="utf-8", people=9, new=9, moved=0, left=0,
            too_young=0, too_old=2, entered_on=at.date(),
        )
    )  # fmt: skip
    today = at.date()
    db.session.add_all(
        [
            LetterTries(number="BCDFG", failed=0, locks=1, last_on=today),
            LetterTries(number="BCDFH", failed=4, locks=0, last_on=today),
        ]
    )
    db.session.commit()

    page = words_of(officer.get(address(world)))
    assert "Numbers of letters locked after wrong tries, in the last three days 1" in page
    assert "3 tries were answered with “not counted, try again”." in page
    assert "People whom the register has older than 110 2" in page
    assert report(world).notes == 2


# --- who reads it ------------------------------------------------------------------------------


def test_the_report_tells_an_officer_numbers_while_voting_is_open_and_nobody_else(
    client: BrowserLikeClient, world: World, amara: User, dana: User, eli: User
) -> None:
    sign_in(client, amara)
    cast(client, world.city_contest, refs_of(world.city_contest)[3:])
    assert client.get(address(world)).status_code == 403
    sign_in(client, dana)
    assert client.get(address(world)).status_code == 403
    assert client.post(address(world, "anomalies/readings")).status_code == 403
    sign_in(client, eli)

    page = words_of(client.get(address(world)))
    assert "Not complete yet" in page
    assert "Trees" not in page, "no project is named"
    assert "I have read this report" not in page
    refused = client.post(address(world, "anomalies/readings"))
    assert (refused.status_code, "is not complete" in words_of(refused)) == (409, True)


@pytest.fixture
def counted(
    clock: time_machine.Traveller, app: Flask, db: SQLAlchemy, client: BrowserLikeClient
) -> World:
    """The world after a vote with one note, sealed, counted, its link keys destroyed."""
    world = build()
    sign_in(client, people.cast("amara"))
    cast(client, world.city_contest, refs_of(world.city_contest)[3:])
    seed(db, world.city_contest, NOON, 40)
    clock.shift(timedelta(days=30))
    close(db, world)
    for contest in (world.city_contest, world.riverside_contest, world.hillside_contest):
        destroy_link_key(contest.ref)
        count_contest(contest, by=people.cast("eli"), at=datetime.now(UTC))
    db.session.commit()
    return world


def close(db: SQLAlchemy, world: World) -> None:
    for contest in (world.city_contest, world.riverside_contest, world.hillside_contest):
        span = world.voting_round.span_of(PhaseKind.VOTING)
        assert span is not None
        seal_contest(contest, at=span.ends_at)
    db.session.commit()


def test_nobody_asks_to_certify_or_confirms_it_who_has_not_read_the_report(
    app: Flask, db: SQLAlchemy, client: BrowserLikeClient, counted: World, eli: User, ewa: User
) -> None:
    sign_in(client, eli)
    refused = client.post(address(counted, "certificates"))
    assert (refused.status_code, "have not read yet" in words_of(refused)) == (409, True)
    assert address(counted) in refused.text, "it says where"

    assert "1 note on how ballots came in." in words_of(client.get(address(counted)))
    assert client.post(address(counted, "anomalies/readings")).status_code == 303
    assert client.post(address(counted, "certificates")).status_code == 303
    assert confirm_as(app, ewa) == 409, "she has not read it herself"
    sign_report(counted.voting_round, by=ewa, at=clock.now())
    sign_report(counted.voting_round, by=ewa, at=clock.now())
    db.session.commit()
    assert confirm_as(app, ewa) == 303

    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "read_anomaly_report").order_by(AuditEntry.id)
    ).all()
    assert [(each.actor_id, each.is_public) for each in entries] == [
        (eli.id, True),
        (ewa.id, False),
    ]
    assert "Read by Eli" in words_of(client.get(address(counted)))


def test_everybody_reads_that_the_report_was_read_and_how_many_notes_it_has(
    db: SQLAlchemy, client: BrowserLikeClient, counted: World, eli: User
) -> None:
    sign_report(counted.voting_round, by=eli, at=clock.now())
    db.session.commit()

    page = words_of(client.get(f"/rounds/{counted.voting_round.ref}"))

    assert "An officer read how the ballots came in. There is 1 note on what was unusual." in page
    assert "by one officer" in page
    assert "Eli" not in page


# --- what stays of it --------------------------------------------------------------------------


def test_networks_go_with_the_link_key_and_the_notes_stay(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User, eli: User
) -> None:
    sign_in(client, amara)
    contest = world.city_contest
    cast(client, contest, refs_of(contest)[:1])
    seed(db, contest, NOON, 40)
    close(db, world)
    cast_signals.write_out()
    before = report(world)
    sign_report(world.voting_round, by=eli, at=clock.now())

    destroy_link_key(contest.ref)
    destroy_link_key(contest.ref)
    db.session.commit()

    assert db.session.scalar(select(func.count()).select_from(CastSignal)) == 0
    after = report(world)
    assert after.sha256 == before.sha256, "what was read is what stays"
    assert [note.kind for note in after.contests[0].signals.notes] == [Kind.NETWORK_HOUR]
    kept = summary_of(contest.id)
    assert kept is not None
    assert (kept.casts, kept.networks, kept.busiest) == (41, 2, [])
    assert "library" not in kept.summary()
    sign_in(client, eli)
    assert "They were forgotten when the link key was destroyed." in words_of(
        client.get(address(world))
    )


def test_what_comes_late_into_the_report_has_to_be_read_too(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, amara: User, eli: User
) -> None:
    sign_in(client, amara)
    cast(client, world.city_contest, refs_of(world.city_contest)[:1])
    close(db, world)
    sign_report(world.voting_round, by=eli, at=clock.now())
    read = report(world).sha256
    cast_signals.write_out()

    assert report(world).sha256 != read
