"""Commands for who runs the server: the first administrator, and the last one who is locked out."""

from typing import Any

import click
from flask.cli import AppGroup

from accounts import links, notifications, queries
from accounts.addresses import WrongAddress, normalise_address
from accounts.forms import password_sentence
from accounts.models import User
from accounts.passwords import password_weakness
from accounts.services import create_account, give_role
from accounts.services.people import set_password
from accounts.services.second_factors import reset
from core import clock
from core.database import db

group = AppGroup("accounts", help="Accounts and roles.")


@group.command("create-admin")
@click.argument("email")
@click.option("--name", default="", help="Name shown to others. Default: the part before the @.")
@click.option("--link", is_flag=True, help="Print a link to choose a password, good for 2 hours.")
def create_admin(email: str, name: str, link: bool) -> None:
    """Makes EMAIL an administrator, with a new account where there is none."""
    try:
        address = normalise_address(email)
    except WrongAddress:
        raise click.BadParameter("is not an e-mail address", param_hint="EMAIL") from None
    person, at = queries.account_by_address(address), clock.now()
    is_new = person is None
    if person is None:
        person = create_account(address, name or address.partition("@")[0], None, at=at)
    if is_new and not link:
        set_password(person, _asked_password(person), by=None, at=at)
    give_role(person, "administrator", by=None, at=at)
    db.session.commit()
    click.echo(f"{person.email} is an administrator.")
    if link:
        click.echo("To choose a password, open this within 2 hours:")
        click.echo(notifications.link_for(person, links.RESET))


@group.command("reset-second-factor")
@click.argument("email")
def reset_second_factor(email: str) -> None:
    """Takes the second factor of EMAIL away, for who lost it and has no administrator to ask."""
    person = queries.account_by_address(email.strip().casefold())
    if person is None or not queries.has_second_factor(person.id):
        raise click.ClickException(f"{email} has no second factor here.")
    reset(person, by=None, at=clock.now())
    db.session.commit()
    click.echo(
        f"{person.email} is signed out, and sets up a new second factor at the next sign-in."
    )


def _asked_password(person: User) -> str:
    def checked(typed: str) -> str:
        weakness = password_weakness(typed, about=(person.display_name, person.email))
        if weakness is not None:
            raise click.UsageError(password_sentence(weakness))
        return typed

    answer: Any = click.prompt(
        "Password", hide_input=True, confirmation_prompt=True, value_proc=checked
    )
    return str(answer)
