"""Names, proxies and paths that a request may claim: only what the settings name is believed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, request

from accounts.models import User
from core import access
from core.database import db
from tests.harness import people
from tests.harness.application import new_app, settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World

pytestmark = pytest.mark.sqlite
FOREIGN = ["evil.example", "evil.example:80", "localhost.evil.example", "evil.example#localhost",
           "localhost@evil.example", "", "local host", "[::1", "x" * 5_000, "localhost:x",
           "localhost:99999999"]  # fmt: skip


@pytest.mark.attack("B28")
@pytest.mark.parametrize("host", FOREIGN)
@pytest.mark.parametrize("url", ["/", "/login", "/no-such-page", "/health"])
def test_a_name_that_is_not_ours_is_not_answered_to(
    client: BrowserLikeClient, host: str, url: str
) -> None:
    response = client.get(url, environ_overrides={"HTTP_HOST": host, "SERVER_NAME": "evil.example"})

    assert response.status_code == 400
    assert "evil" not in response.text
    assert "Location" not in response.headers


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:5000"])
def test_our_own_names_are(client: BrowserLikeClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.attack("B28")
def test_no_page_mail_or_redirect_repeats_the_name_of_a_request(
    app: Flask, client: BrowserLikeClient, amara: User, world: World
) -> None:
    headers = {
        "Host": "localhost:8000",
        "X-Forwarded-Host": "evil.example",
        "Forwarded": "host=evil",
    }
    page = client.get("/", headers=headers)
    away = client.get("/account", headers=headers)
    client.post("/reset", data={"email": amara.email}, headers=headers)

    assert "evil" not in page.text
    assert ":8000" not in page.text, "addresses are those of PUBLIC_URL"
    assert away.headers["Location"].startswith("/")
    [letter] = app.extensions["mailman"].outbox
    assert "http://localhost/" in letter.body
    assert ":8000" not in letter.body


class Behind:
    """An application that stands behind some proxies, and tells whom it sees."""

    def __init__(self, app: Flask, folder: Path, proxies: int) -> None:
        address = app.config["SQLALCHEMY_DATABASE_URI"]
        settings = settings_for(address, folder, trusted_proxies=proxies)
        self.app = new_app(settings)

        @self.app.get("/whoami")
        @access.public
        def whoami() -> dict[str, str]:
            return {"from": str(request.remote_addr), "by": request.scheme, "host": request.host}

    def sees(self, **headers: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer: dict[str, str] = self.app.test_client().get("/whoami", headers=named).json or {}
        return answer


@pytest.fixture(params=[0, 1, 2])
def behind(app: Flask, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Behind]:
    behind = Behind(app, tmp_path / "behind", request.param)
    yield behind
    with behind.app.app_context():
        db.engine.dispose()


@pytest.mark.attack("B28")
def test_only_as_many_proxies_are_believed_as_there_are(behind: Behind) -> None:
    proxies = behind.app.config["SETTINGS"].trusted_proxies
    seen = behind.sees(
        X_Forwarded_For="6.6.6.6, 192.0.2.1, 192.0.2.2",
        X_Forwarded_Proto="ftp, https, https",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Prefix="/evil",
    )

    assert seen["from"] == {0: "127.0.0.1", 1: "192.0.2.2", 2: "192.0.2.1"}[proxies]
    assert seen["by"] == ("https" if proxies else "http")
    assert seen["host"] == "localhost"


@pytest.mark.attack("B62")
@pytest.mark.parametrize(
    "url",
    [
        "/static/../config.py", "/static/..%2fconfig.py", "/static/%2e%2e/config.py",
        "/static/..\\config.py", "/static//etc/passwd", "/static/css/../../config.py",
        "/static/%00", "/static/css/app.css%00.html", "/.git/HEAD", "/.env", "/config.py",
        "/instance/secrets.json", "/debug", "/console", "/__debugger__", "/wp-admin", "/static/",
        "/static/css/", "//etc/passwd", "/templates/base.html", "/static/css/parts/..",
    ],
)  # fmt: skip
def test_no_path_leads_out_of_the_house(client: BrowserLikeClient, url: str) -> None:
    response = client.get("/", environ_overrides={"PATH_INFO": url, "REQUEST_URI": url})

    assert response.status_code in {308, 404}
    assert "SECRET" not in response.text
    assert "root:" not in response.text


@pytest.mark.parametrize("url", ["//evil.example/", "//evil.example/..", "/\\evil.example"])
def test_an_address_with_two_slashes_leads_to_no_other_site(
    client: BrowserLikeClient, url: str
) -> None:
    response = client.get("/", environ_overrides={"PATH_INFO": url})

    location = response.headers.get("Location", "/")
    assert location.startswith(("/", "http://localhost/"))
    assert not location.startswith(("//", "/\\"))


def test_somebody_who_signed_in_is_not_known_under_another_name(
    client: BrowserLikeClient, amara: User
) -> None:
    people.sign_in(client, amara)

    assert client.get("/account", headers={"Host": "evil.example"}).status_code == 400
