"""What every page keeps to: nothing from elsewhere, nothing inline, the strict policy."""

from collections.abc import Iterator
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import pytest

from tests.harness.crawl import EVERYBODY, Answer, crawl_as
from tests.harness.html import NAMESPACE, parse_page

pytestmark = pytest.mark.sqlite

# Attributes that make a browser fetch something or send something. A plain link may lead anywhere.
FETCHING = {"src", "srcset", "poster", "data", "action", "formaction", "background", "manifest"}
NEEDED_POLICY = ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
FORBIDDEN_POLICY = ("unsafe-inline", "unsafe-eval", "http:", "https:", "*")


@pytest.fixture(params=EVERYBODY)
def answers(database_kind: str, request: pytest.FixtureRequest) -> list[Answer]:
    """Every answer to a GET, as one of everybody."""
    return crawl_as(request.param, request)


def test_pages_fetch_nothing_from_elsewhere_and_hold_nothing_inline(answers: list[Answer]) -> None:
    wrong = [
        f"{answer.route}: {mistake}"
        for answer in answers
        if answer.is_page
        for mistake in mistakes_of(answer.root)
    ]
    assert wrong == []


def test_every_answer_carries_the_strict_policy(answers: list[Answer]) -> None:
    assert undressed(answers) == []


def test_every_page_says_what_it_is_to_those_who_share_it(answers: list[Answer]) -> None:
    assert silent(answers) == []


def undressed(answers: list[Answer]) -> list[str]:
    """Answers that let a browser do more than it needs to."""
    wrong = []
    for answer in answers:
        if answer.broken:
            continue  # test_reading.py says so
        policy = answer.headers.get("Content-Security-Policy", "")
        strict = all(word in policy for word in NEEDED_POLICY)
        if not strict or any(word in policy for word in FORBIDDEN_POLICY):
            wrong.append(f"{answer.route}: {policy!r}")
        if answer.headers.get("X-Content-Type-Options") != "nosniff":
            wrong.append(f"{answer.route}: no nosniff")
        if answer.headers.get("Referrer-Policy") != "same-origin":
            wrong.append(f"{answer.route}: tells other sites where its readers come from")
    return wrong


def silent(answers: list[Answer]) -> list[str]:
    """Pages without the lines that a shared link shows."""
    wrong = []
    for answer in answers:
        if not answer.is_page or answer.status != 200:
            continue
        named = {meta.get("name") or meta.get("property") for meta in answer.root.iter(tag("meta"))}
        missing = {"description", "og:title", "og:description", "viewport"} - named
        if missing:
            wrong.append(f"{answer.route}: {sorted(missing)}")
    return wrong


def test_the_crawl_saw_the_public_pages(answers: list[Answer]) -> None:
    pages = [answer for answer in answers if answer.is_page and answer.status == 200]

    assert len(pages) >= 10


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
