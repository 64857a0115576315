"""Checking a ballot box against its log: every ballot in it opens a seal that the log has or will
have, and no seal is without its ballot. While people vote, each belongs to somebody on the roll.
"""

from collections.abc import Iterator
from contextlib import closing

from sqlalchemy import select

from core.database import db
from voting import commitments, link_keys, sealing
from voting.counting.ranking import unpack_ranking
from voting.models import (
    Ballot,
    Contest,
    Leaf,
    RollEntry,
    SealedBallot,
    SpoiledBallot,
    SupersededLeaf,
    WaitingLeaf,
    WithdrawnLeaf,
)
from voting.queries.ballots import link_key_of, option_titles
from voting.queries.manifests import manifests_of

AT_ONCE = 10_000


def faults_in_box(contest: Contest) -> Iterator[str]:
    """What is wrong with the ballots of a contest, a sentence for each."""
    yield from _seals(contest)
    if contest.sealed_at is None:
        yield from _tags(contest)


def leaves_of(contest_id: int) -> Iterator[tuple[int, bytes]]:
    """Positions and commitments, in the order of the log."""
    query = select(Leaf.position, Leaf.commitment).where(Leaf.contest_id == contest_id)
    ordered = query.order_by(Leaf.position).execution_options(yield_per=AT_ONCE)
    with closing(db.session.execute(ordered)) as rows:  # whoever finds a fault reads no further
        yield from ((position, commitment) for position, commitment in rows)


def _seals(contest: Contest) -> Iterator[str]:
    """Every ballot in the box opens its own commitment, which the log has or will have."""
    hashes = {each.number: each.sha256 for each in manifests_of(contest.id)}
    options = list(option_titles(contest))
    gone = _commitments(SupersededLeaf, contest.id) | _commitments(SpoiledBallot, contest.id)
    withdrawn = _commitments(WithdrawnLeaf, contest.id)
    gone |= withdrawn
    public = _commitments(Leaf, contest.id) | _commitments(WaitingLeaf, contest.id)
    unclaimed = public - _commitments(SupersededLeaf, contest.id) - withdrawn
    for ballot in _box(contest):
        name = f"ballot {ballot.id}"
        if not _opens(contest.ref, ballot, hashes, options):
            yield f"{name}: its ranking and salt are not those that were sealed."
        elif ballot.commitment in gone:
            yield f"{name}: its seal was superseded, withdrawn or spoiled."
        elif ballot.commitment not in public:
            yield f"{name}: its seal is not in the log."
        elif ballot.commitment not in unclaimed:
            yield f"{name}: another ballot has the same seal."
        unclaimed.discard(ballot.commitment or b"")
    for position, commitment in leaves_of(contest.id):
        if commitment in unclaimed:
            unclaimed.discard(commitment)
            yield f"leaf {position}: no ballot in the box has this seal."
    for commitment in sorted(unclaimed):
        yield f"seal {commitment.hex()[:16]}…, which waits: no ballot in the box has it."


def _tags(contest: Contest) -> Iterator[str]:
    """While people vote each ballot, cast or kept, has the tag of one person on the roll."""
    query = select(Ballot.tag, Ballot.id).where(Ballot.contest_id == contest.id)
    ballots = {row.tag: row.id for row in db.session.execute(query)}
    if not ballots:
        return
    try:
        key = link_key_of(contest)
    except link_keys.LinkKeyMissing:
        yield "link key: it is missing, so that nobody's ballot could be sealed."
        return
    roll = select(RollEntry.person_key).order_by(RollEntry.id).execution_options(yield_per=AT_ONCE)
    for person_key in db.session.scalars(roll):
        ballots.pop(sealing.ballot_tag(key, contest.ref, person_key), None)
    for ballot_id in sorted(ballots.values()):
        yield f"ballot {ballot_id}: its tag is that of nobody on the roll."


def _opens(
    contest_ref: str, ballot: Ballot | SealedBallot, hashes: dict[int, str], options: list[str]
) -> bool:
    manifest = hashes.get(ballot.manifest_number or 0)
    if manifest is None or ballot.salt is None:
        return False
    try:
        ranking = unpack_ranking(ballot.ranking, options)
    except (ValueError, IndexError):
        return False
    content = commitments.payload(contest_ref, manifest, ranking)
    return commitments.commitment(ballot.salt, content) == ballot.commitment


def _box(contest: Contest) -> Iterator[Ballot | SealedBallot]:
    """The ballots that were cast, before or after closing. What is only kept has no seal."""
    if contest.sealed_at is None:
        query = select(Ballot).where(Ballot.contest_id == contest.id, Ballot.is_cast)
        yield from db.session.scalars(query.order_by(Ballot.id))
    else:
        sealed = select(SealedBallot).where(SealedBallot.contest_id == contest.id)
        ordered = sealed.order_by(SealedBallot.id).execution_options(yield_per=AT_ONCE)
        with closing(db.session.scalars(ordered)) as ballots:
            yield from ballots


def _commitments(
    model: type[Leaf | WaitingLeaf | SupersededLeaf | SpoiledBallot | WithdrawnLeaf],
    contest_id: int,
) -> set[bytes]:
    query = select(model.commitment).where(model.contest_id == contest_id)
    return set(db.session.scalars(query))
