"""A load of requests from one process of its own, over connections that stay open.

The client's process counts what it is answered and how long each answer took.
"""

import http.client
import multiprocessing
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing.queues import Queue


@dataclass(frozen=True)
class Request:
    """One request, made again and again. `bodies` are posted in turn, one list per connection."""

    path: str
    headers: dict[str, str] = field(default_factory=dict)
    posts: Sequence[tuple[dict[str, str], str]] = ()
    expected: int = 200


@dataclass(frozen=True)
class Load:
    """How many were answered in how many seconds, and how long each answer took, in seconds."""

    answered: int
    seconds: float
    waits: list[float]

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds

    def percentile(self, share: float) -> float:
        """The wait that this share of all waits does not exceed."""
        return sorted(self.waits)[min(int(share * len(self.waits)), len(self.waits) - 1)]


def requests_per_second(port: int, request: Request, *, seconds: float, connections: int) -> float:
    """How many such requests the server answers, as one client process with threads sees it.

    Raises RuntimeError where an answer has not the expected status.
    """
    return put_under_load(port, request, seconds=seconds, connections=connections).per_second


def put_under_load(port: int, request: Request, *, seconds: float, connections: int) -> Load:
    """The same, with how long each answer took."""
    answers: Queue[tuple[list[float], float, str]] = multiprocessing.Queue()
    process = multiprocessing.Process(
        target=_client, args=(port, request, seconds, connections, answers)
    )
    process.start()
    waits, took, trouble = answers.get(timeout=seconds * 10 + 60)
    process.join()
    if trouble:
        raise RuntimeError(f"{request.path}: {trouble}")
    return Load(len(waits), took, waits)


def _client(
    port: int,
    request: Request,
    seconds: float,
    connections: int,
    answers: "Queue[tuple[list[float], float, str]]",
) -> None:
    waits: list[list[float]] = [[] for _ in range(connections)]
    troubles = [""] * connections
    ends = time.perf_counter() + seconds

    def work(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        send = _sender(connection, request, number, connections)
        while time.perf_counter() < ends and not troubles[number]:
            began = time.perf_counter()
            status = send(len(waits[number]))
            if status != request.expected:
                troubles[number] = f"answered {status}, not {request.expected}"
            waits[number].append(time.perf_counter() - began)
        connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trouble = next((trouble for trouble in troubles if trouble), "")
    answers.put(([wait for each in waits for wait in each], time.perf_counter() - started, trouble))


def _sender(
    connection: http.client.HTTPConnection, request: Request, number: int, connections: int
) -> Callable[[int], int]:
    mine = request.posts[number::connections]

    def send(turn: int) -> int:
        if mine:
            headers, body = mine[turn % len(mine)]
            connection.request("POST", request.path, body, {**request.headers, **headers})
        else:
            connection.request("GET", request.path, headers=request.headers)
        answer = connection.getresponse()
        answer.read()
        return answer.status

    return send
