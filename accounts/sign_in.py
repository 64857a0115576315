"""How Flask-Security is set: it keeps passwords and who is signed in; the rest is ours.

Registration, confirmation and new passwords are written here, in the shape of the other rooms:
the library confirms by GET, answers mistakes with 200, and takes longer for a known address.
"""

from datetime import timedelta
from typing import Any

from accounts import passwords, sessions


def library_settings(*, cheap_passwords: bool) -> dict[str, Any]:
    """Flask-Security's settings. Cheap hashes are for tests and the demo."""
    cost = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
    if not cheap_passwords:
        cost = {"time_cost": 3, "memory_cost": 64 * 1024, "parallelism": 2}
    return {
        # One hash, one way in: a session cookie. No token in headers or addresses, no JSON.
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": {
            f"argon2__{name}": value for name, value in cost.items()
        },
        "SECURITY_PASSWORD_NORMALIZE_FORM": "NFKC",
        "SECURITY_PASSWORD_LENGTH_MIN": passwords.SHORTEST,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": str.casefold}}],
        # What the library would offer, and we do not, or do ourselves.
        "SECURITY_REGISTERABLE": False,
        "SECURITY_CONFIRMABLE": False,
        "SECURITY_RECOVERABLE": False,
        "SECURITY_CHANGEABLE": False,
        "SECURITY_STATIC_FOLDER": None,
        "SECURITY_FLASH_MESSAGES": False,
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_CACHE_CONTROL": None,
        # Addresses and pages.
        "SECURITY_LOGIN_URL": "/login",
        "SECURITY_LOGOUT_URL": "/logout",
        "SECURITY_VERIFY_URL": "/account/password-check",
        "SECURITY_LOGOUT_METHODS": ["POST"],
        "SECURITY_VERIFY_TEMPLATE": "accounts/ask_again.html",
        # How long things last.
        "SECURITY_FRESHNESS": timedelta(hours=1),
        "PERMANENT_SESSION_LIFETIME": sessions.LONGEST,
        "SESSION_REFRESH_EACH_REQUEST": False,
    }
