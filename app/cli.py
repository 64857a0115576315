"""Commands for whoever runs the server: jobs, the audit trail, and a backup of SQLite."""

from contextlib import closing
from pathlib import Path
from typing import IO

import click
import pysqlite3.dbapi2 as sqlite
from flask import Flask, current_app
from flask.cli import AppGroup
from huey.consumer import Consumer

from core import audit, clock
from core.database import db
from core.worker import WORKERS

jobs_group = AppGroup("jobs", help="Mail and other work that may wait.")
audit_group = AppGroup("audit", help="The audit trail: its newest head, and whether it is whole.")


def register(app: Flask) -> None:
    app.cli.add_command(jobs_group)
    app.cli.add_command(audit_group)
    app.cli.add_command(backup)


@jobs_group.command("run")
def run_jobs() -> None:
    """Works off the outbox until stopped. For JOBS=worker; one such process is enough."""
    if current_app.extensions["jobs_mode"] != "worker":
        raise click.ClickException("Set JOBS=worker here and for the web processes first.")
    Consumer(current_app.extensions["huey"], workers=WORKERS, periodic=True).run()


@audit_group.command("head")
def show_head() -> None:
    """Prints day, number and hash of the newest entry: a line to keep somewhere else."""
    head = audit.newest_head(clock.now())
    click.echo(f"{head.day} {head.number} {head.sha256}" if head else "The trail is empty.")


@audit_group.command("verify")
@click.option("--heads", type=click.File(), help="Heads that you kept, a line each. Checked too.")
def verify(heads: IO[str] | None) -> None:
    """Checks every entry of the trail and names the first that is broken."""
    try:
        known = [*audit.kept_heads(), *audit.read_heads(heads or ())]
    except ValueError:
        raise click.ClickException(
            "The heads cannot be read: a line is day, number, hash."
        ) from None
    wrong = audit.broken_entry(known)
    if wrong is not None:
        raise click.ClickException(wrong)
    newest = audit.newest_head(clock.now())
    click.echo(f"All {newest.number if newest else 0} entries hold; {len(known)} heads agree.")


@click.command("backup")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def backup(target: Path) -> None:
    """Copies the SQLite database to TARGET while it is in use.

    Link keys and secrets are not copied: see docs/operations.md for why.
    """
    if db.engine.dialect.name != "sqlite":
        raise click.ClickException("This is PostgreSQL: use pg_dump.")
    if target.exists():
        raise click.ClickException(f"{target} exists. Choose another name.")
    source = Path(str(db.engine.url.database))
    if not source.exists():
        raise click.ClickException(f"There is no database at {source}. Are the settings loaded?")
    target.touch(mode=0o600)  # it holds what people have said in confidence
    if not _copied(source, target):
        target.unlink()
        raise click.ClickException(f"{source} is no database of Common Purse, or is damaged.")
    click.echo(f"Copied {source} to {target}.")


def _copied(source: Path, target: Path) -> bool:
    """Whether the copy can be read and has our tables: nobody looks until it is needed."""
    with closing(sqlite.connect(str(source))) as here, closing(sqlite.connect(str(target))) as copy:
        try:
            here.backup(copy)
            whole = copy.execute("PRAGMA quick_check").fetchall() == [("ok",)]
            release = copy.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite.DatabaseError:
            return False
    return whole and release is not None
