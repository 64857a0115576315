"""Answers once the database has taken the ballot, whether or not it is on disk."""

import sqlite3
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.engine import Engine
from sqlalchemy.sql import func

from core.database import db
from voting.services import box
from wsgi import app

__all__ = ["app"]
transaction: Any = box


def hurry() -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.set_config("synchronous_commit", "off", True)))


@event.listens_for(Engine, "connect")
def do_not_wait(connection: Any, _record: object) -> None:
    """Comes after the product's own listener, which stands on the engine itself."""
    if isinstance(connection, sqlite3.Connection) or hasattr(connection, "iterdump"):
        connection.execute("PRAGMA synchronous=NORMAL")


transaction.demand_durability = hurry
