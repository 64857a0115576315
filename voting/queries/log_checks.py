"""Checking a stored log against itself and its box: the first thing that is wrong is named.

recount.py checks the published files. Here all that the database holds is looked at, also before
closing and what is never published.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from core.database import db
from voting import commitments, log_documents, log_keys
from voting.merkle import EMPTY_ROOT, TILE_BITS, leaf_hash, node_hash
from voting.models import (
    Contest,
    Manifest,
    TreeHead,
    TreeNode,
)
from voting.queries import log
from voting.queries.box_checks import faults_in_box, leaves_of
from voting.queries.log import closing_record_of, heads_of, superseded_positions
from voting.queries.manifests import manifests_of
from voting.queries.paper_batches import waits_for_paper

AT_ONCE = 10_000


def faults_in_log(contest: Contest) -> Iterator[str]:
    """What is wrong with the log of a contest, a sentence for each; nothing where all is right."""
    yield from _manifests(contest)
    yield from _tree(contest)
    yield from _closing(contest)
    yield from faults_in_box(contest)
    yield from _binding(contest)


def _manifests(contest: Contest) -> Iterator[str]:
    keys = set()
    for number, manifest in enumerate(manifests_of(contest.id), start=1):
        name = f"manifest {manifest.number}"
        said = _read(manifest.document)
        keys.add(manifest.log_key)
        if manifest.number != number or said.get("number") != number:
            yield f"{name}: it is not the one that should come here, number {number}."
        if said.get("contest") != contest.ref or said.get("log_key") != manifest.log_key:
            yield f"{name}: it is another contest's, or names another key."
        if manifest.sha256 != _hash(manifest.document):
            yield f"{name}: the hash beside it is not its own."
        if not _is_signed(log_documents.MANIFEST, manifest, manifest.log_key):
            yield f"{name}: the signature is not right."
    if len(keys) > 1:
        yield "manifests: they name more than one key."


def _tree(contest: Contest) -> Iterator[str]:
    """Leaves, stored nodes and heads, in one pass over the leaves."""
    wanted: dict[int, list[TreeHead]] = {}
    for head in heads_of(contest.id):
        wanted.setdefault(head.size, []).append(head)
    key, nodes, size = _key(contest), _stored_nodes(contest.id), 0
    stack: list[tuple[int, bytes]] = []
    for head in wanted.get(0, []):
        yield from _head(head, EMPTY_ROOT, key, contest.ref)
    for position, commitment in leaves_of(contest.id):
        if position != size:
            yield f"leaf {size}: it is missing."
            return
        size += 1
        yield from _grow(stack, leaf_hash(commitment), size, nodes)
        for head in wanted.get(size, []):
            yield from _head(head, _root(stack), key, contest.ref)
    yield from (f"node {at} of level {level}: there is no such subtree." for level, at in nodes)
    longest = max(wanted, default=0)
    if longest != size:
        yield f"leaf {min(longest, size)}: {size} leaves are stored, and {longest} were signed."


def _grow(
    stack: list[tuple[int, bytes]], value: bytes, size: int, nodes: dict[tuple[int, int], bytes]
) -> Iterator[str]:
    """Adds a leaf to the stack of full subtrees; compares those that are stored."""
    level = 0
    while stack and stack[-1][0] == level:
        value = node_hash(stack.pop()[1], value)
        level += 1
        if level % TILE_BITS == 0:
            position = (size >> level) - 1
            if nodes.pop((level, position), None) != value:
                yield f"node {position} of level {level}: it is missing or not that of its leaves."
    stack.append((level, value))


def _root(stack: list[tuple[int, bytes]]) -> bytes:
    value = stack[-1][1]
    for _, left in reversed(stack[:-1]):
        value = node_hash(left, value)
    return value


def _head(head: TreeHead, root: bytes, key: str, contest_ref: str) -> Iterator[str]:
    name = f"head of size {head.size}{', final' if head.is_final else ''}"
    said = _read(head.document)
    stated = (said.get("contest"), said.get("size"), said.get("final"), said.get("root"))
    if stated != (contest_ref, head.size, head.is_final, head.root.hex()):
        yield f"{name}: its document says something else than its row."
    if head.root != root:
        yield f"{name}: its root is not that of the leaves."
    if not _is_signed(log_documents.HEAD, head, key):
        yield f"{name}: the signature is not right."


def _closing(contest: Contest) -> Iterator[str]:
    record = closing_record_of(contest.id)
    heads = heads_of(contest.id)
    if record is None:
        if contest.sealed_at is not None and not waits_for_paper(contest):
            yield "closing record: it is missing."
        return
    said = _read(record.document)
    if not _is_signed(log_documents.CLOSING, record, _key(contest)):
        yield "closing record: the signature is not right."
    if not heads or not heads[-1].is_final:
        yield "closing record: there is no final head."
        return
    if (said.get("size"), said.get("root")) != (heads[-1].size, heads[-1].root.hex()):
        yield "closing record: it does not go with the final head."
    if said.get("superseded") != superseded_positions(contest.id):
        yield "closing record: other ballots were superseded than it says."
    if said.get("withdrawn") != log.withdrawn_positions(contest.id):
        yield "closing record: other ballots were withdrawn than it says."
    if said.get("counted") != contest.ballots_cast:
        yield f"closing record: it counts {said.get('counted')}, the box {contest.ballots_cast}."


def _binding(contest: Contest) -> Iterator[str]:
    """Where the closing record binds the ballots, they are those in the box."""
    record = closing_record_of(contest.id)
    if record is None or record.ballots_salt is None:
        return
    bound = ""
    with suppress(ValueError, IndexError):  # of a ranking that cannot be read: it was named before
        bound = commitments.fingerprint(record.ballots_salt, log.sealed_rankings(contest)).hex()
    if _read(record.document).get("ballots") != bound:
        yield "closing record: the ballots in the box are not those that it binds."


def _stored_nodes(contest_id: int) -> dict[tuple[int, int], bytes]:
    query = select(TreeNode.level, TreeNode.position, TreeNode.hash)
    rows = db.session.execute(query.where(TreeNode.contest_id == contest_id))
    return {(level, position): value for level, position, value in rows}


def _key(contest: Contest) -> str:
    manifests: list[Manifest] = manifests_of(contest.id)
    return manifests[0].log_key if manifests else ""


def _is_signed(kind: str, row: Any, key: str) -> bool:
    return log_keys.is_signed(kind, row.document, row.signature, under=key)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _read(document: str) -> dict[str, Any]:
    """The document, or nothing where it is none any more: then whatever is asked of it differs."""
    try:
        said = json.loads(document)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
