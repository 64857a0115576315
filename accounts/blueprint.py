"""The front door of the room."""

from flask import Flask
from flask_security import Security, SQLAlchemyUserDatastore

from accounts.models import Role, User
from core.access import PUBLIC, SIGNED_IN, declare
from core.database import db

people = SQLAlchemyUserDatastore(db, User, Role)
PUBLIC_VIEWS = ("login", "register", "send_confirmation", "forgot_password", "reset_password")


def register(app: Flask) -> None:
    """Plugs the room into the application."""
    app.config.update(
        SECURITY_REGISTERABLE=True,
        SECURITY_CONFIRMABLE=True,
        SECURITY_RECOVERABLE=True,
        SECURITY_LOGOUT_METHODS=["POST"],
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106  (the name of a function)
    )
    Security(app, people)
    for name in PUBLIC_VIEWS:
        if view := app.view_functions.get(f"security.{name}"):
            declare(view, PUBLIC)
    if view := app.view_functions.get("security.logout"):
        declare(view, SIGNED_IN)
