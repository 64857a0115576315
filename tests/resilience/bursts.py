"""Bursts of casts and changes, each struck at a random moment: processes killed without warning."""

import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field

from sqlalchemy import func, select

from core import clock
from core.database import db
from tests.resilience.box import Box, Ranking, Voter, stored_rankings
from tests.resilience.clients import (
    BROKEN,
    LONGEST_TRYING,
    PAUSE,
    Client,
    Crowd,
    NeverAnswered,
    numbers,
)
from tests.resilience.closing import close_and_count
from tests.resilience.history import History, Outcome, Verdict
from tests.resilience.server import CORRECT, Server, serve
from voting.jobs import append_due_batches
from voting.models import Leaf

CLIENTS = 8
LONGEST_DELAY = 0.4  # seconds between enough casts and the blow
Strike = Callable[[Server], object]


@dataclass
class Bursts:
    """What was seen: what the clients were told, what lay in the box after each blow, what was
    counted in the end, and how long nobody could cast.

    `denied_stored`: ballots in the box of which their voters were told that they were not counted.
    """

    history: History
    blows: int = 0
    after_blows: list[Verdict] = field(default_factory=list)
    counted: Verdict | None = None
    silences: list[float] = field(default_factory=list)
    unknown_stored: int = 0
    denied_stored: int = 0
    other_receipts: int = 0
    leaves: int = 0

    @property
    def holds(self) -> bool:
        assert self.counted is not None
        verdicts = [*self.after_blows, self.counted]
        return (
            all(verdict.holds for verdict in verdicts)
            and not self.other_receipts
            and not self.denied_stored
            and set(self.refusals) <= {503}
            and self.leaves == self.acknowledged_ballots
        )

    @property
    def refusals(self) -> Counter[int]:
        """How often each status was answered that took no ballot."""
        refused = (each for each in self.history.attempts if each.outcome is Outcome.REFUSED)
        return Counter(each.status for each in refused)

    @property
    def acknowledged_ballots(self) -> int:
        """Every ballot that was ever acknowledged has one leaf in the log, however often sent."""
        attempts = self.history.attempts
        return len({each.ranking for each in attempts if each.outcome is Outcome.ACKNOWLEDGED})

    def __str__(self) -> str:
        told = {outcome.value: self.history.number_of(outcome) for outcome in Outcome}
        wrong = [str(verdict) for verdict in self.after_blows if not verdict.holds]
        return (
            f"{self.blows} blows; attempts: {told}; refused with {dict(self.refusals)}; of the "
            f"unknown {self.unknown_stored} had been stored, of those denied {self.denied_stored}; "
            f"other receipt on a retry: {self.other_receipts}; wrong after a blow: "
            f"{wrong or 'never'}; {self.leaves} leaves in the log for {self.acknowledged_ballots} "
            f"acknowledged ballots; counted: {self.counted}; first cast after a blow within "
            f"{statistics.median(self.silences):.1f} s (worst {max(self.silences):.1f} s)"
        )


def strike_in_bursts(
    box: Box,
    strike: Strike,
    *,
    blows: int,
    casts_each: int,
    defect: str = CORRECT,
) -> Bursts:
    """Casts and changes without pause; strikes; lets each client settle what it had under way.

    After each blow the box is held against what the clients were told, before anybody casts again
    and covers a loss; after the last one the contest is closed and its count is held against it.
    """
    seen, sequence = Bursts(History()), numbers()
    with serve(box, defect=defect) as server:
        for _ in range(blows):
            clients = [_Client(box, server, seen, sequence) for _ in range(CLIENTS)]
            _one_burst(seen, server, clients, strike, casts_each)
            seen.after_blows.append(seen.history.judge(stored_rankings(box)))
            append_due_batches(clock.now())
    seen.counted = seen.history.judge(close_and_count(box))
    leaves = select(func.count()).select_from(Leaf).where(Leaf.contest_id == box.contest_id)
    seen.leaves = db.session.scalar(leaves) or 0
    return seen


def kill_database(box: Box, *, away: float = 0.5) -> Strike:
    """PostgreSQL dies with all its processes, and is started again after so many seconds."""

    def strike(_server: Server) -> None:
        assert box.postgres is not None
        box.postgres.kill()
        time.sleep(away)
        box.postgres.start()

    return strike


def _one_burst(
    seen: Bursts, server: Server, clients: list["_Client"], strike: Strike, casts: int
) -> None:
    before, stop = seen.history.number_of(Outcome.ACKNOWLEDGED), threading.Event()
    crowd = Crowd([client.cast_until(stop, number) for number, client in enumerate(clients)])
    while seen.history.number_of(Outcome.ACKNOWLEDGED) < before + casts and crowd.works:
        time.sleep(0.02)
    time.sleep(random.uniform(0, LONGEST_DELAY))
    struck = time.monotonic()
    stop.set()
    strike(server)
    seen.blows += 1
    crowd.wait()
    settled = [client.settled_at for client in clients if client.settled_at > struck]
    seen.silences.append(min(settled, default=struck) - struck)


class _Client(Client):
    """A client that settles whatever it is left unsure of, and notes what it learnt."""

    def __init__(self, box: Box, server: Server, seen: Bursts, sequence: object) -> None:
        super().__init__(box, server, seen.history, sequence)  # type: ignore[arg-type]
        self.seen, self.settled_at, self.looks_first = seen, 0.0, False

    def cast_until(self, stop: threading.Event, number: int) -> Callable[[], None]:
        """Of those that were refused every second looks into the box before it tries again; the
        others try at once, also while the database is away."""
        mine, self.looks_first = self.box.voters[number::CLIENTS], number % 2 == 0

        def cast() -> None:
            turn = random.randrange(len(mine))
            with closing(self):
                while not stop.is_set():
                    self._cast_and_settle(mine[turn % len(mine)])
                    turn += 1

        return cast

    def _cast_and_settle(self, voter: Voter) -> None:
        key, ranking = self.box.new_key(voter), self.next_ranking()
        first = self.send(voter, key, ranking)
        if first.outcome is not Outcome.ACKNOWLEDGED:
            is_unknown = first.outcome is Outcome.UNKNOWN
            if (is_unknown or self.looks_first) and self.is_stored(ranking):
                self.seen.unknown_stored += is_unknown
                self.seen.denied_stored += first.denied
            self.send_until_acknowledged(voter, key, ranking)
            self.settled_at = time.monotonic()
            codes = {self._receipt_surely(voter, key, ranking) for _ in range(2)}
            if len(codes) > 1 or "" in codes:
                self.seen.other_receipts += 1

    def _receipt_surely(self, voter: Voter, key: str, ranking: Ranking) -> str:
        """The blow may fall just while she asks for her receipt: then she asks again."""
        gives_up_at = time.monotonic() + LONGEST_TRYING
        while time.monotonic() < gives_up_at:
            with suppress(*BROKEN):
                return self.receipt(voter, key, ranking)
            time.sleep(PAUSE)
        raise NeverAnswered("No receipt was ever shown.")
