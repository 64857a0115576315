"""Codes of an authenticator app: six digits that change every half minute (RFC 6238).

The app and the house share a secret. Here it stands encrypted, under a key outside the database.
"""

from dataclasses import dataclass
from datetime import datetime

import segno
from flask import Flask, current_app
from flask_security.totp import Totp

SECONDS = 30
SKEW = SECONDS
"""A code is taken one step early or late: for clocks that differ, and for those who type slowly."""


@dataclass(frozen=True)
class Setup:
    """What an app needs to know: the secret to type, an address to tap, a picture to scan."""

    key: str
    address: str
    picture: str


class _Codes(Totp):
    """The library's codes, asked for a moment, and for the step to which a code belongs."""

    def step_of(self, code: str, sealed: str, after: int, at: datetime) -> int | None:
        typed = "".join(code.split())
        if not (typed.isascii() and typed.isdigit()):
            return None
        try:
            match = self._totp.verify(typed, sealed, time=at, window=SKEW, last_counter=after)
        except ValueError:  # wrong, used or malformed
            return None
        return int(match.counter)

    def code_at(self, key: str, step: int) -> str:
        return str(self._totp(key=key, format="base32").generate(step * SECONDS).token)

    def sealed_from(self, key: str) -> str:
        return str(self._totp(key=key, format="base32").to_json(encrypt=True))


def init_app(app: Flask, key: str, site: str) -> None:
    app.extensions["code_app"] = _Codes({"1": key}, site.replace(":", " "))


def new_secret() -> str:
    """A secret for one account, encrypted."""
    return _codes().generate_totp_secret()


def sealed_from(key: str) -> str:
    """A secret that was chosen elsewhere (base 32), encrypted. For the demonstration."""
    return _codes().sealed_from(key)


def code_at(key: str, step: int) -> str:
    """The code of a secret (base 32) at a time step. For the demonstration."""
    return _codes().code_at(key, step)


def step_of(code: str, sealed: str, *, after: int, at: datetime) -> int | None:
    """The time step of a right code later than step `after`; None for any other code."""
    return _codes().step_of(code, sealed, after, at)


def setup_of(sealed: str, account: str) -> Setup:
    """How to bring the secret into an app. To be shown once, to the account's owner."""
    address = _codes().get_totp_uri(account, sealed)
    picture = segno.make(address, error="m").svg_data_uri(
        border=3, light="#fff", scale=5, omitsize=True
    )
    return Setup(_codes().get_totp_pretty_key(sealed), address, picture)


def _codes() -> _Codes:
    codes: _Codes = current_app.extensions["code_app"]
    return codes
