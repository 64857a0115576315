"""Every link and form on every page leads to a route that is there, by the method it uses."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect

from tests.harness.crawl import EVERYBODY, crawl_as
from tests.harness.html import NAMESPACE

BY_HTMX = {f"hx-{method}": method.upper() for method in ("get", "post", "put", "patch", "delete")}
SERVED_AS_FILES = "/static/"


@pytest.mark.sqlite
@pytest.mark.parametrize("name", EVERYBODY)
def test_every_link_and_form_leads_somewhere(
    name: str, app: Flask, request: pytest.FixtureRequest
) -> None:
    adapter = app.url_map.bind("localhost")
    wrong = set()
    for answer in crawl_as(name, request):
        if not answer.is_page:
            continue
        ids = {element.get("id") for element in answer.root.iter()}
        for method, url in targets(answer.root):
            address = url if url.startswith("#") else urljoin(answer.route.url, url)
            if not leads_somewhere(adapter, method, address, ids):
                wrong.add(f"{answer.route}: {method} {url}")

    assert sorted(wrong) == []


def targets(root: Element) -> Iterator[tuple[str, str]]:
    """Method and address of whatever a reader can follow or send."""
    forms = [each for each in root.iter() if str(each.tag) == f"{NAMESPACE}form"]
    method_of = {part: form.get("method", "get") for form in forms for part in form.iter()}
    for element in root.iter():
        name = str(element.tag).removeprefix(NAMESPACE)
        if name == "a" and (href := element.get("href")) is not None:
            yield "GET", href
        if name == "form":
            yield element.get("method", "get").upper(), element.get("action", "")
        if action := element.get("formaction"):
            yield method_of.get(element, "get").upper(), action
        for attribute, method in BY_HTMX.items():
            if (address := element.get(attribute)) is not None:
                yield method, address


def leads_somewhere(adapter: MapAdapter, method: str, url: str, ids: set[str | None]) -> bool:
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        # An authenticator app takes its secret from an address of its own scheme.
        return parts.scheme in {"http", "https", "mailto", "otpauth"}
    if url.startswith("#"):
        return parts.fragment in ids
    if parts.path.startswith(SERVED_AS_FILES):
        return True
    try:
        adapter.match(parts.path, method=method)
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True


def test_a_link_that_leads_nowhere_would_be_noticed(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")

    assert leads_somewhere(adapter, "GET", "/about", set())
    assert leads_somewhere(adapter, "GET", "#content", {"content"})
    assert not leads_somewhere(adapter, "GET", "/no/such/page", set())
    assert not leads_somewhere(adapter, "POST", "/about", set())
    assert not leads_somewhere(adapter, "GET", "#content", set())
    assert not leads_somewhere(adapter, "GET", "javascript:void(0)", set())
