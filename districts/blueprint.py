"""The front door of the room."""

from flask import Flask

from districts import models  # noqa: F401  (its tables belong to every migration)


def register(app: Flask) -> None:
    """Plugs the room into the application. It has no pages of its own yet, only its tables."""
