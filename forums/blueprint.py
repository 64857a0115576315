"""The front door of the room."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Flask, url_for
from flask_babel import gettext
from flask_login import current_user

from core import slots
from core.text import excerpt
from forums import permissions, queries
from forums.forms import reply_form_for
from forums.routes import moderation, posts, roundtables, threads
from forums.rules import rule_named
from forums.services import erasure


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    room = Blueprint("forums", __name__)
    for part in (roundtables, threads, posts, moderation):
        room.register_blueprint(part.bp)
    app.register_blueprint(room)
    app.jinja_env.globals["rule_named"] = rule_named
    app.jinja_env.globals["reply_form_for"] = reply_form_for
    app.jinja_env.filters["excerpt"] = excerpt
    slots.put(app, "home", home_part)
    slots.put(app, "staff_home", waiting_reports)
    slots.put(app, "erase_account", erasure.erase_author)


def home_part(at: datetime) -> dict[str, Any]:
    """Roundtables that take posts now."""
    found = queries.open_roundtables(at, most=4)
    return {"roundtables": found}


def waiting_reports(at: datetime) -> list[dict[str, Any]]:  # noqa: ARG001  (all slots get the time)
    """For moderators: how many posts are reported."""
    if not permissions.may_moderate(current_user):
        return []
    number = queries.reports_waiting()
    label = gettext("Reported posts that wait for a moderator")
    return [{"label": label, "number": number, "url": url_for("forums.moderation.reports")}]
