"""Servers on a loopback port: one in a thread of the test, one as it is run in a city.

The thread shares the test's application and clock, which suits browser journeys. The process is
gunicorn with its own memory, which suits what must hold between processes.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"


@contextmanager
def serve_in_thread(app: Flask) -> Iterator[str]:
    """Serves the application and yields its address, such as http://127.0.0.1:40123."""
    server = make_server(LOOPBACK, 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="test server", daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def serve_with_gunicorn(
    settings: dict[str, str], *, workers: int = 1, threads: int = 4
) -> Iterator[str]:
    """Serves wsgi:app in processes of their own, with these environment variables."""
    port = free_port()
    address = f"http://{LOOPBACK}:{port}"
    command = [sys.executable, "-m", "gunicorn", "wsgi:app", "--bind", f"{LOOPBACK}:{port}"]
    command += ["--workers", str(workers), "--threads", str(threads)]
    command += ["--worker-class", "gthread", "--no-control-socket", "--log-level", "warning"]
    environment = {**os.environ, **settings, "PUBLIC_URL": address}
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        wait_until_served(f"{address}/health", process)
        yield address
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Ends a process, leader of its group, as an administrator does."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_served(url: str, process: "subprocess.Popen[bytes]", *, seconds: float = 30) -> None:
    """Returns when the address answers at all; fails if the process ends or time runs out."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        assert process.poll() is None, f"The server ended with exit code {process.returncode}."
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"Nothing answered at {url} for {seconds:g} seconds.")


def wait_until(ready: Callable[[], bool], what: str, *, seconds: float = 120) -> None:
    """Returns when the condition holds; fails, naming it, when time runs out."""
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline, f"Not within {seconds:g} seconds: {what}."
        time.sleep(0.02)
