"""Strange addresses, forms, bodies and headers on every route: never a breakdown.

Generated from the URL map and from a walk over all pages. Whatever is sent, the answer is a page
with a status below 500; on both databases, since one of them may stand what the other does not.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import pytest
from flask import Flask

from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import become
from tests.harness.examples import Route, examples, routes
from tests.harness.html import assert_clean_page
from tests.harness.town import Town
from tests.security.gate import holder_of
from tests.security.pages_with_forms import met_forms
from tests.security.strange import BODIES, CURSORS, HEADERS, PATH_PARTS, VALUES

Thing = TypeVar("Thing")
PLANTED_IN_QUERY = (
    "page", "after", "before", "around", "cursor", "q", "sort", "order", "per_page", "limit",
    "district", "category", "state", "round", "next", "kind", "status", "filter", "reply_to",
    "parent", "words", "show", "year", "format", "key", "thread", "ref", "id",
)  # fmt: skip


class Trial:
    """Asks, and remembers what broke."""

    def __init__(self, client: BrowserLikeClient) -> None:
        self.client = client
        self.asked = 0
        self.wrong: list[str] = []

    def ask(self, label: str, url: str, method: str = "GET", **kwargs: Any) -> int:
        self.asked += 1
        try:
            status = self.client.open(url, method=method, buffered=True, **kwargs).status_code
        except Exception as error:  # noqa: BLE001  (whatever it is, it is listed with the rest)
            self.wrong.append(f"{label}: {type(error).__name__}: {str(error)[:200]}")
            return 500
        if status >= 500:
            self.wrong.append(f"{label}: {status}")
        return status


@pytest.fixture
def trial(client: BrowserLikeClient, monkeypatch: pytest.MonkeyPatch) -> Trial:
    """Reads every tenth page with the strict parser, which takes longer than making the page."""
    monkeypatch.setattr("tests.harness.client.assert_clean_page", every_tenth(assert_clean_page))
    return Trial(client)


def every_tenth(check: Callable[[str], None]) -> Callable[[str], None]:
    counter = count()
    return lambda page: check(page) if next(counter) % 10 == 0 else None


def some_of(things: Sequence[Thing], number: int, most: int) -> list[Thing]:
    """Some of the things, others each time: over many routes all of them have their turn."""
    step = max(1, len(things) // most)
    return [things[(number + step * turn) % len(things)] for turn in range(most)]


def one_of_each(found: list[Route]) -> list[Route]:
    return list({(route.endpoint, route.method): route for route in found}.values())


@pytest.mark.attack("B60")
def test_a_strange_address_is_answered(app: Flask, trial: Trial, town: Town) -> None:
    odd = [
        "&".join(f"{name}=%ff%fe&{name}=2&{name}[]=3&{name}[a]=4" for name in PLANTED_IN_QUERY),
        "x=" + "y" * 5_000,
        "&" * 2_000,
        "%",
        "=&=&==",
    ]
    for number, route in enumerate(one_of_each(routes(app, examples(town)))):
        if route.method != "GET":
            continue
        become(trial.client, holder_of(app, route))
        values = some_of(VALUES, number, 5) + some_of(CURSORS, number, 2)
        queries = [urlencode(dict.fromkeys(PLANTED_IN_QUERY, value)) for value in values]
        for query in [*queries, odd[number % len(odd)]]:
            trial.ask(f"{route} ?{query[:60]}", f"{route.url}?{query}")

    assert not trial.wrong, "\n".join(trial.wrong)
    assert trial.asked > 500


@pytest.mark.attack("B60")
@pytest.mark.sqlite
@pytest.mark.parametrize(
    "query", ["page=-1&after=-1", "page=%00&after=", "page=2&after=W10=&before=x&cursor=[]"]
)
def test_a_page_number_that_nobody_gave_leads_to_the_first_page(
    app: Flask, trial: Trial, town: Town, query: str
) -> None:
    for route in one_of_each(routes(app, examples(town))):
        if route.method != "GET":
            continue
        become(trial.client, holder_of(app, route))
        plain = trial.ask(str(route), route.url)
        become(trial.client, holder_of(app, route))
        paged = trial.ask(f"{route} ?{query}", f"{route.url}?{query}")
        # A NUL stands in no address that a page of ours has given, and is not read at all.
        expected = 400 if "%00" in query and plain == 200 else plain
        if paged != expected and plain == 200:
            trial.wrong.append(f"{route} ?{query}: {plain} became {paged}")

    assert not trial.wrong, "\n".join(trial.wrong)


def test_a_strange_part_of_an_address_is_answered(app: Flask, trial: Trial, town: Town) -> None:
    number = 0
    by_endpoint = {(r.endpoint, r.method): r for r in routes(app, examples(town))}
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            become(trial.client, holder_of(app, by_endpoint[rule.endpoint, method]))
            number += 1
            for part in some_of(PATH_PARTS, number, 4):
                url = re.sub(r"<[^>]+>", lambda _, part=part: part, rule.rule)  # type: ignore[misc]
                trial.ask(f"{method} {url[:80]}", url, method)

    assert not trial.wrong, "\n".join(trial.wrong)


@pytest.mark.attack("B75")
@pytest.mark.sqlite
def test_strange_headers_are_answered(app: Flask, trial: Trial, town: Town) -> None:
    for person in ("nobody", "amara"):
        for url in ("/", "/proposals", "/login", "/account", f"/threads/{town.world.thread.ref}"):
            for headers in HEADERS:
                become(trial.client, person)
                trial.ask(f"{person} {url} {headers}", url, headers=headers)

    assert not trial.wrong, "\n".join(trial.wrong)


@pytest.mark.sqlite
def test_a_strange_body_is_answered_by_every_route(app: Flask, trial: Trial, town: Town) -> None:
    for number, route in enumerate(one_of_each(routes(app, examples(town)))):
        if route.method != "POST":
            continue
        for content_type, body in some_of(BODIES, number, 5):
            become(trial.client, holder_of(app, route))
            trial.ask(
                f"{route} {content_type} {body[:40]!r}",
                route.url,
                "POST",
                data=body,
                content_type=content_type,
            )

    assert not trial.wrong, "\n".join(trial.wrong)


@pytest.mark.attack("B61")
def test_a_form_with_strange_values_is_answered(app: Flask, trial: Trial, town: Town) -> None:
    forms = met_forms(app, trial.client, town)
    assert len(forms) > 40
    for number, form in enumerate(forms):
        for fields in filled_strangely(form.fields, number):
            become(trial.client, form.person)
            sent = next((f"{name}={value[:30]!r}" for name, value in fields if value), "")
            trial.ask(
                f"{form} {sent}",
                form.action,
                "POST",
                data=urlencode(fields, quote_via=quote),
                content_type="application/x-www-form-urlencoded",
            )

    assert not trial.wrong, "\n".join(trial.wrong)


def filled_strangely(
    fields: tuple[tuple[str, str], ...], number: int
) -> Iterator[list[tuple[str, str]]]:
    """All fields strange at once, with one value after the other; then each field alone."""
    for value in some_of(VALUES, number, 4):
        yield [(name, value) for name, _ in fields]
    for position, (name, _) in enumerate(fields):
        value = VALUES[(number + 7 * position) % len(VALUES)]
        yield [(each, value if each == name else kept) for each, kept in fields]
    yield [*fields, *fields]
    yield [(f"{name}[]", value) for name, value in fields]
    yield [(name, "x") for name, _ in fields for _ in range(100)]
