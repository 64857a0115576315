"""A reviewer decides whether a proposal can be done, with reasons that everybody reads."""

from datetime import timedelta

import pytest
from flask_mailman import EmailMessage
from sqlalchemy import select

from accounts.models import User
from budgets.models import Round
from core.audit import AuditEntry
from core.database import db
from core.jobs import OutboxJob
from proposals.models import Proposal
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.people import sign_in
from tests.harness.world import World, make_proposal

YES = {"verdict": "feasible", "costing": "95 000", "reason": "The ground is the city's."}
NO = {"verdict": "not_feasible", "reason": "The bank is private ground."}
assert EmailMessage


def waiting(world: World, author: User | None = None) -> Proposal:
    """A published proposal for Riverside that nobody has looked at."""
    at = world.submission_round.created_at
    proposal = make_proposal(world.submission_round, world.riverside, "Steps", at, by=author)
    db.session.commit()
    return proposal


def test_farah_finds_a_proposal_feasible_and_everybody_reads_why(
    client: BrowserLikeClient, world: World, taking: Round, amara: User, farah: User
) -> None:
    proposal = waiting(world, amara)
    sign_in(client, farah)
    assert "Steps" in client.get("/staff/reviews").text
    assert client.get(f"/staff/reviews/{proposal.ref}").status_code == 200

    answer = client.post(f"/staff/reviews/{proposal.ref}", data=YES)

    assert answer.status_code == 303
    db.session.expire_all()
    assert (proposal.state, proposal.cost_minor) == ("feasible", 95_000_00)
    assert "Steps" not in client.get("/staff/reviews").text
    client.delete_cookie("purse")
    words = text_of(client.get(f"/proposals/{proposal.ref}").text)
    assert "The ground is the city's." in words
    assert "It would cost PLN 95,000. The author had estimated PLN 100,000." in words
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "decide_review")).one()
    assert (entry.actor_id, entry.reason) == (farah.id, "The ground is the city's.")


def test_the_author_is_told_by_mail_with_the_reasons(
    client: BrowserLikeClient, world: World, taking: Round, amara: User, farah: User
) -> None:
    proposal = waiting(world, amara)
    sign_in(client, farah)
    client.post(f"/staff/reviews/{proposal.ref}", data=NO)

    from flask import current_app

    sent = current_app.extensions["mailman"].outbox
    assert [mail.to for mail in sent] == [["amara@example.org"]]
    assert "The bank is private ground." in sent[0].body
    assert f"http://localhost/proposals/{proposal.ref}" in sent[0].body


def test_a_decision_needs_its_reason_and_a_feasible_one_its_cost(
    client: BrowserLikeClient, world: World, taking: Round, farah: User
) -> None:
    proposal = waiting(world)
    sign_in(client, farah)
    for wrong in (
        NO | {"reason": " "},
        YES | {"costing": ""},
        YES | {"costing": "0"},
        YES | {"costing": "-5"},
        YES | {"costing": "100 001"},
        YES | {"reason": ""},
        {"reason": "Who knows."},
        YES | {"verdict": "maybe"},
    ):
        answer = client.post(f"/staff/reviews/{proposal.ref}", data=wrong)
        assert answer.status_code == 422, wrong
    db.session.expire_all()
    assert (proposal.state, proposal.review) == ("published", None)
    assert db.session.scalar(select(OutboxJob).where(OutboxJob.due_at.is_not(None))) is None


@pytest.mark.attack("B63")
def test_a_reviewer_never_decides_on_her_own_proposal(
    client: BrowserLikeClient, world: World, taking: Round, farah: User
) -> None:
    proposal = waiting(world, farah)
    sign_in(client, farah)

    assert client.get(f"/staff/reviews/{proposal.ref}").status_code == 403
    assert client.post(f"/staff/reviews/{proposal.ref}", data=YES).status_code == 403
    db.session.expire_all()
    assert proposal.state == "published"


def test_nobody_else_reviews(
    client: BrowserLikeClient, world: World, taking: Round, amara: User, dana: User, eli: User
) -> None:
    proposal = waiting(world)
    for person in (amara, dana, eli):
        sign_in(client, person)
        assert client.get("/staff/reviews").status_code == 403
        assert client.post(f"/staff/reviews/{proposal.ref}", data=YES).status_code == 403


def test_a_decision_can_be_turned_but_not_taken_twice(
    client: BrowserLikeClient, world: World, taking: Round, farah: User
) -> None:
    proposal = waiting(world)
    sign_in(client, farah)
    statuses = [
        client.post(f"/staff/reviews/{proposal.ref}", data=said).status_code
        for said in (YES, YES, NO, NO, YES)
    ]

    assert statuses == [303, 409, 303, 409, 303]


def test_reviews_end_with_their_phase(
    client: BrowserLikeClient, world: World, taking: Round, farah: User
) -> None:
    proposal = waiting(world)
    for phase in taking.phases:
        phase.starts_at -= timedelta(days=60)
    db.session.commit()
    sign_in(client, farah)

    assert "Steps" not in client.get("/staff/reviews").text
    assert client.post(f"/staff/reviews/{proposal.ref}", data=YES).status_code == 409


def test_a_draft_or_what_stands_on_a_ballot_is_not_for_review(
    client: BrowserLikeClient, world: World, taking: Round, farah: User
) -> None:
    sign_in(client, farah)
    assert client.get(f"/staff/reviews/{world.draft.ref}").status_code == 404
    assert client.post(f"/staff/reviews/{world.on_ballot.ref}", data=YES).status_code == 409


def test_the_staff_page_says_how_many_wait(
    client: BrowserLikeClient, world: World, taking: Round, farah: User
) -> None:
    waiting(world)
    sign_in(client, farah)

    assert "Proposals that wait for a review" in client.get("/staff").text
