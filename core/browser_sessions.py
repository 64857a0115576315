"""The session of a browser: plain JSON in a signed cookie, and no more work than that takes.

Flask's own form of it marks each value with its kind, for kinds that no session of ours holds, and
makes its signer anew for each request. Both together cost as much as asking the database twice.
"""

import json
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class PlainJson:
    """Texts, numbers, lists and objects as they are; a tuple comes back as a list."""

    @staticmethod
    def dumps(value: Any, **_options: Any) -> str:
        return json.dumps(value, separators=(",", ":"))

    @staticmethod
    def loads(text: str | bytes) -> Any:
        return json.loads(text)


class BrowserSessions(SecureCookieSessionInterface):
    """Reads and writes the cookie of the application whose signer it keeps."""

    serializer = PlainJson  # type: ignore[assignment]

    def __init__(self) -> None:
        self._made: tuple[object, URLSafeTimedSerializer | None] = (None, None)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The signer under the secret that the application has now."""
        secret, signer = self._made
        if signer is None or secret != app.secret_key:
            signer = super().get_signing_serializer(app)
            self._made = app.secret_key, signer
        return signer


def init_app(app: Flask) -> None:
    app.session_interface = BrowserSessions()
