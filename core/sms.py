"""Short messages: handed to the town's gateway, or for trying out to a file or the console.

A message is sent while its reader waits, and never kept: whoever asked learns at once when the
gateway is down. Nothing of the database may be held open meanwhile; the caller commits before.
"""

import sys

import requests
from flask import Flask, current_app

from config import Settings, WrongSettings

TIMEOUT = (3.0, 5.0)  # seconds to reach the gateway, and to wait for its answer


class SmsFailed(RuntimeError):
    """The gateway did not take the message."""


def init_app(app: Flask, settings: Settings) -> None:
    """Raises WrongSettings for a gateway without an address."""
    if settings.sms_backend == "gateway" and not settings.sms_gateway_url:
        raise WrongSettings("Cannot start. SMS_GATEWAY_URL: must be set for SMS_BACKEND=gateway.")
    app.extensions["sms"] = settings


def is_on() -> bool:
    """Whether this town sends short messages."""
    return _settings().sms_backend != "off"


def send_now(to: str, text: str) -> None:
    """Sends a text to a number: its digits with the country's code. Raises SmsFailed."""
    settings = _settings()
    if settings.sms_backend == "console":
        print(f"Short message to +{to}: {text}", file=sys.stderr, flush=True)  # noqa: T201
    elif settings.sms_backend == "file":
        with (settings.instance_dir / "sms.txt").open("a", encoding="utf-8") as file:
            file.write(f"+{to}\t{text}\n")
    elif settings.sms_backend == "gateway":
        _post(settings, to, text)
    else:
        raise SmsFailed("no way to send short messages is set")


def _post(settings: Settings, to: str, text: str) -> None:
    token = settings.sms_gateway_token
    try:
        answer = requests.post(
            settings.sms_gateway_url,
            json={"to": f"+{to}", "text": text},
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=TIMEOUT,
            allow_redirects=False,
            stream=True,  # whatever it answers beside the status is not read
        )
        answer.close()
    except requests.RequestException as error:
        raise SmsFailed(type(error).__name__) from None
    if not 200 <= answer.status_code < 300:
        raise SmsFailed(f"status {answer.status_code}")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["sms"]
    return settings
