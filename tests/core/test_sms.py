"""Short messages: what the gateway gets, and every way in which it can fail."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from config import Settings, WrongSettings
from core import sms
from core.sms import SmsFailed


class Gateway(BaseHTTPRequestHandler):
    """Answers as the address says, and keeps what it got."""

    got: list[tuple[str | None, dict[str, Any]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append((self.headers["Authorization"], json.loads(body)))
        self.send_response(int(self.path.strip("/")))
        self.send_header("Location", "/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def gateway() -> Iterator[tuple[str, type[Gateway]]]:
    class Own(Gateway):
        got = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", Own
    server.shutdown()
    server.server_close()


def app_with(tmp_path: Path, **settings: Any) -> Flask:
    app = Flask("sms")
    sms.init_app(app, Settings(instance_dir=tmp_path, **settings))
    return app


def test_the_gateway_gets_number_and_text_with_its_token(
    tmp_path: Path, gateway: tuple[str, type[Gateway]]
) -> None:
    url, handler = gateway
    app = app_with(
        tmp_path,
        sms_backend="gateway",
        sms_gateway_url=f"{url}/200",
        sms_gateway_token="token",
    )
    with app.app_context():
        sms.send_now("48600100200", "123456 is your code.")

    assert handler.got == [("Bearer token", {"to": "+48600100200", "text": "123456 is your code."})]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_gateway_that_does_not_say_yes_has_sent_nothing(
    tmp_path: Path, gateway: tuple[str, type[Gateway]], status: int
) -> None:
    """A redirect is not followed: the message would go to another place."""
    url, handler = gateway
    app = app_with(tmp_path, sms_backend="gateway", sms_gateway_url=f"{url}/{status}")
    with app.app_context(), pytest.raises(SmsFailed):
        sms.send_now("48600100200", "123456")

    assert len(handler.got) == 1


def test_a_gateway_that_is_away_is_told_in_one_word(tmp_path: Path) -> None:
    app = app_with(tmp_path, sms_backend="gateway", sms_gateway_url="http://127.0.0.1:1/")
    with app.app_context(), pytest.raises(SmsFailed, match="ConnectionError"):
        sms.send_now("48600100200", "123456")


def test_where_none_is_set_nothing_is_sent(tmp_path: Path) -> None:
    app = app_with(tmp_path)
    with app.app_context():
        assert not sms.is_on()
        with pytest.raises(SmsFailed):
            sms.send_now("48600100200", "123456")


def test_the_console_shows_it_for_trying_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with app_with(tmp_path, sms_backend="console").app_context():
        sms.send_now("48600100200", "123456")

    assert "+48600100200: 123456" in capsys.readouterr().err


def test_a_gateway_without_an_address_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(WrongSettings, match="SMS_GATEWAY_URL"):
        app_with(tmp_path, sms_backend="gateway")
