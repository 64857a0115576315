"""Moderators act in the open: with a rule, a reason, and a line in the public log."""

import json
import re

import pytest
from flask_sqlalchemy import SQLAlchemy
from werkzeug.test import TestResponse

from accounts.models import User
from core.clock import now
from core.jobs import OutboxJob
from forums.models import Flag, ModerationAct, Post
from forums.services.moderation import set_locked
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in
from tests.harness.world import World


def text_of(response: TestResponse) -> str:
    return str(response.get_data(as_text=True))


def hide(client: BrowserLikeClient, post: Post, **data: str) -> TestResponse:
    data = {"rule": "respect", "reason": "It insults a neighbour.", **data}
    return client.post(f"/staff/posts/{post.ref}/hiding", data=data)


def test_dana_hides_a_post_and_the_tombstone_says_why(
    client: BrowserLikeClient, world: World, dana: User
) -> None:
    sign_in(client, dana)
    assert hide(client, world.reply).status_code == 303
    anonymous = client.application.test_client()
    page = text_of(anonymous.get(f"/threads/{world.thread.ref}"))
    assert "And the path to it." not in page
    assert "It insults a neighbour." in page
    assert "Respect" in page


def test_the_public_log_shows_the_act_without_names(
    client: BrowserLikeClient, world: World, dana: User, bo: User
) -> None:
    sign_in(client, dana)
    hide(client, world.reply)
    page = text_of(client.application.test_client().get("/moderation"))
    assert "It insults a neighbour." in page
    assert "And the path to it." not in page
    assert dana.display_name not in page
    assert f">{bo.display_name}<" not in page


def test_the_author_gets_the_rule_the_reason_and_her_own_text(
    client: BrowserLikeClient, world: World, dana: User, db: SQLAlchemy
) -> None:
    sign_in(client, dana)
    hide(client, world.reply)
    job = db.session.query(OutboxJob).filter_by(name="mail.send").one_or_none()
    body = json.loads(job.payload).get("body", "") if job and job.payload != "{}" else ""
    mail = body or sent_text(client)
    assert "It insults a neighbour." in mail
    assert "And the path to it." in mail


def sent_text(client: BrowserLikeClient) -> str:
    outbox = client.application.extensions["mailman"].outbox
    return "\n".join(mail.body for mail in outbox)


