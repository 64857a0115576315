"""Bad and hostile ballots. What is proven beside the thing itself has its number there.

`Nothing is written` means that no ballot is cast and none is kept, and that no answer is a 500.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected

import pytest
import time_machine
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from budgets.phases import PhaseKind
from core import jobs
from core.clock import now
from tests.attacks.boxes import digest
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World
from tests.voting.ballot_forms import (
    ballots,
    cast,
    keep,
    kept_ballots,
    key_on,
    open_paper,
    press,
    ranking_on,
    receipt_of,
    review,
    words_of,
)
from voting.models import SealedBallot
from voting.queries.rolls import roll_entry_of
from voting.services.closing import seal_contest
from voting.services.paper_marks import give_papers

STEPS = ["", "/review", "/kept", "/casts"]
CLOSED = "Voting closed at"


@pytest.fixture
def voter(client: BrowserLikeClient, amara: User) -> BrowserLikeClient:
    sign_in(client, amara)
    return client


def closing_of(world: World) -> datetime:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.ends_at


@pytest.mark.attack("B2")
def test_a_second_ballot_replaces_the_first_until_closing_and_is_refused_from_then_on(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User
) -> None:
    """B2: here a vote may be changed until closing, and the last one counts."""
    contest = world.city_contest
    cast(voter, contest, ["0-1"])
    first = receipt_of(voter, contest)
    cast(voter, contest, ["0-2"])
    assert receipt_of(voter, contest) != first
    key = key_on(open_paper(voter, contest))

    with time_machine.travel(closing_of(world), tick=False):
        sign_in(voter, amara)
        late = cast(voter, contest, ["0-3"], key)

    assert late.status_code == 409
    assert "Your ballot of before closing stays in the box" in words_of(late)
    sign_in(voter, amara)
    assert ranking_on(press(voter, contest, "mine", [])) == ["0-2"]
    assert (ballots(db), kept_ballots(db)) == (1, 0)


@pytest.mark.attack("B3")
@pytest.mark.sqlite
def test_fifty_casts_of_one_voter_at_once_leave_one_ballot(
    app: Flask, db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    """B3: half of them are one ballot sent again, the others are ballots of their own."""
    address = f"/ballots/{world.city_contest.ref}/casts"
    same = key_on(open_paper(voter, world.city_contest))
    keys = [same if n % 2 else key_on(open_paper(voter, world.city_contest)) for n in range(50)]
    token, session = voter.csrf_token(), voter.get_cookie("purse")
    assert session is not None
    db.session.commit()

    def post(number: int) -> int:
        form = {"ranking": f"0-{number % 4 + 1}", "key": keys[number], "csrf_token": token}
        with app.app_context():
            browser = app.test_client()
            browser.set_cookie("purse", session.value)
            return browser.open(address, method="POST", data=form, csrf=False).status_code

    with ThreadPoolExecutor(max_workers=10) as browsers:
        answers = set(browsers.map(post, range(50)))

    db.session.rollback()
    assert 303 in answers
    assert answers <= {303, 409, 422, 503}
    assert (ballots(db), kept_ballots(db)) == (1, 0)


@pytest.mark.attack("B7")
def test_prices_are_the_servers_whatever_a_form_says(
    voter: BrowserLikeClient, world: World
) -> None:
    """B7: a ranking may cost more than the pot: the pot pays for as much of it as it can."""
    forged = {"cost_minor": "1", "cost": "1", "data-cost": "1", "budget_minor": str(10**12)}

    page = review(voter, world.city_contest, ["0-3", "0-4"], **forged)

    assert page.status_code == 200
    assert "PLN 1,400,000" in words_of(page)


@pytest.mark.attack("B8")
@pytest.mark.sqlite
def test_what_is_no_ranking_writes_nothing(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World
) -> None:
    """B8: at every step of the paper."""
    key = key_on(open_paper(voter, world.city_contest))
    before = digest()
    for mark in ("[]", "null", "{}", '"1"', "-1", str(2**63), "1e309", "NaN", "true", "0-1,0-2"):
        for step in STEPS[1:]:
            form = {"ranking": [mark, "0-1"], "key": key}
            response = voter.post(f"/ballots/{world.city_contest.ref}{step}", data=form)

            assert response.status_code == 422, (mark, step)
            assert "Nothing was cast" in words_of(response)
    assert digest() == before


@pytest.mark.attack("B9")
@pytest.mark.parametrize("late", [timedelta(0), timedelta(milliseconds=1), timedelta(days=1)])
def test_a_page_that_stays_open_past_closing_writes_nothing_more(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User, late: timedelta
) -> None:
    """B9: what she had marked in time was kept, counts, and is told of."""
    contest, key = world.city_contest, key_on(open_paper(voter, world.city_contest))
    keep(voter, contest, ["0-1"])

    with time_machine.travel(closing_of(world) + late, tick=False):
        sign_in(voter, amara)
        answers = [keep(voter, contest, ["0-2"]), cast(voter, contest, ["0-2"], key)]

    for answer in answers:
        assert answer.status_code == 409
        assert "What you had marked before closing was kept, and counts" in words_of(answer)
    sign_in(voter, amara)
    assert (ballots(db), kept_ballots(db)) == (0, 1)
    assert ranking_on(press(voter, contest, "mine", [])) == ["0-1"]


@pytest.mark.attack("B10")
def test_the_servers_clock_decides_and_stands_on_the_page(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User
) -> None:
    """B10: whatever day a browser or a form believes it is."""
    contest, key = world.city_contest, key_on(open_paper(voter, world.city_contest))
    assert closing_of(world).isoformat() in open_paper(voter, contest).get_data(as_text=True)
    yesterday = (closing_of(world) - timedelta(days=1)).isoformat()
    form = {"ranking": ["0-1"], "key": key, "at": yesterday, "now": yesterday, "closed": ""}

    before = digest()
    with time_machine.travel(closing_of(world), tick=False):
        sign_in(voter, amara)
        for step in STEPS[1:]:
            answer = voter.post(
                f"/ballots/{contest.ref}{step}", data=form, headers={"Date": yesterday}
            )
            assert answer.status_code == 409
            assert CLOSED in words_of(answer)

    assert digest() == before


@pytest.mark.attack("B11")
def test_nobody_keeps_a_ballot_for_somebody_else(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, chen: User
) -> None:
    """B11: a draft of a ballot, too, is of whom the session names."""
    entry = roll_entry_of(chen.id)
    assert entry is not None
    forged = {"person_key": entry.person_key, "entry": str(entry.id), "tag": "0" * 64}

    assert keep(voter, world.city_contest, ["0-1"], **forged).status_code == 200

    sign_in(voter, chen)
    assert ranking_on(press(voter, world.city_contest, "mine", [])) == []
    assert kept_ballots(db) == 1


@pytest.mark.attack("B14")
@pytest.mark.parametrize("step", STEPS)
def test_who_was_given_papers_writes_nothing_on_the_web(
    db: SQLAlchemy, voter: BrowserLikeClient, world: World, amara: User, clara: User, step: str
) -> None:
    """B14: at every step of the paper."""
    entry, key = roll_entry_of(amara.id), key_on(open_paper(voter, world.city_contest))
    assert entry is not None
    give_papers(world.voting_round, entry, [world.city_contest], by=clara, at=now())
    before = digest()

    response = voter.post(
        f"/ballots/{world.city_contest.ref}{step}", data={"ranking": ["0-1"], "key": key}
    )

    assert response.status_code == 409
    assert "you vote on paper" in words_of(response)
    assert digest() == before


@pytest.mark.attack("B17")
@pytest.mark.parametrize(
    ("kind", "body"),
    [("application/json", '{"ranking": ["0-1"]}'), ("text/plain", "ranking=0-1")],
)
def test_nothing_is_kept_by_an_address_or_by_what_is_no_form(
    voter: BrowserLikeClient, world: World, kind: str, body: str
) -> None:
    """B17: 405 and 415."""
    before, address = digest(), f"/ballots/{world.city_contest.ref}/kept"

    assert voter.get(f"{address}?ranking=0-1").status_code == 405
    assert voter.post(address, data=body, content_type=kind).status_code == 415
    assert digest() == before


@pytest.mark.attack("B74")
def test_no_vote_depends_on_the_mail_server(
    clock: time_machine.Traveller,
    db: SQLAlchemy,
    world: World,
    voter: BrowserLikeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """B74: while it refuses, one casts, holds a receipt and is counted; the mail goes later."""

    def refuse(_mail: object) -> None:
        raise SMTPServerDisconnected

    contest, sent = world.city_contest, voter.application.extensions["mailman"]
    with monkeypatch.context() as broken:
        broken.setattr("flask_mailman.EmailMessage.send", refuse)
        assert cast(voter, contest, ["0-1"]).status_code == 303
        assert receipt_of(voter, contest)
        clock.move_to(closing_of(world) + timedelta(minutes=1))
        seal_contest(contest, at=now())
        db.session.commit()
        jobs.run_due(now())
    assert db.session.scalar(select(func.count()).select_from(SealedBallot)) == 1
    assert getattr(sent, "outbox", []) == []

    clock.shift(timedelta(hours=2))
    jobs.run_due(now())
    assert [mail.to for mail in sent.outbox] == [["amara@example.org"]]
