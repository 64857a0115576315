"""What is noticed of casting, in the memory of one process: counters, and never people.

A counter is of a contest and an hour, and either of a network or of a batch of letters, never of
both, so that no two of them together narrow a person down. What a row written with a ballot would
tell, nothing here can: counters leave this memory only when those of many voters have gathered, or
when voting is over. A process that dies takes up to that many with it; they are signals, not
ballots.
"""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from threading import Lock

from core.networks import network_of

NETWORK, BATCH, FAULT = "network", "batch", "fault"
ACCOUNT, SINGLE = "account", "single"
"""Marks of kind BATCH where there is none: an account, or a code that came in no large batch."""
LEAST_BATCH = 20
"""Of fewer letters a batch is not told from others: it could stand for a person."""
MOST_IN_A_SECOND = 2
MOST_CONTESTS = 1_000
"""While the database is away nobody can say whether a contest is one."""


@dataclass(frozen=True, order=True)
class Place:
    """What is counted together. `mark` is an HMAC of a network, the ref of a batch, or empty."""

    contest_ref: str
    hour: datetime
    kind: str
    mark: str


@dataclass
class Counters:
    """`changes` are among `casts`; `same_second` counts seconds with more casts than usual."""

    casts: int = 0
    changes: int = 0
    sign_ins: int = 0
    same_second: int = 0
    faults: int = 0

    def add(self, other: "Counters") -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


Row = tuple[Place, Counters]


@dataclass(frozen=True)
class Origin:
    """Where a voter comes from. `network` is None where no key is there to make its HMAC with."""

    network: str | None
    batch: str


class Gathered:
    """The counters of one process, for all of its threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rows: dict[str, dict[Place, Counters]] = {}
        self._voters: dict[str, int] = {}
        self._second: datetime | None = None
        self._in_second: dict[tuple[str, str], int] = {}

    def cast(self, contest_ref: str, origin: Origin, *, at: datetime, changed: bool) -> int:
        """Counts a ballot; answers of how many voters there is news of this contest."""
        with self._lock:
            often = self._is_often(contest_ref, origin, at)
            for place in _places(contest_ref, origin, at):
                seconds = int(often and place.kind == NETWORK)
                self._add(place, Counters(casts=1, changes=int(changed), same_second=seconds))
            voters = self._voters.get(contest_ref, 0) + int(not changed)
            self._voters[contest_ref] = voters
            return voters

    def sign_in(self, contest_ref: str, origin: Origin, *, at: datetime) -> None:
        """Counts a code that opened the papers of this contest."""
        with self._lock:
            for place in _places(contest_ref, origin, at):
                self._add(place, Counters(sign_ins=1))

    def fault(self, contest_ref: str, *, at: datetime) -> None:
        """Counts a ballot that was not taken because something of ours did not work."""
        with self._lock:
            if contest_ref in self._rows or len(self._rows) < MOST_CONTESTS:
                self._add(Place(contest_ref, coarse(at), FAULT, ""), Counters(faults=1))

    def contests(self) -> list[str]:
        """The contests of which there is news."""
        with self._lock:
            return sorted(self._rows)

    def take(self, least: int, closed: Iterable[str]) -> list[Row]:
        """What may leave: all of contests with so many voters, or closed; of others the faults.

        In the order of the marks, which are as good as drawn by lot: not that of the casts.
        """
        with self._lock:
            whole = {ref for ref, voters in self._voters.items() if voters >= least} | set(closed)
            taken: list[Row] = []
            for ref, rows in list(self._rows.items()):
                going = [each for each in rows if ref in whole or each.kind == FAULT]
                taken += [(place, rows.pop(place)) for place in going]
                if not rows:
                    del self._rows[ref]
            for ref in whole:
                self._voters.pop(ref, None)
            return sorted(taken, key=lambda row: row[0])

    def give_back(self, rows: Iterable[Row], voters: int) -> None:
        """Puts back what could not be written, to be tried again. `voters`: as if of so many."""
        with self._lock:
            for place, counters in rows:
                self._add(place, counters)
                if place.kind != FAULT:
                    self._voters[place.contest_ref] = voters

    def _is_often(self, contest_ref: str, origin: Origin, at: datetime) -> bool:
        """Whether with this cast its network has more in this second than is usual."""
        second = at.replace(microsecond=0)
        if second != self._second:
            self._second, self._in_second = second, {}
        if origin.network is None:
            return False
        key = (contest_ref, origin.network)
        self._in_second[key] = self._in_second.get(key, 0) + 1
        return self._in_second[key] == MOST_IN_A_SECOND + 1

    def _add(self, place: Place, counters: Counters) -> None:
        self._rows.setdefault(place.contest_ref, {}).setdefault(place, Counters()).add(counters)


def coarse(at: datetime) -> datetime:
    """The full hour before: nothing finer is kept."""
    return at.replace(minute=0, second=0, microsecond=0)


def own_network(address: str | None) -> str:
    """The network in which an address lies: /24 for IPv4, /64 for IPv6, as whoever pays has one."""
    return network_of(address, of_4=24, of_6=64) or "unknown"


def _places(contest_ref: str, origin: Origin, at: datetime) -> list[Place]:
    hour = coarse(at)
    places = [Place(contest_ref, hour, BATCH, origin.batch)]
    if origin.network is not None:
        places.append(Place(contest_ref, hour, NETWORK, origin.network))
    return places