def test_the_log_is_read_page_by_page_the_newest_act_first(
    client: BrowserLikeClient, world: World, dana: User, db: SQLAlchemy
) -> None:
    for number in range(70):
        set_locked(world.thread, True, reason=f"Reason {number:02}.", by=dana, at=now())
    db.session.commit()
    seen: list[str] = []
    url = "/moderation"
    while url:
        page = text_of(client.get(url))
        seen += re.findall(r"Reason \d\d\.", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        url = following[1] if following else ""
    assert seen == [f"Reason {number:02}." for number in reversed(range(70))]


def test_a_forged_cursor_shows_the_first_page(client: BrowserLikeClient, world: World) -> None:
    for cursor in ("x", "WyJ4IiwgMV0", "WyIyMDI2LTAxLTAxIiwgMV0", "WzEsIDJd"):
        assert client.get(f"/moderation?after={cursor}").status_code == 200


@pytest.mark.attack("B72")
def test_a_reason_and_a_rule_are_needed(
    client: BrowserLikeClient, world: World, dana: User, db: SQLAlchemy
) -> None:
    sign_in(client, dana)
    answer = hide(client, world.reply, reason="  ")
    assert answer.status_code == 422
    assert hide(client, world.reply, rule="because").status_code == 422
    db.session.refresh(world.reply)
    assert world.reply.hidden_at is None


def test_residents_and_officers_cannot_moderate(
    client: BrowserLikeClient, world: World, amara: User, eli: User, db: SQLAlchemy
) -> None:
    for person in (amara, eli):
        sign_in(client, person)
        assert hide(client, world.reply).status_code == 403
    db.session.refresh(world.reply)
    assert world.reply.hidden_at is None


@pytest.mark.attack("B63")
def test_nobody_moderates_her_own_post(
    client: BrowserLikeClient, world: World, dana: User, db: SQLAlchemy
) -> None:
    world.reply.author_id = dana.id
    db.session.commit()
    sign_in(client, dana)
    assert hide(client, world.reply).status_code == 403


def test_hiding_twice_is_a_conflict_and_changes_nothing(
    client: BrowserLikeClient, world: World, dana: User, db: SQLAlchemy
) -> None:
    sign_in(client, dana)
    hide(client, world.reply)
    acts = db.session.query(ModerationAct).count()
    assert hide(client, world.reply, reason="Again").status_code == 409
    assert db.session.query(ModerationAct).count() == acts


def test_a_mistake_is_mended_by_another_act_in_the_log(
    client: BrowserLikeClient, world: World, dana: User
) -> None:
    sign_in(client, dana)
    hide(client, world.reply)
    url = f"/staff/posts/{world.reply.ref}/showing"
    assert client.post(url, data={"reason": "I misread it."}).status_code == 303
    anonymous = client.application.test_client()
    assert "And the path to it." in text_of(anonymous.get(f"/threads/{world.thread.ref}"))
    log = text_of(anonymous.get("/moderation"))
    assert "It insults a neighbour." in log
    assert "I misread it." in log


def test_a_locked_thread_takes_no_reply_and_unlocked_it_does(
    client: BrowserLikeClient, world: World, dana: User, bo: User
) -> None:
    sign_in(client, dana)
    base = f"/staff/threads/{world.thread.ref}"
    client.post(f"{base}/locking", data={"reason": "It went in circles."})
    sign_in(client, bo)
    reply = f"/threads/{world.thread.ref}/posts"
    answer = client.post(reply, data={"source": "One more thing"})
    assert answer.status_code == 409
    assert "One more thing" in text_of(answer)
    sign_in(client, dana)
    client.post(f"{base}/unlocking", data={"reason": "A new week."})
    sign_in(client, bo)
    assert client.post(reply, data={"source": "One more thing"}).status_code == 303


def test_a_pinned_thread_stands_on_top(
    client: BrowserLikeClient, world: World, dana: User, bo: User
) -> None:
    sign_in(client, bo)
    url = f"/roundtables/{world.roundtable.ref}/threads"
    client.post(url, data={"title": "Newest of all", "source": "Hello"})
    sign_in(client, dana)
    client.post(f"/staff/threads/{world.thread.ref}/pinning", data={"reason": "Read this first."})
    page = text_of(client.get(f"/roundtables/{world.roundtable.ref}"))
    assert page.index(f"/threads/{world.thread.ref}") < page.index("Newest of all")


def test_thirty_reports_of_one_person_are_one_report(
    client: BrowserLikeClient, world: World, bo: User, db: SQLAlchemy
) -> None:
    sign_in(client, bo)
    url = f"/posts/{world.post.ref}/flags"
    for _ in range(3):
        answer = client.post(url, data={"rule": "subject", "note": "Not about lamps"})
        assert answer.status_code == 303
    assert db.session.query(Flag).filter_by(post_id=world.post.id, user_id=bo.id).count() == 1


def test_a_report_waits_for_a_moderator_who_may_leave_the_post(
    client: BrowserLikeClient, world: World, bo: User, dana: User, db: SQLAlchemy
) -> None:
    sign_in(client, bo)
    client.post(f"/posts/{world.post.ref}/flags", data={"rule": "subject", "note": "Off, I say"})
    sign_in(client, dana)
    assert "Off, I say" in text_of(client.get("/staff/reports"))
    url = f"/staff/posts/{world.post.ref}/keeping"
    assert client.post(url, data={"reason": "It is on the subject."}).status_code == 303
    assert "Off, I say" not in text_of(client.get("/staff/reports"))


def test_dana_opens_a_roundtable_with_a_question_and_a_closing_date(
    client: BrowserLikeClient, dana: User
) -> None:
    sign_in(client, dana)
    data = {
        "title": "The bus",
        "question": "Where should it stop?",
        "closes_at": "2031-05-01T18:00",
    }
    answer = client.post("/staff/roundtables", data=data)
    assert answer.status_code == 303
    page = text_of(client.get(answer.headers["Location"]))
    assert "Where should it stop?" in page
    assert "1 May 2031, 18:00" in page


def test_a_roundtable_cannot_close_in_the_past(client: BrowserLikeClient, dana: User) -> None:
    sign_in(client, dana)
    data = {"title": "The bus", "question": "Where?", "closes_at": "2001-05-01T18:00"}
    answer = client.post("/staff/roundtables", data=data)
    assert answer.status_code == 422
    assert "Where?" in text_of(answer)
