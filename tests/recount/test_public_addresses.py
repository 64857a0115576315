"""What an auditor fetched from the public addresses while people voted, against what came of it."""

import json
from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy

from core import clock as clocks
from tests.harness.client import BrowserLikeClient
from tests.harness.world import World
from tests.recount.verifying import verify
from tests.voting.log_voters import fill
from voting.models import Contest
from voting.services.closing import seal_contest

pytestmark = pytest.mark.sqlite


def fetch(client: BrowserLikeClient, contest: Contest, name: str) -> bytes:
    answer = client.get(f"/ballot-log/{contest.ref}/{name}")
    assert answer.status_code == 200, name
    return bytes(answer.data)


def fetch_all(client: BrowserLikeClient, contest: Contest) -> dict[str, bytes]:
    """Everything that is public of the log after closing, as the files of a bundle."""
    leaves: list[str] = []
    size = 1
    while len(leaves) < size:
        part = json.loads(fetch(client, contest, f"leaves.json?from={len(leaves)}"))
        leaves += part["leaves"]
        size = part["size"]
    files = {
        name: fetch(client, contest, name)
        for name in ("manifests.json", "heads.json", "closing.json")
    }
    return files | {"leaves.txt": "".join(f"{leaf}\n" for leaf in leaves).encode()}


def close(db: SQLAlchemy, contest: Contest) -> None:
    seal_contest(contest, at=clocks.now() + timedelta(days=60))
    db.session.commit()


def test_heads_that_were_kept_with_curl_are_still_in_the_log(
    clock: time_machine.Traveller, db: SQLAlchemy, client: BrowserLikeClient, world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("voting.routes.ballot_logs.AT_ONCE", 25)
    contest = world.city_contest
    kept = b""
    for number in range(3):
        fill(world, contest, first=number * 20)
        db.session.commit()
        clock.shift(timedelta(minutes=30))
        kept += fetch(client, contest, "head.json") * 2
    close(db, contest)

    files = fetch_all(client, contest)
    printed = json.loads(files["manifests.json"])[0]["document"]["log_key"]
    said = verify(files, "--key", printed, heads=kept, closing=files["closing.json"])

    assert said.code == 0, said.text
    assert "3 stored heads, all of them still in the log" in said.text
    assert "4 signed heads" in said.text
