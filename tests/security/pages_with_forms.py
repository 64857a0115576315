"""Every form of the whole application, as each person meets it on the pages of the small town."""

from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from flask import Flask

from tests.harness import people
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import EVERYBODY, become, read
from tests.harness.examples import examples, routes
from tests.harness.town import Town

WORDS = "Words of a person"
TYPED = {
    "email": "somebody@example.org",
    "number": "1",
    "password": people.PASSWORD,
    "date": "2030-01-01",
    "datetime-local": "2030-01-01T10:00",
    "search": "tree",
}


@dataclass(frozen=True)
class MetForm:
    """A form that posts: who met it on which page, where it leads, and what it would send."""

    person: str
    page: str
    endpoint: str
    action: str
    fields: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.person} on {self.page}: POST {self.action} ({self.endpoint})"


def met_forms(app: Flask, client: BrowserLikeClient, town: Town) -> list[MetForm]:
    """Each form once for each person who meets it."""
    adapter = app.url_map.bind("localhost")
    gets = [route for route in routes(app, examples(town)) if route.method == "GET"]
    found: dict[tuple[str, str, str], MetForm] = {}
    for person in EVERYBODY:
        become(client, person)
        for route in gets:
            answer = read(client, route)
            if not answer.is_page or answer.status != 200:
                continue
            for address, fields in forms_on(answer.text):
                action = urljoin(route.url, address or route.url)
                endpoint = str(adapter.match(action.partition("?")[0], method="POST")[0])
                key = (person, endpoint, " ".join(sorted({name for name, _ in fields})))
                found.setdefault(key, MetForm(person, route.url, endpoint, action, fields))
    return list(found.values())


def forms_on(page: str) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Address and fields of every form on the page that posts."""
    reader = FormReader()
    reader.feed(page)
    return [(address, tuple(fields)) for address, fields in reader.forms]


class FormReader(HTMLParser):
    """Reads names and values as a person would send them who fills in every field.

    The strict parser of the harness would take longer for this than the pages took to be made.
    """

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, list[tuple[str, str]]]] = []
        self._open: list[tuple[str, str]] | None = None
        self._select = self._textarea = ""
        self._button_taken = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open, self._button_taken = [], False
            if given.get("method", "").lower() == "post":
                self.forms.append((given.get("action", ""), self._open))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select and given.get("value"):
            self._add(self._select, given["value"])
            self._select = ""
        elif tag == "textarea":
            self._textarea = given.get("name", "")
        elif tag == "input" and "disabled" not in given:
            kind = given.get("type", "text")
            self._add(given.get("name", ""), given.get("value") or TYPED.get(kind, WORDS))
        elif tag == "button" and not self._button_taken and given.get("name"):
            self._button_taken = True
            self._add(given["name"], given.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self._add(self._textarea, data.strip() or WORDS)
            self._textarea = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._textarea:
            self._add(self._textarea, WORDS)
            self._textarea = ""
        elif tag == "form":
            self._open = None

    def _add(self, name: str, value: str) -> None:
        if self._open is not None and name and name != "csrf_token":
            self._open.append((name, value))
