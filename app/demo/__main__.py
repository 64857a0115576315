"""`python -m app.demo [--fresh]`: makes the demonstration where there is none, and serves it."""

import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from app.demo import serve
from app.demo.cast import CAST, LETTER_CODE, LETTER_DISTRICT, PASSWORD

FOLDER = Path("instance/demo")
READY = "ready"


@click.command()
@click.option("--fresh", is_flag=True, help="Forget what was entered and begin anew.")
@click.option("--only-build", is_flag=True, help="Make the demonstration without serving it.")
def main(fresh: bool, only_build: bool) -> None:
    """Makes the demonstration city where there is none yet, and serves it until stopped."""
    host, port = serve.address()
    if not only_build:
        serve.refuse_busy(host, port)
    folder = _settings_of_the_demo(host, port)
    if fresh or not (folder / READY).exists():
        _clear(folder)
        _build(folder)
    _say_where(host, port, datetime.fromisoformat((folder / READY).read_text()))
    if not only_build:
        serve.run(host, port)


def _settings_of_the_demo(host: str, port: int) -> Path:
    """Sets what the environment does not say, and returns the folder of the demonstration."""
    folder = Path(os.environ.setdefault("INSTANCE_DIR", str(FOLDER)))
    defaults = {
        "DEMO": "1",
        "CITY_NAME": "Kraków",
        "CITY_TIME_ZONE": "Europe/Warsaw",
        "COUNTRY": "Poland",
        "CURRENCY": "PLN",
        "MAIL_BACKEND": "file",
        "SMS_BACKEND": "console",
        "PROOF_NAME": "the number of your library card",
        "CHEAP_PASSWORDS": "1",
        "LOG_BATCH_LEAST": "1",
        "PUBLIC_URL": f"http://{host}:{port}",
        "TRUSTED_HOSTS": f"{host},127.0.0.1,localhost,[::1]",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
    return folder


def _clear(folder: Path) -> None:
    """Removes an older or unfinished demonstration, and nothing that is not one."""
    if not folder.exists():
        return
    if any(folder.iterdir()) and not (folder / "demo.txt").exists():
        sys.exit(f"The folder {folder} holds something else. Move it, or set INSTANCE_DIR.")
    shutil.rmtree(folder)


def _build(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "demo.txt").write_text("The demonstration city. `make demo-fresh` removes it.\n")
    from app import start
    from app.demo import build

    with start().app_context():
        voting_closes_at = build.everything()
    (folder / READY).write_text(voting_closes_at.isoformat())


def _say_where(host: str, port: int, voting_closes_at: datetime) -> None:
    click.echo(f"\nCommon Purse serves the demonstration city at http://{host}:{port}/\n")
    click.echo(f"Everybody's password is {PASSWORD}. Sign in as:")
    for person in CAST:
        click.echo(f"  {person.email:<24} {person.what}")
    click.echo("Who works for the town hall is then asked for a code; the page shows it.")
    click.echo("Or vote without an account, with the letter of somebody who lives in")
    click.echo(f"{LETTER_DISTRICT}: http://{host}:{port}/vote#{LETTER_CODE}")
    click.echo("Or confirm the account of Bo, by the register: number DEMO 70000, library card")
    click.echo("CARD 5000, telephone +48 600 100 000 (the message is shown here).")
    click.echo(f"\n{_voting_line(voting_closes_at, datetime.now(UTC))}\nStop with Ctrl-C.\n")


def _voting_line(closes_at: datetime, at: datetime) -> str:
    if closes_at <= at:
        return (
            f"Voting in this demonstration closed on {closes_at:%d %B %Y}. "
            "`make demo-fresh` opens a new one."
        )
    return f"Voting is open until {closes_at:%d %B %Y}."


if __name__ == "__main__":
    main()
