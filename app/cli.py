"""Commands for whoever runs the server: the jobs' own process, and a backup of SQLite."""

from pathlib import Path

import click
import pysqlite3.dbapi2 as sqlite
from flask import Flask, current_app
from flask.cli import AppGroup
from huey.consumer import Consumer

from core.database import db

jobs_group = AppGroup("jobs", help="Mail and other work that may wait.")


def register(app: Flask) -> None:
    app.cli.add_command(jobs_group)
    app.cli.add_command(backup)


@jobs_group.command("run")
def run_jobs() -> None:
    """Works off the outbox until stopped. For JOBS=worker; one such process is enough."""
    if current_app.extensions["jobs_mode"] != "worker":
        raise click.ClickException("Set JOBS=worker here and for the web processes first.")
    Consumer(current_app.extensions["huey"], workers=1, periodic=True).run()


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
    target.touch(mode=0o600)  # it holds what people have said in confidence
    source = sqlite.connect(str(db.engine.url.database))
    copy = sqlite.connect(str(target))
    with copy:
        source.backup(copy)
    copy.close()
    source.close()
    click.echo(f"Copied to {target}.")
