"""Runs migrations on the application's own engine, so that every connection obeys its rules."""

from typing import Literal

from alembic import context
from sqlalchemy.sql.schema import SchemaItem

from core.database import UtcDateTime, db


def is_ours(
    _object: SchemaItem, name: str | None, _kind: str, _reflected: bool, _to: object
) -> bool:
    """The tables behind full-text search are made by hand, once per kind of database."""
    return not (name and (name.startswith("search_fts") or name == "ix_search_document_words"))


def write_type(kind: str, value: object, _context: object) -> str | Literal[False]:
    """Moments are plain columns in a migration, which must not depend on today's code."""
    return (
        "sa.DateTime(timezone=True)" if isinstance(value, UtcDateTime) and kind == "type" else False
    )


def run() -> None:
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            include_object=is_ours,
            render_as_batch=True,
            compare_type=True,
            render_item=write_type,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
