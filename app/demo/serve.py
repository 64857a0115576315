"""Where the demonstration is served, and how."""

import os
import socket
import sys

MOST_PORT = 65_535


def address() -> tuple[str, int]:
    """HOST and PORT from the environment; 127.0.0.1 and 8000 where they are not set."""
    host = os.environ.get("HOST") or "127.0.0.1"
    port = os.environ.get("PORT") or "8000"
    if not port.isascii() or not port.isdigit() or not 0 < int(port) <= MOST_PORT:
        sys.exit(f"PORT must be a number from 1 to {MOST_PORT}, not {port!r}.")
    return host, int(port)


def refuse_busy(host: str, port: int) -> None:
    """Ends with one sentence where the address cannot be served."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        sys.exit(f"HOST {host!r} is no address of this machine.")
    family, kind, protocol, _, place = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(place)
        except OSError as error:
            sys.exit(
                f"Port {port} on {host} cannot be used: {error.strerror}. Try PORT={port + 1}."
            )


def run(host: str, port: int) -> None:
    """Becomes the web server: it gets the signals, and nothing is left behind when it ends."""
    sys.stdout.flush()
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    arguments = ["-m", "gunicorn", "--config", "gunicorn.conf.py", "--bind", bind, "wsgi:app"]
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606  (no shell is wanted)
