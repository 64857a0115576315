"""After closing, officers seal, count, look and certify; before it they see turnout alone."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import Residency, User
from core import clock as now
from core.audit import AuditEntry
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.second_person import confirm_as
from tests.harness.world import World, build
from voting import link_keys
from voting.models import Ballot, Contest, ContestCount, RollEntry, SealedBallot
from voting.queries.counts import certified_counts
from voting.services.anomalies import sign_report
from voting.services.ballots import cast_ballot

pytestmark = pytest.mark.usefixtures("clock")
MONTH = timedelta(days=30)


@pytest.fixture
def town(clock: time_machine.Traveller, app: Flask) -> World:
    """The world, laid out on the Tuesday of the clock."""
    return build()


@pytest.fixture
def officer(town: World, client: BrowserLikeClient, eli: User) -> BrowserLikeClient:
    """Eli at his desk."""
    people.sign_in(client, eli)
    return client


def entry_of(person: User, db: SQLAlchemy) -> RollEntry:
    key = db.session.scalars(select(Residency.person_key).filter_by(user_id=person.id)).one()
    return db.session.scalars(select(RollEntry).where(RollEntry.person_key == key)).one()


def cast(contest: Contest, person: User, db: SQLAlchemy, *numbers: int) -> None:
    """A ballot as the person herself casts it."""
    refs = [contest.options[number].ref for number in numbers]
    key = f"{person.id:032x}"
    cast_ballot(contest, entry_of(person, db), refs, key, at=now.now())
    db.session.commit()


def address(town: World, act: str = "count") -> str:
    return f"/staff/rounds/{town.voting_round.ref}/{act}"


def test_before_closing_officers_see_the_number_of_ballots_and_nothing_else(
    officer: BrowserLikeClient, town: World, db: SQLAlchemy, amara: User, chen: User
) -> None:
    empty = text_of(officer.get(address(town)).text)
    cast(town.city_contest, amara, db, 3, 2)
    cast(town.city_contest, chen, db, 3)
    page = text_of(officer.get(address(town)).text)

    assert "Ballots stay in the box" in page
    before, after = ("0 On the roll 2 Turnout 0.0 %", "2 On the roll 2 Turnout 100.0 %")
    assert page.replace(f"cast {after}", f"cast {before}") == empty, "nothing but turnout changed"
    for act, words in (
        ("seals", "Voting is not over."),
        ("counts", "are not sealed."),
        ("certificates", "No count is waiting to be certified."),
    ):
        answer = officer.post(address(town, act))
        assert (answer.status_code, words in text_of(answer.text)) == (409, True)
    assert db.session.scalars(select(ContestCount)).all() == []
    assert len(db.session.scalars(select(Ballot)).all()) == 2


def test_a_round_is_closed_counted_looked_at_and_certified(
    app: Flask,
    ewa: User,
    clock: time_machine.Traveller,
    officer: BrowserLikeClient,
    town: World,
    db: SQLAlchemy,
    amara: User,
    chen: User,
    eli: User,
) -> None:
    cast(town.city_contest, amara, db, 3, 2)
    cast(town.riverside_contest, amara, db, 0)
    cast(town.city_contest, chen, db, 3)
    clock.shift(MONTH)
    people.sign_in(officer, people.cast("eli"))  # his session of last month has ended

    assert "Close and seal the ballots" in text_of(officer.get(address(town)).text)
    assert officer.post(address(town, "seals")).status_code == 303
    contests = [town.city_contest, town.riverside_contest, town.hillside_contest]
    assert [contest.ballots_cast for contest in contests] == [2, 1, 0]
    assert [contest.roll_size for contest in contests] == [2, 1, 1]
    assert [link_keys.exists(contest.ref) for contest in contests] == [True, True, False]
    assert town.voting_round.frozen_at is not None

    assert "Ask to destroy the link keys" in text_of(officer.get(address(town)).text)
    assert officer.post(address(town, "counts")).status_code == 303
    early = db.session.scalars(select(ContestCount)).first()
    assert early is not None
    refused = officer.post(f"/staff/counts/{early.ref}/certificate")
    assert (refused.status_code, "is not destroyed yet" in refused.text) == (409, True)
    assert officer.post(address(town, "link-keys/destruction")).status_code == 303
    assert any(link_keys.exists(contest.ref) for contest in contests)
    assert confirm_as(app, ewa) == 303
    assert not any(link_keys.exists(contest.ref) for contest in contests)

    count_ = db.session.scalars(
        select(ContestCount).where(ContestCount.contest_id == town.city_contest.id)
    ).one()
    looked_at = text_of(officer.get(f"/staff/counts/{count_.ref}").text)
    assert "2 ballots were counted." in looked_at
    assert "Trees for the city, lot 4 Points 3 Ballots 2" in looked_at, "three points, two ballots"

    certificate = f"/staff/counts/{count_.ref}/certificate"
    unread = officer.post(certificate)
    assert (unread.status_code, "have not read yet" in unread.text) == (409, True)
    assert officer.post(address(town, "anomalies/readings")).status_code == 303
    sign_report(town.voting_round, by=ewa, at=now.now())
    assert officer.post(certificate).status_code == 303
    assert certified_counts(town.voting_round.id) == [], "one officer alone certifies nothing"
    assert confirm_as(app, ewa) == 303
    assert officer.post(certificate).status_code == 409
    assert officer.post(address(town, "certificates")).status_code == 303
    assert confirm_as(app, ewa) == 303
    assert officer.post(address(town, "certificates")).status_code == 409
    certified = certified_counts(town.voting_round.id)
    assert len(certified) == 3
    assert {(each.certified_by_id, each.countersigned_by_id) for each in certified} == {
        (eli.id, ewa.id)
    }
    assert "All counts are certified" in text_of(officer.get(address(town)).text)
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert (acts.count("close_voting"), acts.count("certify_count")) == (1, 3)


def test_nobody_else_closes_counts_looks_or_certifies(
    clock: time_machine.Traveller,
    officer: BrowserLikeClient,
    town: World,
    db: SQLAlchemy,
    dana: User,
) -> None:
    clock.shift(MONTH)
    people.sign_in(officer, people.cast("eli"))  # his session of last month has ended
    officer.post(address(town, "seals"))
    officer.post(address(town, "counts"))
    count_ = db.session.scalars(select(ContestCount)).first()
    assert count_ is not None
    people.sign_in(officer, dana)

    assert officer.get(address(town)).status_code == 403
    assert officer.get(f"/staff/counts/{count_.ref}").status_code == 403
    for act in ("seals", "counts", "certificates"):
        assert officer.post(address(town, act)).status_code == 403
    assert officer.post(f"/staff/counts/{count_.ref}/certificate").status_code == 403
    assert certified_counts(town.voting_round.id) == []


def test_a_lost_key_stops_one_contest_with_a_sentence_and_no_other(
    clock: time_machine.Traveller,
    officer: BrowserLikeClient,
    town: World,
    db: SQLAlchemy,
    amara: User,
) -> None:
    cast(town.city_contest, amara, db, 1)
    link_keys.destroy(town.city_contest.ref)
    clock.shift(MONTH)
    people.sign_in(officer, people.cast("eli"))  # his session of last month has ended
    answer = officer.post(address(town, "seals"))

    assert answer.status_code == 409
    assert "“Proposals for the whole city” was not sealed" in text_of(answer.text)
    assert town.city_contest.sealed_at is None
    assert town.riverside_contest.sealed_at is not None
    assert len(db.session.scalars(select(Ballot)).all()) == 1
    assert officer.post(address(town, "counts")).status_code == 303, "the others can be counted"


def test_ballots_changed_after_the_count_stop_all_certificates(
    clock: time_machine.Traveller,
    officer: BrowserLikeClient,
    town: World,
    db: SQLAlchemy,
    amara: User,
) -> None:
    cast(town.riverside_contest, amara, db, 2)
    clock.shift(MONTH)
    people.sign_in(officer, people.cast("eli"))  # his session of last month has ended
    officer.post(address(town, "seals"))
    officer.post(address(town, "counts"))
    db.session.scalars(select(SealedBallot)).one().ranking = b"\x00\x01"
    answer = officer.post(address(town, "certificates"))

    assert answer.status_code == 409
    assert "are not those that were counted" in text_of(answer.text)
    assert certified_counts(town.voting_round.id) == []


def test_a_round_or_count_that_is_not_there_is_not_found(officer: BrowserLikeClient) -> None:
    assert officer.get("/staff/rounds/nowhere/count").status_code == 404
    assert officer.get("/staff/counts/nowhere").status_code == 404
    for act in ("rounds/nowhere/seals", "rounds/nowhere/counts", "rounds/nowhere/certificates",
                "counts/nowhere/certificate"):  # fmt: skip
        assert officer.post(f"/staff/{act}").status_code == 404


SWOSZOWICE = (
    Path(__file__).resolve().parents[2] / "data" / "krakow-2024" / "krakow_2024_swoszowice.pb.gz"
)


def test_a_city_brings_its_past_from_the_command_line(
    app: Flask, town: World, db: SQLAlchemy, tmp_path: Path
) -> None:
    cli = app.test_cli_runner()
    ref = town.voting_round.ref
    town.voting_round.total_minor = 10**12
    db.session.commit()

    brought = cli.invoke(args=["voting", "import", ref, "Swoszowice", str(SWOSZOWICE)])
    assert brought.exit_code == 0, brought.output
    assert "Swoszowice: 2341 ballots, 16 projects." in brought.output
    counted = cli.invoke(args=["voting", "count", ref])
    assert counted.exit_code == 0, counted.output
    assert "Swoszowice: 2341 ballots, funded: BO.D10.8/24, BO.D10.23/24" in counted.output

    again = cli.invoke(args=["voting", "import", ref, "Swoszowice", str(SWOSZOWICE)])
    elsewhere = cli.invoke(args=["voting", "import", "nowhere", "Swoszowice", str(SWOSZOWICE)])
    broken = tmp_path / "broken.pb"
    broken.write_text("META\nkey;value\nbudget;-1\n")
    damaged = cli.invoke(args=["voting", "import", ref, "Elsewhere", str(broken)])
    nothing = cli.invoke(args=["voting", "count", town.submission_round.ref])
    for answer, words in (
        (again, "has its contest already"),
        (elsewhere, "There is no round 'nowhere'."),
        (damaged, "Nothing was imported."),
        (nothing, "no sealed contest"),
    ):
        assert answer.exit_code == 1
        assert words in answer.output
        assert "Traceback" not in answer.output
