"""The front door of the room."""

from flask import Blueprint, Flask

from districts import admin


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    room = Blueprint("districts", __name__)
    room.register_blueprint(admin.bp)
    app.register_blueprint(room)
