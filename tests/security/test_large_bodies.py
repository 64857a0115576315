"""Bodies that are too large, too many or never end, sent to a server as a city runs it."""

import os
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.harness.databases import SqliteDatabases
from tests.harness.server import serve_with_gunicorn

MIB = 1024 * 1024


@pytest.fixture(scope="module")
def server(
    sqlite_databases: SqliteDatabases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("served")
    with sqlite_databases.fresh(folder) as address:
        settings = {"INSTANCE_DIR": str(folder / "instance"), "DATABASE_URL": address}
        with serve_with_gunicorn(settings | {"CHEAP_PASSWORDS": "1"}) as url:
            yield url
    shutil.rmtree(folder, ignore_errors=True)


def send(server: str, head: str, chunks: Iterator[bytes]) -> tuple[int, float]:
    """Sends until the server answers or hangs up; the status and how long it took."""
    host, port = urlsplit(server).hostname, urlsplit(server).port
    began = time.monotonic()
    with socket.create_connection((host, port), timeout=20) as line:
        line.sendall(f"POST /login HTTP/1.1\r\nHost: {host}:{port}\r\n{head}\r\n\r\n".encode())
        line.setblocking(False)
        answer = b""
        for chunk in chunks:
            try:
                line.setblocking(True)
                line.settimeout(5)
                line.sendall(chunk)
                line.setblocking(False)
                answer = line.recv(65_536)
            except BlockingIOError:
                continue
            except (ConnectionError, TimeoutError):
                break
            if answer:
                break
        if not answer:
            line.settimeout(10)
            try:
                answer = line.recv(65_536)
            except ConnectionError:
                answer = b"HTTP/1.1 000"
    return int(answer.split()[1] if answer else 0), time.monotonic() - began


def memory(server: str) -> int:
    """What all processes of this server hold in memory, in bytes."""
    port = str(urlsplit(server).port)
    total = 0
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_bytes().decode()
        except (OSError, UnicodeDecodeError):
            continue
        if "gunicorn" in command and f":{port}" in command:
            pages = int((process / "statm").read_text().split()[1])
            total += pages * os.sysconf("SC_PAGE_SIZE")
    assert total > 0
    return total


@pytest.mark.slow
@pytest.mark.parametrize(
    "head",
    [
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {100 * MIB}",
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {100 * MIB}",
        f"Content-Type: application/json\r\nContent-Length: {100 * MIB}",
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked",
    ],
    ids=["form", "multipart", "json", "endless"],
)
def test_a_hundred_megabytes_are_refused_fast_and_fill_no_memory(server: str, head: str) -> None:
    before = memory(server)
    chunked = "chunked" in head
    piece = b"a" * 65_536
    chunk = b"10000\r\n" + piece + b"\r\n" if chunked else piece

    status, seconds = send(server, head, (chunk for _ in range(1_600)))

    # A body without a stated length is not read at all.
    assert status == (411 if chunked else 413)
    assert seconds < 5
    assert memory(server) - before < 50 * MIB


@pytest.mark.slow
def test_a_form_of_one_huge_field_is_refused(server: str) -> None:
    body = b"email=" + b"a" * (50 * MIB)
    head = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}"

    status, seconds = send(
        server, head, (body[n : n + 65_536] for n in range(0, len(body), 65_536))
    )

    assert status == 413
    assert seconds < 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", [f"Cookie: purse={'x' * 200_000}", f"Cookie: {'a=b; ' * 20_000}", "X: y\r\n" * 5_000]
)
def test_heads_without_end_are_refused_and_tell_nothing_of_the_machine(
    server: str, line: str
) -> None:
    host, port = urlsplit(server).hostname, urlsplit(server).port
    with socket.create_connection((host, port), timeout=20) as connection:
        request = f"GET / HTTP/1.1\r\nHost: {host}:{port}\r\n{line.strip()}\r\n\r\n"
        connection.sendall(request.encode())
        answer = connection.recv(65_536).decode()

    assert answer.split()[1] in {"400", "431"}
    assert "Traceback" not in answer


@pytest.mark.slow
def test_ten_thousand_parts_are_refused_fast(server: str) -> None:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="a%d"\r\n\r\n1\r\n' % n for n in range(10_000)
    )
    body = parts + b"--x--\r\n"
    head = f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}"

    status, seconds = send(server, head, iter([body]))

    assert status == 413
    assert seconds < 5


@pytest.mark.slow
def test_a_body_just_within_the_limit_is_read_in_good_time(server: str) -> None:
    """Two megabytes of the worst letters: many marks, many fields, many percent signs."""
    for unit in (b"%CC%95%CC%80", b"a=1&", b"%F0%9F%8C%B3", "\u0315\u0300".encode(), b"+"):
        body = (b"email=" + unit * MIB)[: 2 * MIB - 2_000]
        head = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}"

        status, seconds = send(server, head, iter([body]))

        assert status in {400, 413, 422}, unit
        assert seconds < 8, unit
