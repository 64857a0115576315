"""A receipt proves that a ballot is in the box, and nothing else; codes cannot be guessed."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from accounts.models import User
from config import Settings
from core import clock
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.people import sign_in, sign_out
from tests.harness.world import World
from tests.voting.ballot_forms import cast, receipt_of, words_of
from voting import commitments
from voting.services.closing import seal_contest


def check(client: BrowserLikeClient, code: str) -> TestResponse:
    return client.post("/receipts", data={"code": code})


@pytest.fixture
def code(client: BrowserLikeClient, world: World, amara: User) -> str:
    """The receipt of a ballot that Amara cast in the city's contest; nobody is signed in now."""
    sign_in(client, amara)
    cast(client, world.city_contest, ["0-3", "0-1"])
    code = receipt_of(client, world.city_contest)
    sign_out(client)
    return code


def test_anybody_who_has_the_code_reads_that_the_ballot_is_in_the_box(
    client: BrowserLikeClient, world: World, code: str
) -> None:
    response = check(client, code)

    assert response.status_code == 200
    assert "A ballot with this receipt is in the box of “Proposals for the whole city”" in (
        words_of(response)
    )
    assert "lot 3" not in words_of(response)
    assert "Amara" not in words_of(response)
    assert response.headers["Cache-Control"] == "no-store"


def test_a_code_may_be_typed_in_groups_and_small_letters(
    client: BrowserLikeClient, code: str
) -> None:
    assert check(client, " - ".join(commitments.receipt_groups(code)).lower()).status_code == 200


def test_what_is_not_in_a_box_is_answered_alike_whatever_it_is(
    client: BrowserLikeClient, world: World, amara: User, code: str
) -> None:
    sign_in(client, amara)
    cast(client, world.city_contest, ["0-2"])
    sign_out(client)
    never_made = commitments.receipt_code(bytes(32))

    for unknown in (never_made, code[:-1], code + "A", "", "%", "' OR 1=1", "\x00", "ł" * 90):
        response = check(client, unknown)
        assert response.status_code in {404, 400}
        if response.status_code == 404:
            assert "There is no ballot with this receipt in any box." in words_of(response)


def test_a_receipt_is_found_in_the_sealed_box_too(
    db: SQLAlchemy, client: BrowserLikeClient, world: World, code: str
) -> None:
    seal_contest(world.city_contest, at=clock.now() + timedelta(days=60))

    response = check(client, code)

    assert response.status_code == 200
    assert "The box is sealed, and this ballot is counted." in words_of(response)


def test_the_code_stands_in_no_address_and_no_log_line(
    client: BrowserLikeClient, world: World, code: str
) -> None:
    with capture_logs() as lines:
        check(client, code)

    assert "voting.receipts.check" in repr(lines)
    assert code not in repr(lines)
    assert client.get(f"/receipts?code={code}").status_code == 200
    assert "in the box of" not in words_of(client.get(f"/receipts?code={code}"))


def test_a_code_has_more_than_128_random_bits() -> None:
    codes = {commitments.receipt_code(commitments.new_salt()) for _ in range(100)}

    assert len(codes) == 100
    assert {len(code) for code in codes} == {28}  # of five bits each


class TestGuessing:
    """With the limits that the tests otherwise do without."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return settings_for(database_url, tmp_path, rate_limits=True)

    @pytest.mark.sqlite
    def test_ends_with_429(self, client: BrowserLikeClient, world: World) -> None:
        statuses = [check(client, f"GUESS{number}").status_code for number in range(22)]

        assert statuses == [404] * 20 + [429] * 2
