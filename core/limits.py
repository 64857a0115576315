"""Rate limits on acts that invite guessing or flooding: sign-in, registration, receipts, posts.

Who signed in is counted as a person, since a library or a school is one address for many people.
Guessing is counted by `place`, since whoever guesses may hold many accounts. New accounts are
counted by `neighbourhood` too, since whoever wants many may hold many places.
"""

from time import time

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user

from config import Settings
from core.networks import network_of


def place() -> str:
    """The network address that asks; with IPv6 its /64, since one house has all of these."""
    return f"from:{_network(of_4=32, of_6=64)}"


def neighbourhood() -> str:
    """The /24, or with IPv6 the /48, around the address that asks: what can be rented at once."""
    return f"around:{_network(of_4=24, of_6=48)}"


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


def _network(*, of_4: int, of_6: int) -> str:
    address = get_remote_address()
    return network_of(address, of_4=of_4, of_6=of_6) or address
