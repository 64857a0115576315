"""The page cache: what everybody sees is rendered once and served from memory for some seconds.

Only answers to readers without a session are kept, and only of routes marked with `shared`.
A page that asks for a token or sets a cookie is never kept.
"""

import gzip
import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

import brotli
from flask import Flask, Response, current_app, request
from flask_caching import Cache

from config import Settings
from core import htmx
from core.i18n import choose_locale

View = TypeVar("View", bound=Callable[..., Any])
pages = Cache()
LARGE = 1_000


def init_app(app: Flask, settings: Settings) -> None:
    if settings.redis_url:
        kind: dict[str, object] = {
            "CACHE_TYPE": "RedisCache",
            "CACHE_REDIS_URL": settings.redis_url,
        }
    else:
        kind = {"CACHE_TYPE": "SimpleCache", "CACHE_THRESHOLD": 500}
    app.config.update(kind, CACHE_DEFAULT_TIMEOUT=settings.page_cache_seconds)
    app.config["CACHE_NO_NULL_WARNING"] = True
    pages.init_app(app)
    app.before_request(_serve_kept)
    app.after_request(_keep)
    app.after_request(_compress)


def shared(view: View) -> View:
    """Marks a public page that is the same for every reader who has not signed in."""
    view.__shared__ = True  # type: ignore[attr-defined]
    return view


def clear() -> None:
    """Forgets all kept pages, as after a publication."""
    pages.clear()


def _serve_kept() -> Response | None:
    key = _key()
    if key is None:
        return None
    kept = pages.get(key)
    if kept is None:
        return None
    body, squeezed, headers = kept
    tag = headers["ETag"]
    if request.headers.get("If-None-Match") == tag:
        return Response(status=304, headers=headers)
    response = Response(body, headers=headers)
    if squeezed and request.accept_encodings["br"]:
        response.set_data(squeezed)
        response.headers["Content-Encoding"] = "br"
    response.headers["X-From-Cache"] = "1"
    return response


def _keep(response: Response) -> Response:
    key = _key()
    keepable = (
        key is not None
        and response.status_code == 200
        and "Set-Cookie" not in response.headers
        and "X-From-Cache" not in response.headers
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
    )
    if not keepable or not current_app.config["CACHE_DEFAULT_TIMEOUT"]:
        return response
    body = response.get_data()
    response.headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    response.vary.update(["Accept-Encoding", "Accept-Language", "Cookie"])
    squeezed = brotli.compress(body, quality=5) if len(body) > LARGE else b""
    pages.set(key, (body, squeezed, dict(response.headers)))
    return response


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
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "GET" or not getattr(view, "__shared__", False) or request.cookies:
        return None
    if len(request.query_string) > 200:
        return None
    parts = (request.full_path, choose_locale(), str(htmx.asked()))
    return "page:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()
