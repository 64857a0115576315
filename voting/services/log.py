"""The public log grows: manifests, batches of sealed ballots, signed heads, the closing record.

Everything that is signed is checked against what was signed before. See docs/ballot-log.md.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from core.database import db
from voting import log_documents, log_keys
from voting.commitments import fingerprint, new_salt
from voting.merkle import TILE_BITS, full_nodes, is_consistent, leaf_hash
from voting.models import ClosingRecord, Contest, Leaf, Manifest, TreeHead, TreeNode, WaitingLeaf
from voting.openings import are_enough_to_show
from voting.queries.at_the_box import AnyContest
from voting.queries.log import (
    contests_with_voters_waiting,
    newest_head,
    sealed_rankings,
    superseded_positions,
    tiles_of,
    tree_of,
    waiting_leaves,
    withdrawn_positions,
)
from voting.queries.manifests import (
    Terms,
    manifests_of,
    standing_terms,
    terms_of,
    terms_to_come,
)

AT_ONCE = 5_000


class LogBroken(RuntimeError):
    """The stored log does not agree with the head that was signed last: nothing is signed."""


def begin_log(contest: AnyContest) -> Terms:
    """The terms that ballots are cast under now, which the first ballot puts on record.

    Raises LogKeyMissing.
    """
    standing = standing_terms(contest)
    if standing is not None:
        return standing
    try:
        with db.session.begin_nested():
            _add_manifest(db.session.get_one(Contest, contest.id, populate_existing=True), 1)
    except IntegrityError:
        pass  # Somebody else's ballot was first, under the same settings.
    begun = standing_terms(contest)
    assert begun is not None, "Now there is a manifest, whoever made it."
    return begun


def renew_manifest(contest: Contest) -> Terms:
    """A further manifest, after two people changed a frozen rule; none where no ballot was cast.

    What waits was cast under the one before and says so. Raises LogKeyMissing.
    """
    standing = manifests_of(contest.id)
    if standing:
        _add_manifest(contest, standing[-1].number + 1)
    return terms_of(contest)


def demand_promise(terms: Terms) -> None:
    """Sees, before a ballot is taken, that what its voter is promised can be signed whenever she
    asks for it. Raises LogKeyMissing.
    """
    log_keys.demand(under=terms.log_key)


def promise(contest: Contest, terms: Terms, commitment: bytes) -> tuple[str, bytes]:
    """The promise that this commitment will be in the log, with its signature.

    Raises LogKeyMissing.
    """
    text = log_documents.promise(contest.ref, terms.sha256, commitment)
    return text, log_keys.sign(log_documents.PROMISE, text, under=terms.log_key)


def append_batch(contest: Contest, *, at: datetime) -> TreeHead | None:
    """Appends all that waits, if enough voters' ballots do, and signs a head.

    Raises LogKeyMissing and LogBroken.
    """
    least = current_app.config["SETTINGS"].log_batch_least
    _hold_log(contest)
    if contest.sealed_at is not None or contest.id not in contests_with_voters_waiting(least):
        return None
    return _append(contest, waiting_leaves(contest.id), at=at)


def finish_log(
    contest: Contest,
    last: Sequence[bytes] = (),
    *,
    at: datetime,
    roll_marks: int,
    paper: int = 0,
) -> ClosingRecord:
    """Appends what waits and `last`, signs the final head and the closing record.

    To be called when the box is complete, by whoever holds the contest for closing. `last` are the
    commitments of ballots that no cast brought, `paper` says how many of the log's leaves come from
    paper. Where there are enough ballots to publish them, the record
    binds them: none can be another once the result is known. Raises LogKeyMissing and LogBroken.
    """
    terms = begin_log(contest)
    head = _append(contest, [*waiting_leaves(contest.id), *last], at=at, final=True)
    superseded, withdrawn = superseded_positions(contest.id), withdrawn_positions(contest.id)
    rankings = sealed_rankings(contest)
    enough = are_enough_to_show(rankings.total(), contest.aggregate_below)
    salt = new_salt() if enough else None
    text = log_documents.closing(
        contest.ref,
        terms.sha256,
        size=head.size,
        root=head.root,
        roll_marks=roll_marks,
        superseded=superseded,
        withdrawn=withdrawn,
        paper=paper,
        ballots=fingerprint(salt, rankings) if salt else None,
    )
    signature = log_keys.sign(log_documents.CLOSING, text, under=terms.log_key)
    record = ClosingRecord(
        contest_id=contest.id, document=text, signature=signature, ballots_salt=salt
    )
    db.session.add(record)
    db.session.flush()
    return record


def _add_manifest(contest: Contest, number: int) -> None:
    terms, text = terms_to_come(contest, number)
    manifest = Manifest(
        contest_id=contest.id,
        number=number,
        document=text,
        sha256=terms.sha256,
        log_key=terms.log_key,
        signature=log_keys.sign(log_documents.MANIFEST, text, under=terms.log_key),
    )
    db.session.add(manifest)
    db.session.flush()


def _hold_log(contest: Contest) -> None:
    """Nobody else appends to this log until the transaction ends; casts do not wait for it."""
    query = select(Contest).where(Contest.id == contest.id).with_for_update(key_share=True)
    db.session.scalars(query.execution_options(populate_existing=True)).one()


def _append(
    contest: Contest, commitments: list[bytes], *, at: datetime, final: bool = False
) -> TreeHead:
    """Appends in random order and signs, all in the transaction of the caller."""
    before = newest_head(contest.id)
    size = before.size if before else 0
    secrets.SystemRandom().shuffle(commitments)
    nodes = list(full_nodes(size, list(map(leaf_hash, commitments)), tiles_of(contest.id)))
    _insert_leaves(contest.id, size, commitments)
    for height, first, row in nodes:
        _insert_nodes(contest.id, height * TILE_BITS, first, row)
    _stop_waiting(contest.id, commitments)
    root = _root_grown_from(before, contest, size + len(commitments))
    return _sign_head(contest, size + len(commitments), root, at=at, final=final)


def _root_grown_from(before: TreeHead | None, contest: Contest, size: int) -> bytes:
    """The root of the tree as it is stored now, if it contains what was signed before."""
    tree = tree_of(contest.id, size)
    root = tree.root()
    if before is None:
        return root
    proof = tree.consistency(before.size) if before.size not in {0, size} else []
    if not is_consistent(before.size, size, before.root, root, proof):
        raise LogBroken(f"The log of {contest.ref} is not the one that was signed before.")
    return root


def _sign_head(contest: Contest, size: int, root: bytes, *, at: datetime, final: bool) -> TreeHead:
    terms = terms_of(contest)
    text = log_documents.head(contest.ref, terms.sha256, size=size, root=root, at=at, final=final)
    head = TreeHead(
        contest_id=contest.id,
        size=size,
        is_final=final,
        root=root,
        document=text,
        signature=log_keys.sign(log_documents.HEAD, text, under=terms.log_key),
    )
    db.session.add(head)
    db.session.flush()
    return head


def _insert_leaves(contest_id: int, size: int, commitments: Sequence[bytes]) -> None:
    rows = [
        {"contest_id": contest_id, "position": position, "commitment": commitment}
        for position, commitment in enumerate(commitments, start=size)
    ]
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(Leaf), rows[start : start + AT_ONCE])


def _insert_nodes(contest_id: int, level: int, first: int, hashes: Sequence[bytes]) -> None:
    rows = [
        {"contest_id": contest_id, "level": level, "position": position, "hash": value}
        for position, value in enumerate(hashes, start=first)
    ]
    db.session.execute(insert(TreeNode), rows)


def _stop_waiting(contest_id: int, commitments: Sequence[bytes]) -> None:
    """Those that were appended wait no more; whoever came meanwhile waits for the next batch."""
    for start in range(0, len(commitments), AT_ONCE):
        these = WaitingLeaf.commitment.in_(commitments[start : start + AT_ONCE])
        db.session.execute(delete(WaitingLeaf).where(WaitingLeaf.contest_id == contest_id, these))
