"""The front door of the room."""

from flask import Blueprint, Flask

from core import jobs, slots
from voting import models  # noqa: F401  (its tables belong to every migration)
from voting.routes import ballots, receipts
from voting.services import closing, rolls


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    room = Blueprint("voting", __name__)
    room.register_blueprint(ballots.bp)
    room.register_blueprint(receipts.bp)
    app.register_blueprint(room)
    slots.put(app, "residency_confirmed", rolls.follow_residency)
    jobs.handler(app, closing.DESTROY_LINK_KEY, closing.destroy_link_key)
