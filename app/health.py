"""Whether this server can do its work, in words that machines and people understand."""

from functools import cache

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from core.database import db

NOT_READY = "database not ready: run flask db upgrade"


def health() -> tuple[dict[str, str], int]:
    """200 only where the database answers and has the tables that this release works with.

    A database that is ahead of this release is one that an upgrade has just reached: it serves on.
    """
    try:
        db.session.execute(text("SELECT 1"))
        found = db.session.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except SQLAlchemyError as error:
        db.session.rollback()
        missing = not isinstance(error, OperationalError) or "no such table" in str(error.orig)
        return _away(NOT_READY if missing else "database away")
    newest, known = _revisions(current_app.extensions["migrate"].directory)
    if found is None or (found != newest and found in known):
        return _away(NOT_READY)
    return {"status": "ok"}, 200


def _away(status: str) -> tuple[dict[str, str], int]:
    return {"status": status}, 503


@cache
def _revisions(folder: str) -> tuple[str | None, frozenset[str]]:
    """The newest step of the tables that this release knows, and all of them."""
    steps = ScriptDirectory(folder)
    return steps.get_current_head(), frozenset(step.revision for step in steps.walk_revisions())
