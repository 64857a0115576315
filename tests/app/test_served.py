"""The house as it is really run: gunicorn with its own file, and jobs in a thread or a process."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from tests.harness.server import LOOPBACK, ROOT, free_port, stop, wait_until_served

pytestmark = pytest.mark.slow


@contextmanager
def run(*command: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A process of ours, ended as an administrator ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, **environment},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        stop(process)


@contextmanager
def serve(settings: dict[str, str]) -> Iterator[str]:
    port = free_port()
    address = f"http://{LOOPBACK}:{port}"
    bind = f"{LOOPBACK}:{port}"
    with run(
        "gunicorn", "--config", "gunicorn.conf.py", "--bind", bind, "wsgi:app",
        **settings, PUBLIC_URL=address,
    ) as process:  # fmt: skip
        wait_until_served(f"{address}/health", process)
        yield address


@pytest.fixture
def environment(database_url: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "INSTANCE_DIR": str(tmp_path / "instance"),
        "MAIL_BACKEND": "file",
        "CHEAP_PASSWORDS": "1",
        "WEB_WORKERS": "1",
    }


def register(address: str) -> None:
    """Somebody registers with a browser that knows nothing but forms."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    form = {
        "csrf_token": token_on(browser, f"{address}/register"),
        "display_name": "Olga",
        "email": "olga@example.org",
        "password": "four words in a row",
    }
    answer = browser.open(f"{address}/register", urlencode(form).encode(), timeout=20)
    assert answer.status == 200
    answer.close()


def token_on(browser: OpenerDirector, url: str) -> str:
    with browser.open(url, timeout=20) as page:
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    assert found is not None
    return found[1]


def mail_in(folder: Path, *, seconds: float = 40) -> str:
    """The first mail that arrives in the folder."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for letter in folder.glob("*"):
            if "Subject:" in (text := letter.read_text()):
                return text
        time.sleep(0.1)
    raise AssertionError("No mail arrived.")


@pytest.mark.sqlite
def test_a_served_town_sends_its_mails_by_itself(environment: dict[str, str]) -> None:
    with serve({**environment, "JOBS": "in-process"}) as address:
        register(address)
        letter = mail_in(Path(environment["INSTANCE_DIR"]) / "mail")

    assert "To: olga@example.org" in letter
    assert f"{address}/confirm/" in letter


@pytest.mark.postgres
def test_a_process_of_its_own_sends_the_mails_of_a_city(environment: dict[str, str]) -> None:
    settings = {**environment, "JOBS": "worker"}
    with serve(settings) as address:
        worker = {**settings, "PUBLIC_URL": address}
        register(address)
        folder = Path(environment["INSTANCE_DIR"]) / "mail"
        assert not folder.exists() or not list(folder.glob("*")), "The web process sent it."
        with run("flask", "--app", "wsgi", "jobs", "run", **worker) as process:
            letter = mail_in(folder)
            assert process.poll() is None

    assert "To: olga@example.org" in letter
    assert process.returncode in {0, -signal.SIGTERM}


@pytest.mark.sqlite
def test_stopping_the_server_leaves_nothing_running(environment: dict[str, str]) -> None:
    with serve(environment) as address:
        started = processes_about(address)
        assert started

    deadline = time.monotonic() + 10
    while processes_about(address) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert processes_about(address) == []


def test_what_the_workers_share_has_no_connection_and_no_thread(
    environment: dict[str, str],
) -> None:
    """gunicorn loads the application once and forks: an SQLite connection would not survive it."""
    look = (
        "import os, threading, wsgi\n"
        "places = [f'/proc/self/fd/{number}' for number in range(3, 100)]\n"
        "opened = [os.readlink(place) for place in places if os.path.islink(place)]\n"
        "print(opened, threading.active_count())"
    )
    told = subprocess.run(
        [sys.executable, "-c", look],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.split() == ["[]", "1"], told.stdout


def processes_about(address: str) -> list[str]:
    mark = address.removeprefix("http://").encode()
    found = []
    for process in Path("/proc").iterdir():
        if not process.name.isdigit():
            continue
        try:
            command = (process / "cmdline").read_bytes()
        except OSError:
            continue
        if mark in command and b"gunicorn" in command:
            found.append(process.name)
    return found
