"""A receipt proves that a ballot is in the box, and nothing else; codes cannot be guessed."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
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
from tests.voting.log_voters import fill
from voting import commitments, log_keys
from voting.merkle import is_included
from voting.queries.receipts import find_receipt
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


@pytest.mark.attack("B18")
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


@pytest.mark.attack("B18")
def test_a_code_has_more_than_128_random_bits() -> None:
    codes = {commitments.receipt_code(commitments.new_salt()) for _ in range(100)}

    assert len(codes) == 100
    assert {len(code) for code in codes} == {28}  # of five bits each


class TestGuessing:
    """With the limits that the tests otherwise do without."""

    @pytest.fixture
    def settings(self, database_url: str, tmp_path: Path) -> Settings:
        return settings_for(database_url, tmp_path, rate_limits=True)

    @pytest.mark.attack("B18")
    @pytest.mark.sqlite
    def test_ends_with_429(self, client: BrowserLikeClient, world: World) -> None:
        statuses = [check(client, f"GUESS{number}").status_code for number in range(22)]

        assert statuses == [404] * 20 + [429] * 2


class TestProof:
    """What the receipt's page and file prove, and from when on."""

    def read_file(self, client: BrowserLikeClient, code: str) -> dict[str, Any]:
        response = client.post("/receipts/file", data={"code": code})
        assert response.status_code == 200
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["Cache-Control"] == "no-store"
        return dict(json.loads(response.data))

    def test_at_once_the_file_holds_a_signed_promise(
        self, client: BrowserLikeClient, world: World, code: str
    ) -> None:
        assert "waits for the next batch" in words_of(check(client, code))

        file = self.read_file(client, code)

        promised = file["promise"]["document"]
        assert (file["code"], file["inclusion"]) == (code, None)
        assert promised["commitment"] == file["commitment"]
        assert log_keys.is_signed(
            "common-purse/promise/1",
            commitments.canonical(promised),
            bytes.fromhex(file["promise"]["signature"]),
            under=file["key"],
        )

    def test_after_the_batch_it_proves_the_place_in_the_log(
        self, db: SQLAlchemy, client: BrowserLikeClient, world: World, code: str
    ) -> None:
        fill(world, world.city_contest)
        db.session.commit()
        page = words_of(check(client, code))

        shown = self.read_file(client, code)["inclusion"]

        assert f"at place {shown['position'] + 1} of 21 in the public log" in page
        found = find_receipt(code)
        assert found is not None
        assert is_included(
            found.commitment,
            shown["position"],
            shown["head"]["document"]["size"],
            [bytes.fromhex(each) for each in shown["proof"]],
            bytes.fromhex(shown["head"]["document"]["root"]),
        )

    def test_a_replaced_ballot_is_said_to_be_replaced(
        self, client: BrowserLikeClient, world: World, amara: User, code: str
    ) -> None:
        sign_in(client, amara)
        cast(client, world.city_contest, ["0-2"])

        assert "Replaced by a later ballot" in words_of(check(client, code))

    def test_her_page_has_a_square_for_a_telephone_and_the_file(
        self, client: BrowserLikeClient, world: World, amara: User
    ) -> None:
        sign_in(client, amara)
        cast(client, world.city_contest, ["0-2"])
        page = client.get(f"/ballots/{world.city_contest.ref}/receipt")

        assert "<svg" in page.text
        assert "signed promise that your ballot will be in the public log" in words_of(page)
        assert 'action="/receipts/file"' in page.text

    @pytest.mark.attack("B18")
    def test_no_file_is_made_for_what_is_no_receipt(self, client: BrowserLikeClient) -> None:
        response = client.post("/receipts/file", data={"code": "A" * 28})

        assert response.status_code == 404
        assert "There is no ballot with this receipt in any box." in words_of(response)

    def test_a_lost_key_is_told_in_a_sentence(
        self, app: Flask, client: BrowserLikeClient, code: str
    ) -> None:
        app.config["SETTINGS"].log_key.unlink()

        response = client.post("/receipts/file", data={"code": code})

        assert response.status_code == 503
        assert "cannot be signed right now" in words_of(response)
