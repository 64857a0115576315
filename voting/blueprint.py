"""The front door of the room."""

from flask import Blueprint, Flask

from core import jobs, slots
from voting import models  # noqa: F401  (its tables belong to every migration)
from voting.services import closing, rolls

bp = Blueprint("voting", __name__)


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    app.register_blueprint(bp)
    slots.put(app, "residency_confirmed", rolls.follow_residency)
    jobs.handler(app, closing.DESTROY_LINK_KEY, closing.destroy_link_key)
