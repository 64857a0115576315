"""Takes every answer to a cast for a success, also that the ballot could not be stored."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from wsgi import app as product


class AlwaysGlad:
    """In front of the application, as a proxy that means well would be."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        casts = environ["PATH_INFO"].endswith("/casts")

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if casts and status.startswith("503"):
                status, headers = "303 See Other", [("Location", "/")]
            return start_response(status, headers, *more)

        return self.app(environ, start)


app = AlwaysGlad(product)
