"""Says that the ballot is in the box, and puts it there a moment later."""

import io
import queue
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

from wsgi import app as product

Environ = dict[str, Any]
DELAY = 0.05  # seconds for which a ballot lies in memory alone


class AnswersFirst:
    """In front of the application, as a queue that nobody thought about would be."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.waiting: queue.Queue[Environ] = queue.Queue()
        self.thread: threading.Thread | None = None

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not environ["PATH_INFO"].endswith("/casts"):
            return self.app(environ, start_response)
        if self.thread is None:
            self.thread = threading.Thread(target=self.put_into_the_box, daemon=True)
            self.thread.start()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.waiting.put({**environ, "wsgi.input": io.BytesIO(body)})
        start_response("303 See Other", [("Location", "/"), ("Content-Length", "0")])
        return []

    def put_into_the_box(self) -> None:
        while True:
            environ = self.waiting.get()
            time.sleep(DELAY)
            for _part in self.app(environ, lambda *_answer: lambda _body: None):
                pass


app = AnswersFirst(product)
