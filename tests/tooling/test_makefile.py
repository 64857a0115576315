"""The Makefile: what it offers, where it serves, and that stopping it stops the server."""

import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.harness.server import LOOPBACK, ROOT, free_port, wait_until_served

SERVER = """
    import http.server, os, pathlib, sys
    pathlib.Path(sys.argv[1]).write_text(str(os.getpid()))
    address = (os.environ["HOST"], int(os.environ["PORT"]))
    http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()
"""
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start_demo(tmp_path: Path) -> Iterator[Start]:
    """Starts `make demo` with a small server in place of ours, as from a terminal."""
    (tmp_path / "server.py").write_text(textwrap.dedent(SERVER))
    started: list[subprocess.Popen[bytes]] = []

    def start(*words: str, **environment: str) -> "subprocess.Popen[bytes]":
        command = ["make", "-o", ".venv/.runtime-installed", "demo", *words]
        command.append(f"DEMO={sys.executable} {tmp_path}/server.py {tmp_path}/pid")
        clean = {name: value for name, value in os.environ.items() if name not in {"HOST", "PORT"}}
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean | environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def test_make_alone_says_what_there_is_to_type() -> None:
    shown = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    offered = set(re.findall(r"^  make ([a-z-]+) +\S", shown, re.MULTILINE))
    assert {
        "demo", "demo-fresh", "test", "check", "bench", "lock", "screenshots", "translations",
        "format", "resilience",
    } <= offered  # fmt: skip


@pytest.mark.parametrize("by", ["command line", "environment"])
def test_the_newcomer_chooses_the_port(start_demo: Start, by: str) -> None:
    port = str(free_port())
    process = start_demo(f"PORT={port}") if by == "command line" else start_demo(PORT=port)

    wait_until_served(f"http://{LOOPBACK}:{port}/", process)


def test_terminating_make_ends_the_server(start_demo: Start, tmp_path: Path) -> None:
    process, server = served(start_demo, tmp_path)

    process.terminate()
    process.wait(timeout=60)

    assert not runs(server)


def test_ctrl_c_ends_the_server(start_demo: Start, tmp_path: Path) -> None:
    process, server = served(start_demo, tmp_path)

    os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it: to all of the group
    process.wait(timeout=60)

    assert not runs(server)


def test_no_shell_stands_between_make_and_the_server(start_demo: Start, tmp_path: Path) -> None:
    process, server = served(start_demo, tmp_path)

    parent = Path(f"/proc/{server}/stat").read_text().rpartition(")")[2].split()[1]
    assert int(parent) == process.pid


def served(start_demo: Start, folder: Path) -> tuple["subprocess.Popen[bytes]", int]:
    """Make and the server's process id, once it answers."""
    port = free_port()
    process = start_demo(f"PORT={port}")
    address = f"http://{LOOPBACK}:{port}/"
    wait_until_served(address, process)
    with urllib.request.urlopen(address) as answer:
        assert answer.status == 200
    return process, int((folder / "pid").read_text())


def runs(process_id: int) -> bool:
    """Whether the process still runs, after a moment to end."""
    for _ in range(50):
        try:
            state = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return False
        if state == "Z":
            return False
        time.sleep(0.1)
    return True
