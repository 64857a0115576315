"""B71: the job that destroys a link key is started twice, or killed half way: it ends the same."""

from pathlib import Path

import pytest
from flask_sqlalchemy import SQLAlchemy

from core import clock, jobs
from tests.harness.world import World
from tests.transparency import decided
from voting import link_keys
from voting.services.closing import DESTROY_LINK_KEY, destroy_link_key


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
