"""A load of requests from one process of its own, over connections that stay open."""

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


def requests_per_second(port: int, request: Request, *, seconds: float, connections: int) -> float:
    """How many such requests the server answers, as one client process with threads sees it.

    Raises RuntimeError where an answer has not the expected status.
    """
    answers: Queue[tuple[int, float, str]] = multiprocessing.Queue()
    process = multiprocessing.Process(
        target=_client, args=(port, request, seconds, connections, answers)
    )
    process.start()
    done, took, trouble = answers.get(timeout=seconds * 10 + 60)
    process.join()
    if trouble:
        raise RuntimeError(f"{request.path}: {trouble}")
    return done / took


def _client(
    port: int,
    request: Request,
    seconds: float,
    connections: int,
    answers: "Queue[tuple[int, float, str]]",
) -> None:
    counts, troubles = [0] * connections, [""] * connections
    ends = time.perf_counter() + seconds

    def work(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        send = _sender(connection, request, number, connections)
        while time.perf_counter() < ends and not troubles[number]:
            status = send(counts[number])
            if status != request.expected:
                troubles[number] = f"answered {status}, not {request.expected}"
            counts[number] += 1
        connection.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trouble = next((trouble for trouble in troubles if trouble), "")
    answers.put((sum(counts), time.perf_counter() - started, trouble))


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
