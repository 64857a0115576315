"""Answers once the database has taken the ballot, whether or not it is on disk."""

from typing import Any

from sqlalchemy import event, select
from sqlalchemy.sql import func

from core.database import db
from voting.services import box
from wsgi import app

__all__ = ["app"]
transaction: Any = box


def do_not_wait(connection: Any, _record: object) -> None:
    """Comes after what the product demands of each new connection."""
    connection.execute("PRAGMA synchronous=NORMAL")


def demand_nothing() -> None:
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(select(func.set_config("synchronous_commit", "off", True)))


transaction.demand_durability = demand_nothing
with app.app_context():
    if db.engine.dialect.name == "sqlite":
        event.listen(db.engine, "connect", do_not_wait)
