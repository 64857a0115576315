"""A ballot log of a million leaves in the database: growing by a batch, proving, checking proofs.

`python -m benchmarks.ballot_log` fills an SQLite database with the log and then takes, again and
again: a batch of twenty that is appended and signed, a proof of inclusion, a proof of consistency,
and the checks of both. Each is told as a ratio to hashing every leaf and node of such a tree once,
which a log without stored nodes would do for each head; medians, with the least and the most.
"""

import hashlib
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import flask_migrate
from sqlalchemy import insert

from app import create_app
from benchmarks.measuring import ROOT
from budgets.models import Round
from config import Settings
from core import clock
from core.database import db
from voting.merkle import is_consistent, is_included
from voting.models import Contest, Leaf, WaitingLeaf
from voting.queries.log import newest_head, tree_of
from voting.services.log import append_batch, begin_log

LEAVES, BATCH, RUNS = 1_000_000, 20, 15
# At the most these parts of hashing the whole tree once.
TARGETS = {
    "a batch of 20, signed": 0.05,
    "proof of inclusion": 0.01,
    "proof of consistency": 0.01,
    "check of inclusion": 0.0005,
    "check of consistency": 0.0005,
}


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(instance_dir=Path(folder), mail_backend="locmem", jobs="worker"))
        with app.app_context():
            flask_migrate.upgrade(directory=str(ROOT / "migrations"))
            contest = fill()
            taken = {name: measure(contest, name) for name in TARGETS}
            whole = [seconds(hash_everything) for _ in range(3)]
            db.session.remove()
            db.engine.dispose()
    yardstick = statistics.median(whole)
    print(f"{LEAVES:,} leaves; hashing all of the tree once: {yardstick:.2f} s")
    reached = [tell(name, values, yardstick) for name, values in taken.items()]
    return 0 if all(reached) else 1


def fill() -> Contest:
    """A contest with a log of a million random leaves, appended as one batch."""
    at = clock.now()
    round_ = Round(ref="r", name="R", summary="", currency="EUR", total_minor=1, created_at=at,
                   ends_at=at, announced_at=at)  # fmt: skip
    db.session.add(round_)
    db.session.flush()
    contest = Contest(ref="c", round_id=round_.id, seats=1, title="C", currency="EUR",
                      budget_minor=0, rule="irv", rule_version="1", paper_seed="0")  # fmt: skip
    db.session.add(contest)
    db.session.flush()
    begin_log(contest)
    grow(contest, LEAVES)
    return contest


def grow(contest: Contest, number: int) -> None:
    rows = [
        {"contest_id": contest.id, "commitment": secrets.token_bytes(32)} for _ in range(number)
    ]
    db.session.execute(insert(WaitingLeaf), rows)
    append_batch(contest, at=clock.now())
    db.session.commit()


def measure(contest: Contest, name: str) -> list[float]:
    return [act_of(contest, name) for _ in range(RUNS)]


def act_of(contest: Contest, name: str) -> float:
    """The seconds of one act; what it needs is made ready before."""
    if name == "a batch of 20, signed":
        return seconds(lambda: grow(contest, BATCH))
    head = newest_head(contest.id)
    assert head is not None
    position, first = random.randrange(head.size), random.randrange(1, head.size)
    if name == "proof of inclusion":
        return seconds(lambda: tree_of(contest.id, head.size).inclusion(position))
    if name == "proof of consistency":
        return seconds(lambda: tree_of(contest.id, head.size).consistency(first))
    tree = tree_of(contest.id, head.size)
    if name == "check of inclusion":
        leaf = db.session.get_one(Leaf, (contest.id, position)).commitment
        proof = tree.inclusion(position)
        return seconds(lambda: demand(is_included(leaf, position, head.size, proof, head.root)))
    old, proof = tree_of(contest.id, first).root(), tree.consistency(first)
    return seconds(lambda: demand(is_consistent(first, head.size, old, head.root, proof)))


def demand(right: bool) -> None:
    assert right, "A proof of the log's own does not hold."


def hash_everything() -> None:
    leaf, node = b"\x00" + bytes(32), b"\x01" + bytes(64)
    for _ in range(LEAVES):
        hashlib.sha256(leaf).digest()
        hashlib.sha256(node).digest()


def seconds(act: Callable[[], object]) -> float:
    begun = time.process_time()
    act()
    return time.process_time() - begun


def tell(name: str, values: list[float], yardstick: float) -> bool:
    ratios = [value / yardstick for value in values]
    middle, most = statistics.median(ratios), TARGETS[name]
    reached = middle <= most
    print(
        f"{name}: {statistics.median(values) * 1_000:.2f} ms, {middle:.5f} of it "
        f"({min(ratios):.5f} to {max(ratios):.5f}); target {most}: "
        f"{'reached' if reached else 'MISSED'}"
    )
    return reached


if __name__ == "__main__":
    sys.exit(main())
