"""Rate limits on acts that invite guessing or flooding: sign-in, registration, receipts, posts.

Who signed in is counted as a person, since a library or a school is one address for many people.
Guessing is counted by `place`, since whoever guesses may hold many accounts.
"""

from time import time

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

from config import Settings


def place() -> str:
    """The network address that asks."""
    return f"from:{get_remote_address()}"


def person_or_place() -> str:
    """The person who signed in, wherever she is; for all others the network address."""
    return f"person:{current_user.get_id()}" if current_user.is_authenticated else place()


limiter = Limiter(person_or_place, headers_enabled=True, strategy="moving-window")


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


def seconds_to_wait() -> int:
    """How long until one more try is let in; a minute where that cannot be asked."""
    try:
        limit = limiter.current_limit
        return 60 if limit is None else max(1, int(limit.reset_at - time()))
    except Exception:  # noqa: BLE001  (whatever counts may have gone away meanwhile)
        return 60
