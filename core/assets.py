"""Static files under names that change with their content, so that browsers may keep them."""

import hashlib
from functools import lru_cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from whitenoise import WhiteNoise

from core.headers import FIXED

FOLDER = Path(__file__).resolve().parent.parent / "static"


def init_app(app: Flask) -> None:
    """Serves `static/` from the process; `static_url` writes the addresses in templates."""
    app.jinja_env.globals["static_url"] = static_url
    served = WhiteNoise(
        app.wsgi_app,
        root=str(FOLDER),
        prefix="static/",
        max_age=31_536_000,
        autorefresh=False,
        allow_all_origins=False,
        add_headers_function=_dress,
    )
    app.wsgi_app = served  # type: ignore[method-assign]


def static_url(path: str) -> str:
    """The address of a file below `static/`, with a mark of its content."""
    return f"/static/{path}?v={_mark(path)}"


def _dress(headers: Headers, _path: str, _url: str) -> None:
    """Files are answered before the application is asked, with the same headers as pages."""
    for name, value in FIXED.items():
        headers[name] = value


@lru_cache(maxsize=512)
def _mark(path: str) -> str:
    return hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:10]
