"""Says of some ballots that they were not counted after it has put them into the box, as a server
would that took every broken connection for a ballot that was not stored."""

import io
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from wsgi import app as product

EVERY = 20  # ballots, of which one is denied when it is sent for the first time
DENIAL = b"Your ballot was not counted."


class Denier:
    """In front of the application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.known: set[bytes] = set()

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith("/casts"):
            return self.app(environ, start_response)
        form = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(form)
        is_known = form in self.known
        self.known.add(form)
        if is_known or len(self.known) % EVERY:
            return self.app(environ, start_response)
        for _part in self.app(environ, lambda *_answer: lambda _body: None):
            pass
        start_response("503 Service Unavailable", [("Content-Length", str(len(DENIAL)))])
        return [DENIAL]


app = Denier(product)
