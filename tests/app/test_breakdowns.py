"""What breaks leaves a record that can be found again, and that holds nothing of anybody's."""

import re
from collections.abc import Iterator

import pytest
import structlog
from flask import Flask, abort
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from app import errors
from core import access
from core.database import db
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of

REFERENCE = re.compile(r"tell the town hall this word: ([a-z0-9]{10})\.")
TRACES = [structlog.processors.format_exc_info]
SAID_IN_CONFIDENCE = "said in confidence"


@pytest.fixture
def broken(app: Flask) -> Iterator[Flask]:
    """The application as it is served, with pages that break in different ways."""
    errors.init_app(app)  # tests take the handler of the unexpected out; here it is tried

    @access.public
    def breaks() -> str:
        raise RuntimeError("secret detail of the machine")

    @access.public
    def breaks_a_rule() -> str:
        statement = text("INSERT INTO no_such_table (words) VALUES (:words)")
        db.session.execute(statement, {"words": SAID_IN_CONFIDENCE})
        return "done"

    @access.public
    def away() -> str:
        raise OperationalError("SELECT", {}, Exception("disk is full"))

    @access.public
    def status(code: int) -> str:
        abort(code)

    app.testing = False
    for view in (breaks, breaks_a_rule, away):
        app.add_url_rule(f"/{view.__name__}", view.__name__, view, methods=["GET", "POST"])
    app.add_url_rule("/status/<int:code>", "status", status, methods=["GET", "POST"])
    yield app
    app.testing = True


def test_the_word_on_the_page_is_the_one_beside_the_trace_in_the_log(
    broken: Flask, client: BrowserLikeClient
) -> None:
    with capture_logs(TRACES) as lines:
        page = text_of(client.get("/breaks").text)
    found = REFERENCE.search(page)
    [line] = [line for line in lines if line["event"] == "request failed"]

    assert found is not None, page
    assert line["reference"] == found[1]
    assert "Traceback" in line["exception"]
    assert "secret detail of the machine" in line["exception"]
    assert "secret detail" not in page


def test_each_breakdown_has_a_word_of_its_own(broken: Flask, client: BrowserLikeClient) -> None:
    words = [REFERENCE.search(text_of(client.get("/breaks").text)) for _ in range(2)]

    assert len({word[1] for word in words if word}) == 2


def test_a_fragment_that_breaks_tells_its_word_too(
    broken: Flask, client: BrowserLikeClient
) -> None:
    assert REFERENCE.search(client.htmx("POST", "/breaks").text)


def test_the_log_of_a_breakdown_holds_nothing_that_was_sent_to_the_database(
    broken: Flask, client: BrowserLikeClient
) -> None:
    with capture_logs(TRACES) as lines:
        response = client.post("/breaks_a_rule")

    assert response.status_code >= 500
    assert "no_such_table" in str(lines)
    assert SAID_IN_CONFIDENCE not in str(lines)
    assert SAID_IN_CONFIDENCE not in response.text


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("code", "words"),
    [
        (400, "This request could not be read. Nothing was changed."),
        (403, "This page is not open to your account."),
        (404, "There is no page at this address."),
        (405, "This address cannot be used in this way."),
        (408, "This took too long to arrive. Nothing was changed."),
        (410, "There is no page at this address any more."),
        (411, "This was sent without its length and was not read. Nothing was changed."),
        (413, "What you sent is too large. Nothing was saved."),
        (415, "What you sent is of a kind that this page cannot read. Nothing was changed."),
        (418, "This request could not be read. Nothing was changed."),
        (429, "Too many tries in a short time. Nothing was changed."),
        (500, "Something went wrong on our side. We have a record of it."),
        (501, "Something went wrong on our side. We have a record of it."),
        (503, "This cannot be done right now. Nothing was changed."),
    ],
)
def test_every_status_is_a_page_in_plain_words(
    broken: Flask, client: BrowserLikeClient, code: int, words: str
) -> None:
    for method in ("GET", "POST"):
        response = client.open(f"/status/{code}", method=method)

        assert response.status_code == code
        assert words in text_of(response.text)
        assert "Werkzeug" not in response.text
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.sqlite
def test_a_breakdown_that_was_asked_for_by_its_number_is_on_record_too(
    broken: Flask, client: BrowserLikeClient
) -> None:
    with capture_logs() as lines:
        found = REFERENCE.search(text_of(client.get("/status/500").text))

    assert found is not None
    assert found[1] in {line.get("reference") for line in lines}
