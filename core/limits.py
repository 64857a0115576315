"""Rate limits on acts that invite guessing or flooding: sign-in, registration, receipts, posts."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from config import Settings

limiter = Limiter(get_remote_address, headers_enabled=True, strategy="moving-window")


def init_app(app: Flask, settings: Settings) -> None:
    app.config.update(
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_HEADERS_ENABLED=True,
        # Where Redis is away, each process counts for itself until it is back.
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
        RATELIMIT_SWALLOW_ERRORS=True,
    )
    limiter.init_app(app)
