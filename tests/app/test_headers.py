"""Headers on every kind of answer: pages, mistakes, files, feeds and redirects alike."""

from pathlib import Path

import pytest
from flask import Flask

from accounts.models import User
from core.database import db
from core.headers import POLICY
from tests.harness import people
from tests.harness.application import new_app, settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize(
    ("method", "url", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("OPTIONS", "/", 200),
        ("GET", "/health", 200),
        ("GET", "/no-such-page", 404),
        ("POST", "/", 405),
        ("GET", "/account", 302),
        ("POST", "/account/name", 401),
        ("GET", "/?a=%00", 400),
        ("GET", "/static/css/app.css", 200),
        ("GET", "/static/img/purse.svg", 200),
        ("GET", "/static/no-such-file.css", 404),
        ("GET", "/login", 200),
    ],
)
def test_every_answer_tells_the_browser_what_it_may_do(
    client: BrowserLikeClient, method: str, url: str, status: int
) -> None:
    response = client.open(url, method=method, buffered=True)

    assert response.status_code == status
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == POLICY
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "Server" not in response.headers


def test_the_policy_allows_nothing_from_elsewhere_and_nothing_inline() -> None:
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "http" not in POLICY
    for word in ("frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
        assert word in POLICY


def test_a_foreign_host_gets_the_headers_too(client: BrowserLikeClient) -> None:
    response = client.get("/", headers={"Host": "evil.example"})

    assert response.status_code == 400
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("url", ["/account", "/proposals", "/", "/account/name"])
def test_pages_of_who_signed_in_are_stored_nowhere(
    client: BrowserLikeClient, amara: User, url: str
) -> None:
    people.sign_in(client, amara)

    assert client.get(url).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("url", ["/", "/proposals", "/rounds", "/about"])
def test_public_pages_are_asked_for_anew_but_may_be_kept(
    client: BrowserLikeClient, url: str
) -> None:
    assert client.get(url).headers["Cache-Control"] == "no-cache"


def test_a_page_with_a_form_is_not_shown_to_the_next_person_at_the_desk(
    client: BrowserLikeClient, world: World
) -> None:
    for url in ("/login", "/register", "/receipts"):
        assert client.get(url).headers["Cache-Control"] == "no-store", url


def test_files_are_kept_for_long_under_the_mark_of_their_content(
    client: BrowserLikeClient,
) -> None:
    response = client.get(
        "/static/css/app.css?v=x", headers={"Accept-Encoding": "gzip"}, buffered=True
    )

    assert "max-age=31536000" in response.headers["Cache-Control"]
    assert response.headers.get("Content-Encoding") == "gzip"


@pytest.mark.parametrize(
    ("public_url", "secure"), [("https://a.example", True), ("http://localhost", False)]
)
def test_cookies_and_transport_are_strict_where_the_address_is(
    app: Flask, tmp_path: Path, public_url: str, secure: bool
) -> None:
    settings = settings_for(app.config["SQLALCHEMY_DATABASE_URI"], tmp_path, public_url=public_url)
    strict = new_app(settings)
    response = strict.test_client().get("/login", base_url=public_url)
    with strict.app_context():
        db.engine.dispose()

    assert ("Strict-Transport-Security" in response.headers) == secure
    cookie = response.headers["Set-Cookie"]
    assert ("; Secure" in cookie) == secure
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
