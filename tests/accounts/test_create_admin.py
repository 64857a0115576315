"""The first administrator of a new city."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from accounts import queries
from accounts.models import User
from core.database import db as database
from tests.harness.client import BrowserLikeClient

ADDRESS = "first@example.org"


def test_the_first_administrator_types_a_password_and_signs_in(
    app: Flask, client: BrowserLikeClient
) -> None:
    words = "four words in a row"

    result = app.test_cli_runner().invoke(
        args=["accounts", "create-admin", "First@Example.org"], input=f"{words}\n{words}\n"
    )

    assert result.exit_code == 0, result.output
    assert words not in result.output
    assert client.post("/login", data={"email": ADDRESS, "password": words}).status_code == 303
    assert client.get("/staff/people").headers["Location"].startswith("/account/second-factor")


def test_the_link_that_is_printed_sets_the_password(app: Flask, client: BrowserLikeClient) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "create-admin", ADDRESS, "--link"])

    assert result.exit_code == 0, result.output
    link = urlsplit(result.output.split()[-1]).path
    assert client.post(link, data={"password": "four words in a row"}).status_code == 303


@pytest.mark.parametrize("typed", ["short", "password123"])
def test_a_weak_password_is_asked_again(app: Flask, typed: str) -> None:
    result = app.test_cli_runner().invoke(
        args=["accounts", "create-admin", ADDRESS], input=f"{typed}\n{typed}\n"
    )

    assert result.exit_code != 0
    database.session.rollback()
    assert queries.account_by_address(ADDRESS) is None


def test_what_is_no_address_is_refused(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["accounts", "create-admin", "nonsense"])

    assert result.exit_code == 2
    assert "is not an e-mail address" in result.output


def test_an_account_that_is_there_becomes_an_administrator(app: Flask, bo: User) -> None:
    hashed = bo.password

    result = app.test_cli_runner().invoke(args=["accounts", "create-admin", "bo@example.org"])

    assert result.exit_code == 0, result.output
    assert bo.has_role("administrator")
    assert bo.password == hashed
