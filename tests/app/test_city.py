"""A city's server: two web processes, a worker of its own, PostgreSQL and Redis."""

import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from tests.app.test_served import mail_in, register, run, serve, token_on
from tests.harness.server import LOOPBACK, free_port

REDIS = shutil.which("redis-server")
PASSWORD = "four words in a row"  # as tests/app/test_served.py registers Olga
pytestmark = [
    pytest.mark.slow,
    pytest.mark.postgres,
    pytest.mark.skipif(REDIS is None, reason="Redis is not installed here."),
]


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [str(REDIS), "--port", str(port), "--bind", LOOPBACK, "--save", "", "--dir", str(tmp_path)],
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for_redis(port)
        yield f"redis://{LOOPBACK}:{port}/0"
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for_redis(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            Redis(host=LOOPBACK, port=port).ping()
        except NotThere:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("Redis did not start.")


@pytest.fixture
def city(database_url: str, redis: str, tmp_path: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis,
        "INSTANCE_DIR": str(tmp_path / "instance"),
        "WEB_WORKERS": "2",
        "JOBS": "worker",
        "MAIL_BACKEND": "file",
        "CHEAP_PASSWORDS": "1",
    }


def browser() -> OpenerDirector:
    return build_opener(HTTPCookieProcessor(CookieJar()))


def send(who: OpenerDirector, url: str, **form: str) -> int:
    data = urlencode({"csrf_token": token_on(who, url), **form}).encode()
    return status(who, url, data)


def status(who: OpenerDirector, url: str, data: bytes | None = None) -> int:
    try:
        with who.open(url, data, timeout=20) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_both_processes_of_a_city_know_who_signed_in_and_count_tries_together(
    city: dict[str, str],
) -> None:
    with serve(city) as address, run(
        "flask", "--app", "wsgi", "jobs", "run", **city, PUBLIC_URL=address
    ):  # fmt: skip
        register(address)
        letter = mail_in(Path(city["INSTANCE_DIR"]) / "mail")
        link = re.search(rf"{address}/confirm/\S+", letter)
        assert link is not None
        olga = browser()
        assert send(olga, link[0]) == 200
        assert send(olga, f"{address}/login", email="olga@example.org", password=PASSWORD) == 200

        def guess(number: int) -> int:
            form = {"email": f"guess{number}@example.org", "password": "guess"}
            return send(browser(), f"{address}/login", **form)

        with ThreadPoolExecutor(8) as crowd:
            seen = list(crowd.map(lambda _: status(olga, f"{address}/account"), range(24)))
            tries = list(crowd.map(guess, range(30)))
        kept = Redis.from_url(city["REDIS_URL"]).keys("*LIMITER*")

    assert seen == [200] * 24
    # Olga's own sign-in came from the same place.
    assert (tries.count(422), tries.count(429)) == (19, 11)
    assert kept
