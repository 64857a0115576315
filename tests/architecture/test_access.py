"""Who may use which route: read off the URL map, tried as everybody.

Which act a person may do to which thing is for each room's own tests; here it is about the gate,
which asks the database for nothing but who signed in; test_reading reads all on PostgreSQL too.
"""

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from core import access
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import EVERYBODY, NOBODY, become
from tests.harness.examples import UNSAFE, Route, examples, routes
from tests.harness.town import Town

pytestmark = pytest.mark.sqlite


def test_every_route_declares_who_may_use_it(app: Flask) -> None:
    assert undeclared(app) == set()


def test_a_route_that_declares_nothing_is_denied(app: Flask, client: BrowserLikeClient) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "open")

    assert client.get("/forgotten").status_code == 403


@pytest.mark.parametrize("name", EVERYBODY)
def test_the_gate_opens_for_whom_the_route_declares(
    app: Flask, client: BrowserLikeClient, town: Town, name: str
) -> None:
    assert wrongly_met(app, client, routes(app, examples(town)), name) == []


def test_a_fragment_for_nobody_leads_the_browser_to_the_sign_in_page(
    app: Flask, client: BrowserLikeClient, town: Town
) -> None:
    assert fragments_for_nobody(app, client, routes(app, examples(town))) == []


def test_unsafe_routes_refuse_a_request_without_a_token(
    app: Flask, client: BrowserLikeClient, town: Town
) -> None:
    assert taken_without_token(app, client, routes(app, examples(town))) == []


def test_no_view_is_exempt_from_the_token(app: Flask) -> None:
    protection = app.extensions["csrf"]

    assert (protection._exempt_views, protection._exempt_blueprints) == (set(), set())


# --- what would be wrong -----------------------------------------------------------------------


def undeclared(app: Flask) -> set[str]:
    """Endpoints of which nobody said who may use them."""
    endpoints = {rule.endpoint for rule in app.url_map.iter_rules()}
    return {endpoint for endpoint in endpoints if access.declared(app, endpoint) is None}


def wrongly_met(app: Flask, client: BrowserLikeClient, tried: list[Route], name: str) -> list[str]:
    """Routes that meet this person in another way than they declare."""
    wrong = []
    for route in tried:
        expected = expectation(app, route, name)
        try:
            response = ask(client, route, name)
        except Exception as error:  # noqa: BLE001  (whatever it is, it is listed with the rest)
            wrong.append(f"{name}, {route}: {type(error).__name__}: {error}")
            continue
        if not meets(response, expected):
            wrong.append(f"{name}, {route}: {response.status}, expected {expected}")
    return wrong


def fragments_for_nobody(app: Flask, client: BrowserLikeClient, tried: list[Route]) -> list[str]:
    """Routes for people who signed in that do not lead nobody's htmx to the sign-in page."""
    wrong = []
    for route in tried:
        if not declared(app, route).signed_in:
            continue
        response = client.htmx(route.method, route.url)
        if response.status_code != 401 or "HX-Redirect" not in response.headers:
            wrong.append(f"{route}: {response.status}")
    return wrong


def taken_without_token(app: Flask, client: BrowserLikeClient, tried: list[Route]) -> list[str]:
    """Routes that write and do not refuse a request which brings no token."""
    wrong = []
    for route in tried:
        if route.method not in UNSAFE:
            continue
        become(client, holder_of(app, route))
        response = client.open(route.url, method=route.method, csrf=False)
        text = response.get_data(as_text=True)
        if response.status_code != 400 or "Nothing was changed" not in text:
            wrong.append(f"{route}: {response.status}")
    return wrong


# --- what is expected --------------------------------------------------------------------------


def expectation(app: Flask, route: Route, name: str) -> str:
    """What the gate says to this person: open, sign in, sign in to send, forbidden."""
    declaration = declared(app, route)
    if not declaration.signed_in:
        return "open"
    if name == NOBODY:
        return "sign in" if route.method == "GET" else "sign in to send"
    roles = people.CAST[name].roles
    if declaration.roles and not set(declaration.roles) & set(roles):
        return "forbidden"
    return "open"


def meets(response: TestResponse, expected: str) -> bool:
    if expected == "sign in":
        return leads_to_sign_in(response)
    if expected == "sign in to send":
        return response.status_code == 401
    if expected == "forbidden":
        return response.status_code == 403
    return (
        response.status_code not in {401, 405}
        and response.status_code < 500
        and not (leads_to_sign_in(response))
    )


def leads_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 302 and "next=" in response.headers["Location"]


def declared(app: Flask, route: Route) -> access.Access:
    declaration = access.declared(app, route.endpoint)
    assert declaration is not None, f"{route} declares no access."
    return declaration


# --- asking ------------------------------------------------------------------------------------


def ask(client: BrowserLikeClient, route: Route, name: str) -> TestResponse:
    """Asks as this person, anew each time: signing out is a route too."""
    become(client, name)
    return client.open(route.url, method=route.method)


def holder_of(app: Flask, route: Route) -> str:
    """Somebody whom the route lets in."""
    return next(name for name in EVERYBODY if expectation(app, route, name) == "open")
