"""Clients that cast: one ballot at a time, each noted in the history before it is sent."""

import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from core.database import db, only_reading
from tests.harness.server import LOOPBACK
from tests.resilience.box import Box, Ranking, Voter, ranking_number
from tests.resilience.history import Attempt, History, Outcome
from tests.resilience.server import Server
from voting.counting.ranking import pack_ranking
from voting.models import Ballot

BROKEN = (OSError, http.client.HTTPException)
LONGEST_TRYING = 120  # seconds: workers that were killed must first be loaded anew
PAUSE = 0.2
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DENIAL = "was not counted"
CODE = re.compile(r"data-copy=\"([A-Z2-7]{28})\"")


class NeverAnswered(AssertionError):
    """The server did not take a ballot however often it was sent."""


@dataclass(frozen=True)
class Answer:
    """What came back for a cast."""

    status: int
    cookies: str
    body: str


@dataclass
class Client:
    """A browser that keeps its connection open until it breaks."""

    box: Box
    server: Server
    history: History
    numbers: Iterator[int]
    patience: float = 30

    def __post_init__(self) -> None:
        self._connection = self._connect()

    def cast(self, voter: Voter) -> Attempt:
        """Casts once, with a new key and a ranking that nobody sent before."""
        return self.send(voter, self.box.new_key(voter), self.next_ranking())

    def cast_surely(self, voter: Voter) -> None:
        """Casts, and sends the same form again until it is acknowledged."""
        self.send_until_acknowledged(voter, self.box.new_key(voter), self.next_ranking())

    def next_ranking(self) -> Ranking:
        return ranking_number(next(self.numbers), self.box.options)

    def send_until_acknowledged(self, voter: Voter, key: str, ranking: Ranking) -> None:
        gives_up_at = time.monotonic() + LONGEST_TRYING
        while time.monotonic() < gives_up_at:
            if self.send(voter, key, ranking).outcome is Outcome.ACKNOWLEDGED:
                return
            time.sleep(PAUSE)
        last = self.post(voter, key, ranking)
        raise NeverAnswered(f"A ballot was never taken; the last answer was {last.status}.")

    def is_stored(self, ranking: Ranking) -> bool:
        """Whether the box holds it, asked of the database itself as soon as that answers."""
        packed = pack_ranking(ranking, self.box.options)
        found = select(Ballot.id).where(Ballot.ranking == packed)
        gives_up_at = time.monotonic() + LONGEST_TRYING
        while time.monotonic() < gives_up_at:
            with suppress(OperationalError), only_reading(), self.box.app.app_context():
                return db.session.scalar(found) is not None
            time.sleep(PAUSE)
        raise NeverAnswered("The database did not come back.")

    def send(self, voter: Voter, key: str, ranking: Ranking) -> Attempt:
        """One attempt, noted. What breaks the connection leaves it unknown."""
        attempt = self.history.begin(voter.number, ranking)
        with suppress(*BROKEN):
            answer = self.post(voter, key, ranking)
            acknowledged = answer.status == 303
            attempt.status, attempt.denied = answer.status, DENIAL in answer.body
            attempt.outcome = Outcome.ACKNOWLEDGED if acknowledged else Outcome.REFUSED
        return attempt

    def post(self, voter: Voter, key: str, ranking: Ranking) -> Answer:
        """Sends the form and reads the answer, with nothing noted."""
        form = self.box.form(voter, key, ranking)
        return self._ask("POST", self.box.address, form, {"Cookie": voter.cookie, **FORM})

    def send_form(self, path: str, fields: dict[str, str], cookie: str) -> Answer:
        """Posts any other form."""
        return self._ask("POST", path, urlencode(fields).encode(), {"Cookie": cookie, **FORM})

    def get(self, path: str, cookie: str = "") -> Answer:
        return self._ask("GET", path, None, {"Cookie": cookie} if cookie else {})

    def receipt(self, voter: Voter, key: str, ranking: Ranking) -> str:
        """Casts, and reads the code of the receipt from the page that follows; empty if none."""
        answer = self.post(voter, key, ranking)
        assert answer.status == 303, f"Answered {answer.status}."
        cookie = answer.cookies or voter.cookie
        page = self.get(f"/ballots/{self.box.contest_ref}/receipt", cookie)
        found = CODE.search(page.body)
        return found[1] if found else ""

    def post_and_hang_up(self, voter: Voter, key: str, ranking: Ranking) -> None:
        """Sends the form and is gone before the answer, as a telephone in a tunnel."""
        headers, form = {"Cookie": voter.cookie, **FORM}, self.box.form(voter, key, ranking)
        self._connection.request("POST", self.box.address, form, headers)
        self.close()

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            text = answer.read().decode()
        except BROKEN:
            self.close()
            self._connection = self._connect()
            raise
        cookies = "; ".join(line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", []))
        return Answer(answer.status, cookies, text)

    def _connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(LOOPBACK, self.server.port, timeout=self.patience)


def numbers() -> Iterator[int]:
    """Numbers for rankings, for any number of clients: taking the next one is atomic."""
    return count()


class Crowd:
    """Tasks at work, each in a thread. What went wrong in one is raised when it is waited for."""

    def __init__(self, tasks: list[Callable[[], None]]) -> None:
        self._errors: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._run, args=(task,), daemon=True) for task in tasks
        ]
        for thread in self._threads:
            thread.start()

    def wait(self, seconds: float = 600) -> None:
        deadline = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if self._errors:
            raise self._errors[0]
        assert not any(thread.is_alive() for thread in self._threads), "Some never ended."

    @property
    def works(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def _run(self, task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001  (whatever it is, the test shall see it)
            self._errors.append(error)
