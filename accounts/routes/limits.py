"""How often one may try: per network address, and per e-mail address that was typed.

The second kind counts known and unknown addresses alike, so that it tells nothing about them.
"""

from flask import request

from core.limits import limiter, neighbourhood, place
from core.refs import fold


def typed_address() -> str:
    """The e-mail address in the form, or the network address where none was typed."""
    typed = fold(request.form.get("email", "").strip())[:254]
    return f"address:{typed}" if typed else place()


tries = limiter.limit("20/minute;120/hour", key_func=place, methods=["POST"])
tries_of_neighbours = limiter.limit("60/minute;600/hour", key_func=neighbourhood, methods=["POST"])
tries_per_address = limiter.limit("10/15 minutes", key_func=typed_address, methods=["POST"])
mails_per_address = limiter.shared_limit(
    "6/hour", scope="account-mails", key_func=typed_address, methods=["POST"]
)
