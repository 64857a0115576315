"""axe finds nothing on any page of the URL map: phone and desk, light and dark, as everybody.

Each page is opened by the first of everybody who reads it; what somebody else sees of it too
differs in the menu alone.
"""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.architecture.test_access import expectation
from tests.harness import people
from tests.harness.axe import assert_accessible_in_every_look
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import EVERYBODY, become
from tests.harness.examples import Route, examples, routes
from tests.harness.town import Town

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("name", EVERYBODY)
def test_axe_finds_nothing_on_any_page_in_any_look(
    app: Flask,
    client: BrowserLikeClient,
    town: Town,
    live_server: str,
    new_page: Callable[..., Page],
    name: str,
) -> None:
    page = new_page()
    become(client, name)
    people.carry_session(client, page, live_server)
    wrong = [
        mistake
        for route in routes(app, examples(town))
        if route.method == "GET" and first_reader(app, route) == name
        for mistake in mistakes_on(page, route)
    ]
    assert not wrong, "\n\n".join(wrong)


def first_reader(app: Flask, route: Route) -> str:
    """Amara for what needs signing in, since she may do most; else the first who is let in."""
    readers = [name for name in EVERYBODY if expectation(app, route, name) == "open"]
    return "amara" if "nobody" not in readers and "amara" in readers else readers[0]


def mistakes_on(page: Page, route: Route) -> list[str]:
    """What axe says of the page, if there is one at this address."""
    address = page.context.request.get(route.url, max_redirects=0)
    if address.status != 200 or "text/html" not in address.headers["content-type"]:
        return []
    page.goto(route.url)
    try:
        assert_accessible_in_every_look(page)
    except AssertionError as error:
        return [f"{route}\n{error}"]
    return []
