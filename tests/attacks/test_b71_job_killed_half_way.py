"""B71: the job that destroys a link key is started twice, or killed half way: it ends the same."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from core import clock, jobs
from core.audit import AuditEntry
from tests.harness.world import World
from tests.transparency import decided
from tests.voting.letter_voters import on_the_roll
from voting import link_keys, sealing
from voting.models import Ballot, Contest, RollMark, SealedBallot
from voting.services.ballots import cast_ballot
from voting.services.closing import DESTROY_LINK_KEY, destroy_link_key, seal_contest


@pytest.fixture
def sealed(db: SQLAlchemy, world: World) -> str:
    decided.seal(world.city_contest, [[1]])
    db.session.commit()
    return world.city_contest.ref


@pytest.mark.attack("B71")
def test_twice_is_as_once(sealed: str) -> None:
    """B71: the second run finds nothing to do."""
    destroy_link_key(sealed)
    destroy_link_key(sealed)
    assert not link_keys.exists(sealed)


@pytest.mark.attack("B71")
def test_what_was_killed_half_way_is_done_when_its_time_comes_again(
    db: SQLAlchemy, sealed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B71: half a key opens nothing, and the rest of it goes."""
    key = link_keys.read(sealed)

    def killed(_path: Path, missing_ok: bool = False) -> None:
        raise OSError("killed")

    at = clock.now()
    jobs.enqueue(DESTROY_LINK_KEY, at, contest_ref=sealed)
    db.session.commit()
    with monkeypatch.context() as dying:
        dying.setattr(Path, "unlink", killed)
        assert jobs.run_due(at) == 0
    assert link_keys.exists(sealed)
    assert link_keys.read(sealed) != key, "what is left of it opens nothing"

    assert jobs.run_due(at + jobs.LEASE) == 1
    assert not link_keys.exists(sealed)


@pytest.mark.attack("B71")
def test_two_officers_who_close_at_once_close_once(
    app: Flask, db: SQLAlchemy, world: World
) -> None:
    """B71: each ballot is sealed once, each voter marked once, whoever was first."""
    contest, at = world.city_contest, clock.now() + timedelta(days=30)
    for each in range(30):
        voter = on_the_roll(world.riverside, f"REG {each:04}")
        cast_ballot(contest, voter, ["0-1"], sealing.new_form_key(), at=clock.now())
    number = contest.id
    db.session.commit()
    start, troubles = threading.Barrier(2), list[str]()

    def close() -> None:
        with app.app_context():
            start.wait()
            try:
                seal_contest(db.session.get_one(Contest, number), at=at)
                db.session.commit()
            except Exception as error:  # noqa: BLE001  (whatever it is, it is listed)
                troubles.append(repr(error))

    officers = [threading.Thread(target=close) for _ in range(2)]
    for officer in officers:
        officer.start()
    for officer in officers:
        officer.join()

    db.session.rollback()
    sums = [
        db.session.scalar(select(func.count()).select_from(kind))
        for kind in (Ballot, SealedBallot, RollMark)
    ]
    assert (troubles, sums) == ([], [0, 30, 30])
    sealings = select(AuditEntry.id).where(AuditEntry.act == "seal_contest")
    assert len(db.session.scalars(sealings).all()) == 1
