"""Residents sign up for meetings; seats are counted, and who waits longest is next."""

from datetime import timedelta

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from icalendar import Calendar
from time_machine import Traveller
from werkzeug.test import TestResponse

from accounts.models import User
from core.clock import now
from engagement.models import Meeting, SignUp
from engagement.services import give_up_seat, plan_meeting, sign_up
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in


def text_of(response: TestResponse) -> str:
    return str(response.get_data(as_text=True))


def meeting_with(seats: int | None) -> Meeting:
    at = now()
    return plan_meeting(
        title="Walk along the river",
        description="We look at the **bridge**.",
        place="Mill Lane 4",
        access_note="No steps",
        starts_at=at + timedelta(days=3),
        ends_at=at + timedelta(days=3, hours=2),
        capacity=seats,
        by=None,
        at=at,
    )


def test_the_last_seat_is_given_once_and_then_a_waiting_list_opens(
    amara: User, bo: User, chen: User
) -> None:
    meeting = meeting_with(seats=2)
    waiting = [sign_up(meeting, by=person, at=now()).waiting for person in (amara, bo, chen)]
    assert waiting == [False, False, True]


def test_who_waits_longest_gets_the_seat_that_is_given_back(
    amara: User, bo: User, chen: User, db: SQLAlchemy
) -> None:
    meeting = meeting_with(seats=1)
    for person in (amara, bo, chen):
        sign_up(meeting, by=person, at=now())
    give_up_seat(meeting, by=amara, at=now())
    seated = db.session.query(SignUp.user_id).filter_by(waiting=False).all()
    assert [user_id for (user_id,) in seated] == [bo.id]


def test_leaving_the_waiting_list_seats_nobody_else(
    amara: User, bo: User, chen: User, db: SQLAlchemy
) -> None:
    meeting = meeting_with(seats=1)
    for person in (amara, bo, chen):
        sign_up(meeting, by=person, at=now())
    give_up_seat(meeting, by=bo, at=now())
    seated = db.session.query(SignUp.user_id).filter_by(waiting=False).all()
    assert [user_id for (user_id,) in seated] == [amara.id]


def test_signing_up_twice_takes_one_seat(
    client: BrowserLikeClient, amara: User, db: SQLAlchemy
) -> None:
    meeting = meeting_with(seats=5)
    sign_in(client, amara)
    for _ in range(2):
        assert client.post(f"/meetings/{meeting.ref}/seats").status_code == 303
    assert db.session.query(SignUp).count() == 1
    assert "4 of 5 free" in text_of(client.get(f"/meetings/{meeting.ref}"))


def test_nobody_signs_up_for_a_meeting_that_has_begun_or_was_cancelled(
    clock: Traveller, client: BrowserLikeClient, amara: User, dana: User
) -> None:
    meeting = meeting_with(seats=None)
    other = meeting_with(seats=None)
    sign_in(client, dana)
    url = f"/staff/meetings/{other.ref}/cancellation"
    assert client.post(url, data={"reason": "The hall is flooded."}).status_code == 303
    clock.move_to(meeting.starts_at)
    sign_in(client, amara)
    for ref in (meeting.ref, other.ref):
        assert client.post(f"/meetings/{ref}/seats").status_code == 409


def test_everybody_who_signed_up_is_told_when_a_meeting_is_cancelled(
    app: Flask, client: BrowserLikeClient, amara: User, dana: User
) -> None:
    meeting = meeting_with(seats=None)
    sign_up(meeting, by=amara, at=now())
    sign_in(client, dana)
    url = f"/staff/meetings/{meeting.ref}/cancellation"
    client.post(url, data={"reason": "The hall is flooded."})
    mails = [mail for mail in app.extensions["mailman"].outbox if mail.to == [amara.email]]
    assert "The hall is flooded." in mails[-1].body


def test_residents_do_not_plan_or_cancel_meetings(client: BrowserLikeClient, amara: User) -> None:
    meeting = meeting_with(seats=None)
    sign_in(client, amara)
    assert client.get("/staff/meetings/new").status_code == 403
    url = f"/staff/meetings/{meeting.ref}/cancellation"
    assert client.post(url, data={"reason": "No"}).status_code == 403


def test_a_meeting_that_ends_before_it_begins_is_refused_and_kept(
    client: BrowserLikeClient, dana: User, db: SQLAlchemy
) -> None:
    sign_in(client, dana)
    data = {
        "title": "Backwards",
        "description": "Time runs back.",
        "place": "Here",
        "starts_at": "2031-05-02T18:00",
        "ends_at": "2031-05-02T17:00",
        "capacity": "-3",
    }
    answer = client.post("/staff/meetings", data=data)
    assert answer.status_code == 422
    assert "Backwards" in text_of(answer)
    assert db.session.query(Meeting).count() == 0


def test_the_calendar_file_says_when_and_where(client: BrowserLikeClient, db: SQLAlchemy) -> None:
    meeting = meeting_with(seats=None)
    answer = client.get(f"/meetings/{meeting.ref}.ics")
    assert answer.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(answer.get_data()).walk("VEVENT")
    assert event.decoded("dtstart") == meeting.starts_at.replace(microsecond=0)
    assert str(event["location"]) == "Mill Lane 4"
    everything = Calendar.from_ical(client.get("/meetings.ics").get_data())
    assert len(everything.walk("VEVENT")) == 1
