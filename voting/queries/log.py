"""The public log of a contest: its heads, its leaves, and proofs about them."""

import json
from collections import Counter
from typing import Any, Protocol

from sqlalchemy import func, select

from core.database import db
from voting.counting.ranking import unpack_ranking
from voting.merkle import TILE, TILE_BITS, Tiles, Tree, leaf_hash
from voting.models import (
    ClosingRecord,
    Contest,
    Leaf,
    SealedBallot,
    SupersededLeaf,
    TreeHead,
    TreeNode,
    WaitingLeaf,
    WithdrawnLeaf,
)


class SignedRow(Protocol):
    """A row that holds a signed document."""

    document: Any
    signature: Any


def signed(row: SignedRow) -> dict[str, Any]:
    """A signed document as it is published."""
    return {"document": json.loads(row.document), "signature": row.signature.hex()}


def newest_head(contest_id: int) -> TreeHead | None:
    query = select(TreeHead).where(TreeHead.contest_id == contest_id)
    newest = query.order_by(TreeHead.size.desc(), TreeHead.is_final.desc()).limit(1)
    return db.session.scalar(newest)


def heads_of(contest_id: int) -> list[TreeHead]:
    """All heads, the shortest first."""
    query = select(TreeHead).where(TreeHead.contest_id == contest_id)
    return list(db.session.scalars(query.order_by(TreeHead.size, TreeHead.is_final)))


def closing_record_of(contest_id: int) -> ClosingRecord | None:
    return db.session.get(ClosingRecord, contest_id)


def tree_of(contest_id: int, size: int) -> Tree:
    """The tree over the first `size` leaves."""
    return Tree(size, tiles_of(contest_id))


def tiles_of(contest_id: int) -> Tiles:
    """The stored nodes of the log's tree, in tiles."""

    def tiles(height: int, index: int) -> list[bytes]:
        first = index << TILE_BITS
        if height == 0:
            return [leaf_hash(entry) for entry in leaves_of(contest_id, first, TILE)]
        nodes = select(TreeNode.hash).where(
            TreeNode.contest_id == contest_id,
            TreeNode.level == height * TILE_BITS,
            TreeNode.position >= first,
            TreeNode.position < first + TILE,
        )
        return list(db.session.scalars(nodes.order_by(TreeNode.position)))

    return tiles


def leaves_of(contest_id: int, first: int, most: int) -> list[bytes]:
    """Commitments in the order of the log, from this position on."""
    query = (
        select(Leaf.commitment)
        .where(Leaf.contest_id == contest_id, Leaf.position >= first)
        .where(Leaf.position < first + most)
        .order_by(Leaf.position)
    )
    return list(db.session.scalars(query))


def superseded_positions(contest_id: int) -> list[int]:
    """The places in the log of ballots that their voters changed, ascending."""
    return _positions(contest_id, SupersededLeaf)


def withdrawn_positions(contest_id: int) -> list[int]:
    """The places in the log of ballots that were taken out after an objection, ascending."""
    return _positions(contest_id, WithdrawnLeaf)


def _positions(contest_id: int, gone: type[SupersededLeaf | WithdrawnLeaf]) -> list[int]:
    query = (
        select(Leaf.position)
        .join(gone, (gone.contest_id == Leaf.contest_id) & (gone.commitment == Leaf.commitment))
        .where(Leaf.contest_id == contest_id)
        .order_by(Leaf.position)
    )
    return list(db.session.scalars(query))


def sealed_rankings(contest: Contest) -> Counter[str]:
    """How many of the sealed ballots have each ranking, which is option refs joined by commas.

    They are as they are published: where there is money, without what was withdrawn.
    """
    refs = [option.ref for option in contest.options]
    query = (
        select(SealedBallot.ranking, func.count())
        .where(SealedBallot.contest_id == contest.id)
        .group_by(SealedBallot.ranking)
    )
    found = db.session.execute(query)
    gone = set() if contest.is_for_seats else set(contest.withdrawn)
    rankings: Counter[str] = Counter()
    for packed, number in found:
        kept = [ref for ref in unpack_ranking(packed, refs) if ref not in gone]
        if kept:
            rankings[",".join(kept)] += number
    return rankings


def waiting_leaves(contest_id: int) -> list[bytes]:
    """Commitments that are not in the log yet."""
    query = select(WaitingLeaf.commitment).where(WaitingLeaf.contest_id == contest_id)
    return list(db.session.scalars(query.order_by(WaitingLeaf.commitment)))


def contests_with_voters_waiting(least: int) -> list[int]:
    """Ids of the contests in which the ballots of so many voters wait.

    A ballot that was changed waits too, but its voter is counted once: she could else fill a batch
    by herself, and so tell whose ballot came in between.
    """
    query = (
        select(WaitingLeaf.contest_id)
        .outerjoin(
            SupersededLeaf,
            (SupersededLeaf.contest_id == WaitingLeaf.contest_id)
            & (SupersededLeaf.commitment == WaitingLeaf.commitment),
        )
        .where(SupersededLeaf.commitment.is_(None))
        .group_by(WaitingLeaf.contest_id)
        .having(func.count() >= least)
        .order_by(WaitingLeaf.contest_id)
    )
    return list(db.session.scalars(query))
