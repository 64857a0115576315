"""A round that hears objections: two take a ballot out, and afterwards nobody finds one again."""

import json
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from accounts.person_keys import person_key
from core import clock as now
from core.approvals import Approval
from core.audit import AuditEntry
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.second_person import confirm_as
from tests.harness.world import World, build
from tests.voting.log_voters import cast, voters
from voting import link_keys
from voting.models import Ballot, ClosingRecord, Contest, RollMark, SealedBallot
from voting.queries.log_checks import faults_in_log
from voting.queries.manifests import manifests_of
from voting.queries.rolls import roll_entry_by_key
from voting.services.closing import VotingStillOpen, seal_contest

HERS = "REG Amara"
REASON = "A person stood on the roll twice, and voted twice."
CLOSED, OBJECTIONS_OVER = timedelta(days=16), timedelta(days=23)


@pytest.fixture
def town(clock: time_machine.Traveller, app: Flask, db: SQLAlchemy) -> World:
    made = build()
    made.voting_round.objection_days = 7
    return made


@pytest.fixture
def contest(town: World, amara: User, db: SQLAlchemy) -> Contest:
    """Five people have voted, Amara among them."""
    for each in voters(town, 4):
        cast(town.city_contest, each, ["0-1"])
    hers = roll_entry_by_key(person_key(HERS))
    assert hers is not None
    cast(town.city_contest, hers, ["0-2"])
    db.session.commit()
    return town.city_contest


def object_to(
    client: BrowserLikeClient, contest: Contest, officer: User, register_id: str, **more: str
) -> int:
    people.sign_in(client, officer)
    form = {"register_id": register_id, "contest": contest.ref, "reason": REASON} | more
    address = f"/staff/objections/{contest.round.ref}"
    return client.post(address, data=form).status_code


def test_voters_are_promised_the_time_before_they_vote(
    client: BrowserLikeClient, town: World, contest: Contest
) -> None:
    assert json.loads(manifests_of(contest.id)[0].document)["objection_days"] == 7
    page = text_of(client.get(f"/rounds/{town.voting_round.ref}").text)
    assert "After closing, objections about voters are heard until" in page


def test_two_officers_take_a_ballot_out_and_everybody_reads_why_and_not_whose(
    app: Flask, client: BrowserLikeClient, clock: time_machine.Traveller, db: SQLAlchemy,
    town: World, contest: Contest, amara: User, eli: User, ewa: User,
) -> None:  # fmt: skip
    clock.shift(CLOSED)
    assert object_to(client, contest, eli, HERS) == 303
    assert len(db.session.scalars(select(Ballot)).all()) == 5, "one officer alone changes nothing"
    assert confirm_as(app, ewa) == 303

    assert len(db.session.scalars(select(Ballot)).all()) == 4
    assert list(faults_in_log(contest)) == []
    page = text_of(client.get(f"/rounds/{town.voting_round.ref}").text)
    assert "One ballot was taken out of the box of “Proposals for the whole city”" in page
    assert f"Reason given: {REASON}" in page
    kept = [*db.session.scalars(select(AuditEntry)), *db.session.scalars(select(Approval))]
    told = json.dumps([[each.details, each.reason, each.subject] for each in kept])
    for name in (person_key(HERS), HERS, amara.display_name):
        assert name not in told

    clock.shift(OBJECTIONS_OVER - CLOSED)
    seal_contest(contest, at=now.now())
    db.session.commit()
    said = json.loads(db.session.get_one(ClosingRecord, contest.id).document)
    assert (said["size"], said["counted"], said["roll_marks"]) == (5, 4, 4)
    assert len(said["withdrawn"]) == 1
    assert len(db.session.scalars(select(SealedBallot)).all()) == 4
    marked = set(db.session.scalars(select(RollMark.roll_entry_id)))
    hers = roll_entry_by_key(person_key(HERS))
    assert hers is not None
    assert hers.id not in marked
    assert list(faults_in_log(contest)) == []


def test_nothing_is_sealed_or_certified_and_no_key_destroyed_before_the_time_is_over(
    app: Flask, client: BrowserLikeClient, clock: time_machine.Traveller, db: SQLAlchemy,
    contest: Contest, eli: User, ewa: User,
) -> None:  # fmt: skip
    clock.shift(CLOSED)
    with pytest.raises(VotingStillOpen):
        seal_contest(contest, at=now.now())
    db.session.rollback()
    people.sign_in(client, eli)
    address = f"/staff/rounds/{contest.round.ref}"
    for act in ("seals", "counts", "link-keys/destruction", "certificates"):
        assert client.post(f"{address}/{act}").status_code == 409
    page = text_of(client.get(f"{address}/count").text)
    assert "Objections about voters are heard until" in page
    assert "Box closed" in page
    assert "Not open yet" not in page
    assert link_keys.exists(contest.ref)

    clock.shift(OBJECTIONS_OVER - CLOSED)
    people.sign_in(client, eli)
    assert client.post(f"{address}/seals").status_code == 303
    assert client.post(f"{address}/link-keys/destruction").status_code == 303
    assert confirm_as(app, ewa) == 303
    assert not link_keys.exists(contest.ref)
    assert object_to(client, contest, eli, HERS) == 409
    page = text_of(client.get(f"/rounds/{contest.round.ref}").text)
    assert "objections about voters were heard. Nobody counted before." in page


def test_objections_are_heard_only_in_their_time_and_only_of_people_who_voted_here(
    client: BrowserLikeClient, clock: time_machine.Traveller, town: World, contest: Contest,
    chen: User, eli: User, dana: User,
) -> None:  # fmt: skip
    assert object_to(client, contest, eli, HERS) == 409, "she may still change her ballot herself"
    clock.shift(CLOSED)
    assert object_to(client, contest, dana, HERS) == 403
    assert object_to(client, contest, eli, HERS, reason="") == 422
    assert object_to(client, contest, eli, "999999") == 422, "not on the roll"
    assert object_to(client, contest, eli, "REG Chen") == 409, "never voted"
    town.voting_round.objection_days = 0
    assert object_to(client, contest, eli, HERS) == 409


def test_a_round_declares_the_days_before_voting_and_not_after(
    client: BrowserLikeClient, db: SQLAlchemy, town: World, contest: Contest, eli: User
) -> None:
    people.sign_in(client, eli)
    form = {
        "min_length": "1", "max_length": "3", "aggregate_below": "50", "openings": "auditors",
        "district_rule": "home", "districts_most": "1", "objection_days": "14",
        "pots": [str(pot.id) for pot in town.voting_round.pots],
    }  # fmt: skip
    address = f"/staff/rounds/{town.voting_round.ref}/ballots"
    assert client.post(address, data=form).status_code == 409
    town.voting_round.frozen_at = None
    db.session.commit()
    assert client.post(address, data=form | {"objection_days": "61"}).status_code == 422
    assert client.post(address, data=form).status_code == 303
    assert town.voting_round.objection_days == 14
