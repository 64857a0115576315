"""The page cache: what everybody sees is rendered once and served from memory for some seconds.

Only answers to readers without a session are kept, and only of routes marked with `shared`.
A page that asks for a token or sets a cookie is never kept.
"""

import gzip
import hashlib
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import brotli
import structlog
from flask import Flask, Response, current_app, g, request, session
from flask_caching import Cache

from config import Settings
from core import htmx
from core.i18n import choose_locale

View = TypeVar("View", bound=Callable[..., Any])
pages = Cache()
log = structlog.get_logger("cache")
LARGE = 1_000


def init_app(app: Flask, settings: Settings) -> None:
    if settings.redis_url:
        kind: dict[str, object] = {
            "CACHE_TYPE": "RedisCache",
            "CACHE_REDIS_URL": settings.redis_url,
            "CACHE_OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    else:
        kind = {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": 500}
    app.config.update(kind, CACHE_DEFAULT_TIMEOUT=settings.page_cache_seconds)
    app.config["CACHE_NO_NULL_WARNING"] = True
    pages.init_app(app)
    app.before_request(_serve_kept)
    # What is registered last runs first: a page is kept plain, then squeezed for this reader.
    app.after_request(_compress)
    app.after_request(_keep)


def shared(view: View) -> View:
    """Marks a public page that is the same for every reader who has not signed in."""
    view.__shared__ = True  # type: ignore[attr-defined]
    return view


def clear() -> None:
    """Forgets all kept pages, as after a publication."""
    try:
        pages.clear()
    except Exception as error:  # noqa: BLE001  (what is kept grows old by itself)
        log.warning("page cache away", error=repr(error))


class Kept(NamedTuple):
    """A page as it was answered: plain, squeezed where that is worth it, and its headers."""

    body: bytes
    squeezed: bytes
    headers: dict[str, str]


def _serve_kept() -> Response | None:
    key = g.page_key = _key()
    kept = None if key is None else _look(key)
    if kept is None:
        return None
    response = _answer(kept)
    response.headers["X-From-Cache"] = "1"
    return response


def _keep(response: Response) -> Response:
    """Keeps the page, unless it is somebody's own: one that gives a token or says a thing once."""
    key = g.get("page_key")
    keepable = (
        response.status_code == 200
        and not session.modified
        and "Set-Cookie" not in response.headers
        and "X-From-Cache" not in response.headers
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
    )
    if key is None or not keepable:
        return response
    body = response.get_data()
    # Weak, because the squeezed page is the same page.
    response.headers["ETag"] = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'
    response.vary.update(["Accept-Encoding", "Accept-Language", "Cookie"])
    squeezed = brotli.compress(body, quality=5) if len(body) > LARGE else b""
    kept = Kept(body, squeezed, dict(response.headers))
    _store(key, kept)
    return _answer(kept)


def _answer(kept: Kept) -> Response:
    """The kept page in the form that this browser takes; 304 where it has it already."""
    response = Response(kept.body, headers=kept.headers)
    if request.if_none_match.contains_weak(response.get_etag()[0] or ""):
        response = Response(status=304, headers=kept.headers)
        for name in ("Content-Length", "Content-Type"):
            response.headers.pop(name, None)
    elif kept.squeezed and request.accept_encodings["br"]:
        response.set_data(kept.squeezed)
        response.headers["Content-Encoding"] = "br"
    return response


def _look(key: str) -> Kept | None:
    try:
        found = pages.get(key)
    except Exception as error:  # noqa: BLE001  (without its cache the page only takes longer)
        log.warning("page cache away", error=repr(error))
        return None
    return Kept(*found) if found else None


def _store(key: str, kept: Kept) -> None:
    try:
        pages.set(key, tuple(kept))
    except Exception as error:  # noqa: BLE001  (likewise)
        log.warning("page cache away", error=repr(error))


def _compress(response: Response) -> Response:
    """Squeezes text that was not kept: a ballot paper of 119 projects shrinks to a tenth.

    A page with somebody's token is squeezed only where it can repeat nothing of the address: who
    could make a browser ask for chosen words would learn the token from the length (BREACH).
    """
    text = response.mimetype in {
        "text/html",
        "application/json",
        "text/csv",
        "application/atom+xml",
    }
    if (
        not text
        or (request.cookies and request.query_string)
        or response.direct_passthrough
        or response.status_code != 200
        or "Content-Encoding" in response.headers
        or not request.accept_encodings["gzip"]
    ):
        return response
    body = response.get_data()
    if len(body) > LARGE:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        response.vary.add("Accept-Encoding")
    return response


def _key() -> str | None:
    if not current_app.config["CACHE_DEFAULT_TIMEOUT"]:
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "GET" or not getattr(view, "__shared__", False) or request.cookies:
        return None
    if len(request.query_string) > 200:
        return None
    parts = (request.full_path, choose_locale(), str(htmx.asked()))
    return "page:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
