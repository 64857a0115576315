"""Bo is confirmed by the town's single sign-on; a real provider answers, truly or not."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from werkzeug.test import TestResponse

from accounts.models import User
from accounts.person_keys import person_key
from accounts.queries import residency_of
from accounts.sign_on import SignOnDown
from config import Settings, WrongSettings, load_settings
from core import clock
from tests.harness import people
from tests.harness.application import settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.sign_on_provider import (
    CLAIM,
    CLIENT_ID,
    CLIENT_SECRET,
    DISTRICT_CLAIM,
    FOREIGN_KEY,
    SignOnProvider,
    serve_provider,
)
from tests.harness.world import World
from tests.voting.ballot_forms import cast
from tests.voting.register_people import on_the_register
from voting.models import RollEntry
from voting.services.rolls import enter_on_roll

START = "/account/residency/sign-on"
CONFIRMATION = f"{START}/confirmation"


@pytest.fixture(scope="module")
def running() -> Iterator[SignOnProvider]:
    with serve_provider() as provider:
        yield provider


@pytest.fixture
def provider(running: SignOnProvider) -> SignOnProvider:
    """The provider, saying the truth again."""
    running.__init__(issuer=running.issuer, codes=running.codes)  # type: ignore[misc]
    return running


@pytest.fixture
def more_settings() -> dict[str, Any]:
    return {}


@pytest.fixture
def settings(
    database_url: str, tmp_path: Path, provider: SignOnProvider, more_settings: dict[str, Any]
) -> Settings:
    return settings_for(
        database_url,
        tmp_path,
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT_ID,
        oidc_client_secret=CLIENT_SECRET,
        oidc_claim=CLAIM,
        oidc_name="Town Login",
        **more_settings,
    )


@pytest.fixture
def visitor(client: BrowserLikeClient, world: World, bo: User) -> BrowserLikeClient:
    on_the_register(world.riverside)
    people.sign_in(client, bo)
    return client


def come_back(visitor: BrowserLikeClient, provider: SignOnProvider) -> TestResponse:
    """To the provider and back, as a browser does."""
    return visitor.get(provider.visit(visitor.get(START).headers["Location"]))


def test_bo_signs_on_confirms_and_casts(
    visitor: BrowserLikeClient, provider: SignOnProvider, world: World, bo: User
) -> None:
    """A13. What he does at the provider alone ties nothing; his word does."""
    assert "Town Login" in visitor.get("/account/residency").text

    back = come_back(visitor, provider)
    assert back.headers["Location"] == CONFIRMATION
    assert residency_of(bo.id) is None
    page = visitor.get(CONFIRMATION).text
    answer = visitor.post(CONFIRMATION)

    assert "the register has you in Riverside" in page
    assert "bo@example.org" in page
    assert answer.headers["Location"] == "/account"
    assert cast(visitor, world.city_contest, ["0-1"]).status_code == 303
    residency = residency_of(bo.id)
    assert residency is not None
    assert residency.way == "sign_on"


def test_the_browser_is_sent_with_state_nonce_and_challenge(
    visitor: BrowserLikeClient, provider: SignOnProvider
) -> None:
    first, second = (visitor.get(START).headers["Location"] for _ in range(2))

    for word in ("state=", "nonce=", "code_challenge=", "code_challenge_method=S256"):
        assert word in first
    assert CLIENT_SECRET not in first
    assert first != second


@pytest.mark.sqlite
@pytest.mark.attack("B23")
@pytest.mark.parametrize(
    "spoiled",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-house"},
        {"aud": [CLIENT_ID, "another-house"]},
        {"azp": "another-house"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"iat": 9_000_000_000},
        {CLAIM: None},
        {CLAIM: ""},
        {CLAIM: True},
        {CLAIM: "?"},
    ],
    ids=str,
)
def test_a_token_that_was_not_made_for_this_sign_on_confirms_nobody(
    visitor: BrowserLikeClient, provider: SignOnProvider, bo: User, spoiled: dict[str, Any]
) -> None:
    """B23: wrong nonce, foreign audience, expired, no number."""
    provider.spoiled = spoiled

    answer = come_back(visitor, provider)

    assert answer.status_code == 403
    assert "did not show who you are" in answer.text
    assert visitor.post(CONFIRMATION).status_code == 410
    assert residency_of(bo.id) is None


@pytest.mark.sqlite
@pytest.mark.attack("B23")
def test_a_token_signed_by_another_key_confirms_nobody(
    visitor: BrowserLikeClient, provider: SignOnProvider, bo: User
) -> None:
    """B23."""
    provider.key = FOREIGN_KEY

    assert come_back(visitor, provider).status_code == 403
    assert residency_of(bo.id) is None


@pytest.mark.sqlite
@pytest.mark.attack("B23")
def test_a_changed_state_is_refused_and_ends_the_sign_on(
    visitor: BrowserLikeClient, provider: SignOnProvider
) -> None:
    """B23: an answer that another browser began."""
    back = provider.visit(visitor.get(START).headers["Location"])

    assert visitor.get(back.replace("state=", "state=x")).status_code == 400
    assert visitor.get(back).status_code == 410


@pytest.mark.attack("B23")
def test_a_code_is_good_once(
    app: Flask, visitor: BrowserLikeClient, provider: SignOnProvider
) -> None:
    """B23: with the cookie of before, too, since the provider takes a code once."""
    sent_to = visitor.get(START).headers["Location"]
    with visitor.session_transaction() as session:
        begun = list(session["sign_on"])
    back = provider.visit(sent_to)
    assert visitor.get(back).status_code == 303

    assert visitor.get(back).status_code == 410
    with visitor.session_transaction() as session:
        session["sign_on"] = begun
    assert visitor.get(back).status_code == 403


@pytest.mark.attack("B32")
def test_what_another_account_was_shown_as_is_not_taken(
    visitor: BrowserLikeClient, provider: SignOnProvider, db: SQLAlchemy
) -> None:
    come_back(visitor, provider)
    with visitor.session_transaction() as session:
        shown = list(session["sign_on_shown"])
    people.sign_in(visitor, people.somebody("Dora"))
    with visitor.session_transaction() as session:
        session["sign_on_shown"] = shown

    assert visitor.post(CONFIRMATION).status_code == 410


@pytest.mark.sqlite
def test_a_provider_that_announces_another_issuer_is_not_asked(
    visitor: BrowserLikeClient, provider: SignOnProvider
) -> None:
    provider.announced_issuer = "https://elsewhere.example"

    assert visitor.get(START).status_code == 503


@pytest.mark.sqlite
def test_who_refuses_at_the_provider_is_not_confirmed(
    visitor: BrowserLikeClient, provider: SignOnProvider
) -> None:
    state = visitor.get(START).headers["Location"].split("state=")[1].split("&")[0]

    answer = visitor.get(f"{START}/return?error=access_denied&state={state}")

    assert answer.status_code == 403


@pytest.mark.attack("B12")
def test_who_is_not_on_the_roll_is_sent_to_the_desk(
    visitor: BrowserLikeClient, provider: SignOnProvider, bo: User
) -> None:
    """A sign-on says who somebody is, not that she is old enough or lives here."""
    provider.person = {CLAIM: "REG 9999", DISTRICT_CLAIM: "riverside"}
    come_back(visitor, provider)

    answer = visitor.post(CONFIRMATION)

    assert answer.status_code == 403
    assert "not on the voter roll" in answer.text
    assert residency_of(bo.id) is None


def test_who_left_the_register_is_not_confirmed(
    visitor: BrowserLikeClient, provider: SignOnProvider, db: SQLAlchemy
) -> None:
    entry = db.session.scalars(
        select(RollEntry).where(RollEntry.person_key == person_key("REG 2001"))
    ).one()
    entry.left_on = clock.now().date()
    come_back(visitor, provider)

    assert visitor.post(CONFIRMATION).status_code == 403


@pytest.mark.attack("B32")
def test_the_second_account_of_one_person_is_told_so_neutrally(
    visitor: BrowserLikeClient, provider: SignOnProvider, db: SQLAlchemy
) -> None:
    """B32."""
    come_back(visitor, provider)
    visitor.post(CONFIRMATION)
    people.sign_in(visitor, people.somebody("Dora"))
    come_back(visitor, provider)

    answer = visitor.post(CONFIRMATION)

    assert answer.status_code == 409
    assert "townhall@example.org" in answer.text


class TestTheTownGoesByTheSignOnsDistricts:
    """OIDC_DISTRICT_CLAIM is set."""

    @pytest.fixture
    def more_settings(self) -> dict[str, Any]:
        return {"oidc_district_claim": DISTRICT_CLAIM}

    def test_who_is_not_on_the_roll_gets_there(
        self, visitor: BrowserLikeClient, provider: SignOnProvider, world: World, db: SQLAlchemy
    ) -> None:
        provider.person = {CLAIM: "REG 9999", DISTRICT_CLAIM: "Hillside"}
        come_back(visitor, provider)

        assert visitor.post(CONFIRMATION).status_code == 303
        key = person_key("REG 9999")
        entry = db.session.scalars(select(RollEntry).where(RollEntry.person_key == key)).one()
        assert entry.district_id == world.hillside.id

    def test_the_roll_knows_better_than_the_sign_on(
        self, visitor: BrowserLikeClient, provider: SignOnProvider, world: World, bo: User
    ) -> None:
        enter_on_roll(person_key("REG 2001"), world.riverside.id, at=clock.now())
        provider.person = {CLAIM: "REG 2001", DISTRICT_CLAIM: "Hillside"}
        come_back(visitor, provider)
        visitor.post(CONFIRMATION)

        residency = residency_of(bo.id)
        assert residency is not None
        assert residency.district_id == world.riverside.id


@pytest.mark.sqlite
class TestTheProviderIsDown:
    """C20: cannot verify now, never verified."""

    @pytest.fixture
    def provider(self) -> SignOnProvider:
        return SignOnProvider(issuer="http://127.0.0.1:1")

    def test_nobody_is_confirmed_and_all_other_pages_work(
        self, visitor: BrowserLikeClient, bo: User
    ) -> None:
        began = time.monotonic()
        answer = visitor.get(START)

        assert answer.status_code == 503
        assert "cannot confirm you in this way now" in answer.text
        assert time.monotonic() - began < 15
        assert residency_of(bo.id) is None
        assert visitor.get("/account/residency").status_code == 200


@pytest.mark.sqlite
def test_it_is_down_when_he_comes_back(
    visitor: BrowserLikeClient, provider: SignOnProvider, bo: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C20."""
    back = provider.visit(visitor.get(START).headers["Location"])
    monkeypatch.setattr("accounts.sign_on._get", _away)

    assert visitor.get(back).status_code == 503
    assert residency_of(bo.id) is None


def _away(_address: str) -> dict[str, Any]:
    raise SignOnDown("ConnectTimeout")


@pytest.mark.parametrize(
    ("name", "value"),
    [("OIDC_ISSUER", "http://login.example.org"), ("OIDC_ISSUER", "https://login.example.org")],
)
def test_a_sign_on_without_encryption_or_claim_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(WrongSettings, match="OIDC_"):
        load_settings()
