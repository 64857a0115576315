"""A form that this session was not given changes nothing: every route that writes refuses it."""

import hashlib
from typing import Any

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from accounts.models import User
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import become, written
from tests.harness.examples import UNSAFE, examples, routes
from tests.harness.town import Town
from tests.security.gate import holder_of

pytestmark = pytest.mark.sqlite


def foreign_token(app: Flask, *, key: str | None = None, salt: str = "wtf-csrf-token") -> str:
    """A token as another session, another server or another purpose would have got."""
    raw = hashlib.sha1(b"another session").hexdigest()
    return str(URLSafeTimedSerializer(key or app.config["SECRET_KEY"], salt=salt).dumps(raw))


def tokens(app: Flask, client: BrowserLikeClient) -> dict[str, str]:
    own = client.csrf_token()
    return {
        "another session's": foreign_token(app),
        "another server's": foreign_token(app, key="another key of another server"),
        "another purpose's": foreign_token(app, salt="sign-in"),
        "altered": own[:-2] + ("aa" if not own.endswith("aa") else "bb"),
        "empty": "",
        "long": "x" * 10_000,
        "raw": hashlib.sha1(b"x").hexdigest(),
    }


@pytest.mark.attack("B59")
def test_every_route_that_writes_refuses_a_token_of_somebody_else(
    app: Flask, client: BrowserLikeClient, town: Town
) -> None:
    wrong = []
    for route in routes(app, examples(town)):
        if route.method not in UNSAFE:
            continue
        become(client, holder_of(app, route))
        with written() as statements:
            response = client.open(
                route.url,
                method=route.method,
                data={"csrf_token": foreign_token(app), "title": "Mine"},
                csrf=False,
            )
        if response.status_code != 400 or "Nothing was changed" not in response.text:
            wrong.append(f"{route}: {response.status_code}")
        if statements:
            wrong.append(f"{route} wrote {statements}")

    assert wrong == []


AS_SENT: dict[str, dict[str, Any]] = {
    "a fragment": {"data": {"title": "Mine"}, "headers": {"HX-Request": "true"}},
    "a boosted page": {"data": {}, "headers": {"HX-Request": "true", "HX-Boosted": "true"}},
    "JSON": {"json": {"title": "Mine", "csrf_token": "x"}, "headers": {}},
    "JSON by a script": {"json": [], "headers": {"X-Requested-With": "XMLHttpRequest"}},
    "plain text": {"data": "title=Mine", "content_type": "text/plain", "headers": {}},
    "several parts": {"data": {"title": "Mine"}, "content_type": "multipart/form-data",
                      "headers": {}},
}  # fmt: skip


@pytest.mark.attack("B59")
@pytest.mark.parametrize("kind", AS_SENT)
@pytest.mark.parametrize("token", ["missing", "foreign"])
def test_however_it_is_sent_no_route_writes_without_the_token(
    app: Flask, client: BrowserLikeClient, town: Town, kind: str, token: str
) -> None:
    wrong = []
    sent = AS_SENT[kind]
    headers = sent["headers"] | ({"X-CSRFToken": foreign_token(app)} if token == "foreign" else {})
    for route in routes(app, examples(town)):
        if route.method not in UNSAFE:
            continue
        become(client, holder_of(app, route))
        with written() as statements:
            response = client.open(
                route.url, method=route.method, csrf=False, **(sent | {"headers": headers})
            )
        if response.status_code != 400 or statements:
            wrong.append(f"{route}: {response.status_code} {statements}")

    assert wrong == []


def test_no_kind_of_wrong_token_is_taken(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    become(client, "amara")
    client.get("/account/name")
    for kind, token in tokens(app, client).items():
        for place in ("field", "header", "address"):
            form = {"display_name": "Mallory"} | ({"csrf_token": token} if place == "field" else {})
            headers = {"X-CSRFToken": token} if place == "header" else {}
            query = {"csrf_token": token} if place == "address" else {}
            response = client.post(
                "/account/name", data=form, headers=headers, query_string=query, csrf=False
            )
            assert response.status_code == 400, (kind, place)

    right = client.csrf_token()
    query_only = client.post(
        f"/account/name?csrf_token={right}", data={"display_name": "Mallory"}, csrf=False
    )
    assert query_only.status_code == 400, "a token in an address ends up in logs"
    assert client.post(
        "/account/name", data={"display_name": "Amara B.", "csrf_token": right}, csrf=False
    ).status_code in {302, 303}


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"])
def test_no_header_or_field_turns_one_method_into_another(
    app: Flask, client: BrowserLikeClient, amara: User, header: str
) -> None:
    become(client, "amara")
    with written() as statements:
        client.get("/logout", headers={header: "POST"})
        client.get("/account/name", headers={header: "POST"}, query_string={"_method": "POST"})
        client.post("/proposals", data={"_method": "DELETE"}, headers={header: "DELETE"})

    assert statements == []
    assert client.get("/account").status_code == 200


@pytest.mark.attack("B62")
@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PURGE"])
def test_methods_that_no_page_has_are_refused(
    app: Flask, client: BrowserLikeClient, amara: User, method: str
) -> None:
    become(client, "amara")
    for url in ("/", "/account", "/proposals", "/login"):
        environment = {"REQUEST_METHOD": method}
        response = client.get(url, environ_overrides=environment)
        assert response.status_code in {400, 405}, (method, url)
