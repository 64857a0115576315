"""A client that behaves like a browser where tests would otherwise cheat.

It sends the token that a form would carry, lets go of the test's own transaction before each
request (as another process would have), and reads every whole page with a strict parser.
"""

import hashlib
import os
from typing import Any

from flask import g, has_app_context
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from core.database import db
from tests.harness.html import assert_clean_page

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


class BrowserLikeClient(FlaskClient):
    """The `client` fixture. `client.post(url, data=..., csrf=False)` leaves the token out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Tokens of sessions that were begun for this client, by person and whether confirmed.
        self.tokens: dict[tuple[int, bool], str] = {}

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> TestResponse:
        db.session.commit()
        forget_last_request()
        if csrf and str(kwargs.get("method", "GET")).upper() in UNSAFE:
            headers = dict(kwargs.pop("headers", None) or {})
            headers.setdefault("X-CSRFToken", self.csrf_token())
            kwargs["headers"] = headers
        response = super().open(*args, **kwargs)
        if is_whole_page(response):
            assert_clean_page(response.get_data(as_text=True))
        return response

    def csrf_token(self) -> str:
        """The token that a form on a page of this session carries."""
        with self.session_transaction() as session:
            raw = session.setdefault("csrf_token", hashlib.sha1(os.urandom(64)).hexdigest())
        key = self.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(raw))

    def htmx(self, method: str, url: str, **kwargs: Any) -> TestResponse:
        """The same request as htmx makes it: the answer is a fragment."""
        headers = {"HX-Request": "true", **dict(kwargs.pop("headers", None) or {})}
        return self.open(url, method=method, headers=headers, **kwargs)


def forget_last_request() -> None:
    """Empties `g`: a test's context outlives its requests, and would remember who signed in."""
    if has_app_context():
        for name in list(g):
            g.pop(name)


def is_whole_page(response: TestResponse) -> bool:
    return (
        response.mimetype == "text/html"
        and not response.is_streamed
        and "Content-Encoding" not in response.headers
        and response.get_data(as_text=True)[:200].lstrip().lower().startswith("<!doctype html")
    )
