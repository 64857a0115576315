"""Meetings as iCalendar files (RFC 5545), for the reader's own calendar."""

from collections.abc import Iterable

from icalendar import Calendar, Event

from engagement.models import Meeting


def calendar_of(meetings: Iterable[Meeting], *, name: str, base_url: str) -> bytes:
    """One calendar of these meetings; times are in UTC, which every calendar shows locally."""
    calendar = Calendar()
    calendar.add("prodid", "-//Common Purse//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for meeting in meetings:
        calendar.add_component(_event(meeting, base_url))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, base_url: str) -> Event:
    host = base_url.split("://", 1)[-1]
    event = Event()
    event.add("uid", f"meeting-{meeting.ref}@{host}")
    event.add("dtstamp", meeting.created_at)
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", meeting.ends_at)
    event.add("summary", meeting.title)
    event.add("location", meeting.place)
    event.add("description", meeting.description)
    event.add("url", f"{base_url}/meetings/{meeting.ref}")
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    return event
