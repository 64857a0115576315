"""The front door of the room."""

from datetime import datetime
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext

from accounts.models import User
from core import slots
from engagement import admin, queries, routes

routes.bp.register_blueprint(admin.bp)


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    app.register_blueprint(routes.bp)
    slots.put(app, "home", home_part)
    slots.put(app, "account_sections", my_meetings)


def home_part(at: datetime) -> dict[str, Any]:
    """The next meetings."""
    meetings = [
        {
            "title": meeting.title,
            "url": url_for("engagement.show", ref=meeting.ref),
            "starts_at": meeting.starts_at,
            "place": meeting.place,
        }
        for meeting in queries.coming_meetings(at, most=3)
        if meeting.cancelled_at is None
    ]
    return {"meetings": meetings}


def my_meetings(user: User, at: datetime) -> list[dict[str, Any]]:
    """On the account page: where I have a seat."""
    mine = queries.meetings_of(user.id, at)
    if not mine:
        return []
    title = gettext("My meetings")
    return [{"title": title, "template": "engagement/_mine.html", "context": {"meetings": mine}}]
