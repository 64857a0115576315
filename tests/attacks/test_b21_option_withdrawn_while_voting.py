"""B21: a project is withdrawn while people vote: by two, in public; no ballot is touched."""

from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from core import clock as now
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.second_person import confirm_as
from tests.harness.world import World, build
from tests.transparency.decided import publish
from tests.transparency.test_log_bundle import bundle, verify
from tests.voting import ballot_forms
from tests.voting.log_voters import cast, voters
from voting.models import Ballot, Contest, SealedBallot
from voting.queries.contests import contests_of
from voting.queries.counts import counting_input
from voting.queries.log_checks import faults_in_log
from voting.services.closing import seal_contest

REASON = "The ground was sold."


@pytest.fixture
def town(clock: time_machine.Traveller, app: Flask, db: SQLAlchemy) -> World:
    return build()


@pytest.fixture
def contest(town: World) -> Contest:
    """Sixty people have voted: for the second project alone, or for it and others."""
    contest = town.city_contest
    contest.openings, contest.rule = "public", "equal-shares"
    marked = [["0-2"], ["0-2", "0-1"], ["0-1", "0-2", "0-3"], ["0-3", "0-1"], ["0-1"]] * 12
    for entry, refs in zip(voters(town, 60), marked, strict=True):
        cast(contest, entry, refs)
    return contest


def withdraw(app: Flask, client: BrowserLikeClient, contest: Contest, eli: User, ewa: User) -> None:
    people.sign_in(client, eli)
    form = {"withdrawn": "0-2", "why": REASON}
    answer = client.post(f"/staff/changes/{contest.ref}/withdrawals", data=form)
    assert answer.status_code == 303
    assert contest.withdrawn == [], "one officer alone changes nothing"
    assert confirm_as(app, ewa) == 303


@pytest.mark.attack("B21")
def test_everybody_is_told_and_every_ballot_stays(
    app: Flask, client: BrowserLikeClient, db: SQLAlchemy, town: World, contest: Contest,
    amara: User, eli: User, ewa: User,
) -> None:  # fmt: skip
    """B21: on the paper and on the page of the round; rankings stay as they were cast."""
    people.sign_in(client, amara)
    ballot_forms.cast(client, contest, ["0-2", "0-4"])
    before = set(db.session.execute(select(Ballot.commitment, Ballot.ranking)).all())
    withdraw(app, client, contest, eli, ewa)

    assert set(db.session.execute(select(Ballot.commitment, Ballot.ranking)).all()) == before
    people.sign_in(client, amara)
    paper = client.get(f"/ballots/{contest.ref}").text
    told = "“Trees for the city, lot 2” was withdrawn from the ballot while people voted."
    assert told in text_of(paper)
    assert REASON in text_of(paper)
    assert "Ballots that rank it stay valid" in text_of(paper)
    assert 'id="option-0-2"' not in paper
    assert 'id="option-0-3"' in paper
    page = text_of(client.get(f"/rounds/{town.voting_round.ref}").text)
    assert told in page
    assert f"Reason given: {REASON}" in page


@pytest.mark.attack("B21", "B6")
def test_nobody_ranks_it_any_more_and_the_other_ranks_are_kept(
    app: Flask, client: BrowserLikeClient, db: SQLAlchemy, contest: Contest, amara: User,
    eli: User, ewa: User,
) -> None:  # fmt: skip
    """B21, B6: 422 with its title, and the rest of the ranking on the page."""
    withdraw(app, client, contest, eli, ewa)
    people.sign_in(client, amara)
    answer = ballot_forms.cast(client, contest, ["0-2", "0-4"])

    assert answer.status_code == 422
    assert "“Trees for the city, lot 2” is no longer on the ballot" in text_of(answer.text)
    assert ballot_forms.ranking_on(answer) == ["0-4"]
    assert ballot_forms.cast(client, contest, ["0-4"]).status_code == 303


@pytest.mark.attack("B21")
def test_the_count_passes_it_over_and_the_second_program_agrees(
    app: Flask, client: BrowserLikeClient, clock: time_machine.Traveller, db: SQLAlchemy,
    town: World, contest: Contest, eli: User, ewa: User, tmp_path: Path,
) -> None:  # fmt: skip
    """B21: the next rank of such a ballot counts."""
    withdraw(app, client, contest, eli, ewa)
    clock.shift(30 * 86400)
    for each in contests_of(contest.round_id):
        seal_contest(each, at=now.now())
    db.session.commit()
    assert list(faults_in_log(contest)) == []
    assert len(db.session.scalars(select(SealedBallot)).all()) == 60
    counted, ballots = counting_input(contest)
    assert counted.ids == ("0-1", "0-3", "0-4")
    assert dict(ballots.rankings(counted.ids)) == {
        ("0-1",): 24, ("0-1", "0-3"): 12, ("0-3", "0-1"): 12,
    }  # fmt: skip

    publish(town.voting_round, certified_by=eli, by=ewa)
    said = verify(tmp_path, bundle(client, contest))
    assert said.returncode == 0, said.stdout + said.stderr
    assert "number 2 changed withdrawn" in said.stdout


@pytest.mark.attack("B21")
def test_what_the_paper_needs_stays_on_it(
    client: BrowserLikeClient, contest: Contest, eli: User, dana: User
) -> None:
    """B21: only by the written rule, with a reason, and by officers."""
    address = f"/staff/changes/{contest.ref}/withdrawals"
    people.sign_in(client, eli)
    contest.withdrawn = ["0-1", "0-3", "0-4"]
    last = client.post(address, data={"withdrawn": "0-2", "why": REASON})
    assert (last.status_code, "Too little would be left" in last.text) == (422, True)
    gone = client.post(address, data={"withdrawn": "0-1", "why": REASON})
    assert (gone.status_code, "does not stand on this ballot paper" in gone.text) == (422, True)
    assert client.post(address, data={"withdrawn": "0-2", "why": ""}).status_code == 422
    people.sign_in(client, dana)
    assert client.post(address, data={"withdrawn": "0-2", "why": REASON}).status_code == 403
