"""What every page keeps to: nothing from elsewhere, nothing inline, the strict policy."""

from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.architecture.test_access import EVERYBODY, become
from tests.harness.client import BrowserLikeClient, is_whole_page
from tests.harness.examples import Route, routes
from tests.harness.html import NAMESPACE, parse_page
from tests.harness.world import World

# Attributes that make a browser fetch something or send something. A plain link may lead anywhere.
FETCHING = {"src", "srcset", "poster", "data", "action", "formaction", "background", "manifest"}
FORBIDDEN_POLICY = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


@pytest.fixture(params=EVERYBODY)
def answers(
    app: Flask, client: BrowserLikeClient, world: World, request: pytest.FixtureRequest
) -> list[tuple[Route, TestResponse]]:
    """Every GET of the URL map, asked by one of everybody."""
    become(client, request.param)
    return [(route, client.get(route.url)) for route in routes(app, world) if route.method == "GET"]


@pytest.mark.sqlite
def test_pages_fetch_nothing_from_elsewhere_and_hold_nothing_inline(
    answers: list[tuple[Route, TestResponse]],
) -> None:
    wrong = [
        f"{route}: {mistake}"
        for route, response in answers
        if is_whole_page(response)
        for mistake in mistakes_of(parse_page(response.get_data(as_text=True)))
    ]
    assert wrong == []


@pytest.mark.sqlite
def test_every_answer_carries_the_strict_policy(
    answers: list[tuple[Route, TestResponse]],
) -> None:
    wrong = []
    for route, response in answers:
        policy = response.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or any(word in policy for word in FORBIDDEN_POLICY):
            wrong.append(f"{route}: {policy!r}")
        if response.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{route}: no nosniff")

    assert wrong == []


@pytest.mark.sqlite
def test_every_public_page_says_what_it_is_to_those_who_share_it(
    answers: list[tuple[Route, TestResponse]],
) -> None:
    wrong = []
    for route, response in answers:
        if not is_whole_page(response) or response.status_code != 200:
            continue
        root = parse_page(response.get_data(as_text=True))
        named = {meta.get("name") or meta.get("property") for meta in root.iter(tag("meta"))}
        missing = {"description", "og:title", "og:description", "viewport"} - named
        if missing:
            wrong.append(f"{route}: {sorted(missing)}")

    assert wrong == []


def mistakes_of(root: Element) -> Iterator[str]:
    """Sources elsewhere, inline styles and scripts, attributes that need eval."""
    for element in root.iter():
        name = str(element.tag).removeprefix(NAMESPACE)
        for attribute, value in element.attrib.items():
            fetches = attribute in FETCHING or (attribute == "href" and name in {"link", "use"})
            if fetches and leads_elsewhere(value) and element.get("rel") != "canonical":
                yield f"<{name} {attribute}={value!r}>"
            if attribute == "style" or attribute.startswith(("on", "hx-on")):
                yield f"<{name} {attribute}=…> is inline"
        if name == "style" or (name == "script" and not element.get("src")):
            yield f"<{name}> is inline"
        if name in {"iframe", "object", "embed", "base"}:
            yield f"<{name}>"


def leads_elsewhere(url: str) -> bool:
    return bool(urlsplit(url.strip()).netloc) or url.strip().startswith("//")


def tag(name: str) -> str:
    return f"{NAMESPACE}{name}"


@pytest.mark.parametrize(
    "markup",
    [
        '<img alt="" src="https://elsewhere.example/x.png">',
        '<script src="//elsewhere.example/x.js"></script>',
        '<link rel="stylesheet" href="https://elsewhere.example/x.css">',
        '<form action="https://elsewhere.example/"></form>',
        '<p style="color:red">x</p>',
        '<p onclick="x()">x</p>',
        "<script>x()</script>",
        '<iframe src="/"></iframe>',
    ],
)
def test_a_mistake_would_be_noticed(markup: str) -> None:
    page = (
        f'<!doctype html><html lang="en"><head><title>x</title></head><body>{markup}</body></html>'
    )

    assert list(mistakes_of(parse_page(page)))
