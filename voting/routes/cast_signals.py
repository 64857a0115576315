"""Noticing how ballots come in, after each is in the box and before its voter is answered.

Nothing here asks the database in a request: a cast has been committed, and another transaction
would hold others up. A thread of this process writes down what has gathered, when that of enough
voters has, and the rest once voting is over.
"""

import threading
from collections.abc import Sequence

import structlog
from flask import Flask, Response, current_app, request, session
from sqlalchemy.exc import SQLAlchemyError

from core import clock
from core.database import db, only_reading
from voting import link_keys, sealing
from voting.cast_signals import ACCOUNT, SINGLE, Gathered, Origin, Row, own_network
from voting.queries.signals import closed_among
from voting.services.signals import write_signals

log = structlog.get_logger("voting")
SECONDS_BETWEEN = 300.0
CAST = "voting.ballots.cast"


class Watch:
    """The counters of this process, and the thread that writes them down while there are any."""

    def __init__(self, app: Flask) -> None:
        self.gathered = Gathered()
        self._app = app
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def look(self, *, now: bool) -> None:
        """Has the thread look, now or in some minutes. Where jobs are immediate there is none."""
        if self._app.extensions["jobs_mode"] == "immediate":
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="signals", daemon=True)
                self._thread.start()
        if now:
            self._wake.set()

    def _run(self) -> None:
        while not self._is_done():
            self._wake.wait(SECONDS_BETWEEN)
            self._wake.clear()
            with self._app.app_context():
                write_out()

    def _is_done(self) -> bool:
        """Whoever counts next finds either this thread still looking, or none."""
        with self._lock:
            if self.gathered.contests():
                return False
            self._thread = None
            return True


def init_app(app: Flask) -> None:
    app.extensions["cast_signals"] = Watch(app)


def note_cast(contest_ref: str, *, changed: bool) -> None:
    """A ballot of this request is in the box."""
    watch, at = _watch(), clock.now()
    voters = watch.gathered.cast(contest_ref, _origin(contest_ref), at=at, changed=changed)
    watch.look(now=voters >= _least())


def note_sign_in(contest_refs: Sequence[str]) -> None:
    """A code opened these papers."""
    watch, at = _watch(), clock.now()
    for ref in contest_refs:
        watch.gathered.sign_in(ref, _origin(ref), at=at)
    watch.look(now=False)


def note_fault(response: Response) -> Response:
    """After every request of a ballot: whether it was not taken because of us."""
    if request.endpoint == CAST and response.status_code >= 500:
        watch = _watch()
        watch.gathered.fault((request.view_args or {})["contest_ref"], at=clock.now())
        watch.look(now=False)
    return response


def write_out() -> None:
    """Writes down what may leave this process's memory. What cannot be written waits in it."""
    gathered = _watch().gathered
    rows: list[Row] = []
    try:
        with only_reading():
            closed = closed_among(gathered.contests(), clock.now())
            db.session.rollback()
        rows = gathered.take(_least(), closed)
        write_signals(rows)
        db.session.commit()
    except SQLAlchemyError as error:
        db.session.rollback()
        gathered.give_back(rows, _least())
        log.warning("signals wait to be written", reason=type(error).__name__)


def _watch() -> Watch:
    watch: Watch = current_app.extensions["cast_signals"]
    return watch


def _least() -> int:
    least: int = current_app.config["SETTINGS"].log_batch_least
    return least


def _origin(contest_ref: str) -> Origin:
    """Told from the session's cookie and the address that asks; no table is read."""
    batch = ACCOUNT if session.get("_user_id") else session.get("letter_batch", SINGLE)
    try:
        key = link_keys.read(contest_ref)
    except link_keys.LinkKeyMissing:
        return Origin(None, batch)
    return Origin(sealing.network_mark(key, contest_ref, own_network(request.remote_addr)), batch)
