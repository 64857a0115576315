"""How often one may try."""

from pathlib import Path

import pytest

from accounts.models import User
from config import Settings
from core.limits import limiter
from tests.accounts.letters import letters
from tests.harness import people
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient

pytestmark = pytest.mark.sqlite


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return settings_for(database_url, tmp_path, rate_limits=True)


@pytest.fixture
def client(client: BrowserLikeClient) -> BrowserLikeClient:
    limiter.reset()
    return client


@pytest.mark.attack("B22")
@pytest.mark.parametrize("address", ["amara@example.org", "nobody@example.org"])
def test_ten_guesses_at_one_address_are_enough(
    client: BrowserLikeClient, amara: User, address: str
) -> None:
    for number in range(10):
        guess = {"email": address, "password": f"guess number {number}"}
        answer = client.post(
            "/login", data=guess, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"}
        )
        assert answer.status_code == 422

    answer = client.post(
        "/login",
        data={"email": address.upper(), "password": people.PASSWORD},
        environ_overrides={"REMOTE_ADDR": "192.0.2.99"},
    )

    assert answer.status_code == 429
    assert "Too many tries" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get("/login").status_code == 200


def test_twenty_guesses_from_one_place_are_enough(client: BrowserLikeClient, amara: User) -> None:
    codes = [
        client.post("/login", data={"email": f"a{n}@example.org", "password": "guess"}).status_code
        for n in range(21)
    ]

    assert codes == [422] * 20 + [429]


def test_nobody_fills_anothers_letter_box(client: BrowserLikeClient, amara: User) -> None:
    app = client.application
    codes = []
    for number in range(8):
        url = ("/reset", "/confirm")[number % 2]
        answer = client.post(
            url,
            data={"email": "amara@example.org"},
            environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"},
        )
        codes.append(answer.status_code)

    assert codes == [303] * 6 + [429] * 2
    assert len(letters(app)) == 6


def test_limits_hold_for_addresses_without_an_account_too(client: BrowserLikeClient) -> None:
    codes = [
        client.post("/reset", data={"email": "nobody@example.org"}).status_code for _ in range(7)
    ]

    assert codes == [303] * 6 + [429]


@pytest.mark.attack("B66")
def test_registering_is_limited(client: BrowserLikeClient) -> None:
    codes = []
    for number in range(21):
        form = {
            "display_name": "Robot",
            "email": f"robot{number}@example.org",
            "password": "a row of four words",
        }
        codes.append(client.post("/register", data=form).status_code)

    assert codes == [303] * 20 + [429]
