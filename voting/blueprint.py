"""The front door of the room."""

from flask import Flask

from voting import models  # noqa: F401  (its tables belong to every migration)


def register(app: Flask) -> None:
    """Plugs the room into the application."""
