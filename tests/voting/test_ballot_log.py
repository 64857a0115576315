"""The public log of a contest: what was cast is in it, in batches, under heads that are signed."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select, update

from core import clock
from core.refusals import Refused
from tests.harness.world import World
from tests.voting.log_voters import LEAST, cast, fill, voters
from voting import commitments, log_documents, log_keys, sealing
from voting.counting.ranking import unpack_ranking
from voting.jobs import append_due_batches
from voting.merkle import is_consistent, is_included
from voting.models import (
    Ballot,
    ClosingRecord,
    Contest,
    Leaf,
    Manifest,
    SealedBallot,
    SpoiledBallot,
    SupersededLeaf,
    TreeHead,
    TreeNode,
    WaitingLeaf,
)
from voting.queries.log import heads_of, newest_head, tree_of
from voting.queries.receipts import find_receipt, inclusion_of
from voting.services import log as service
from voting.services.closing import seal_contest
from voting.services.kept import keep_ballot
from voting.services.log import LogBroken, append_batch, renew_manifest


@pytest.fixture
def contest(world: World) -> Contest:
    return world.city_contest


def count(db: SQLAlchemy, model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def closing(contest: Contest) -> datetime:
    return clock.now() + timedelta(days=60)


# --- casting -----------------------------------------------------------------------------------


def test_the_first_ballot_puts_on_record_what_its_voters_were_promised(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    cast(contest, voters(world, 1)[0], ["0-2"])

    manifest = db.session.scalars(select(Manifest)).one()
    said = json.loads(manifest.document)
    assert manifest.document == commitments.canonical(said)
    assert (said["contest"], said["number"], said["rankings_from"]) == (contest.ref, 1, 50)
    assert [option["ref"] for option in said["options"]] == ["0-1", "0-2", "0-3", "0-4"]
    assert log_keys.is_signed(
        log_documents.MANIFEST, manifest.document, manifest.signature, under=said["log_key"]
    )


def test_a_ballot_opens_its_commitment_and_nobody_opens_it_without_the_salt(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    code = cast(contest, voters(world, 1)[0], ["0-2", "0-1"])

    ballot = db.session.scalars(select(Ballot)).one()
    manifest = db.session.scalars(select(Manifest)).one()
    content = commitments.payload(contest.ref, manifest.sha256, ["0-2", "0-1"])
    assert ballot.salt is not None
    assert ballot.commitment == commitments.commitment(ballot.salt, content)
    assert code == commitments.receipt_code(ballot.commitment)
    assert db.session.scalars(select(WaitingLeaf.commitment)).all() == [ballot.commitment]


def test_a_changed_ballot_leaves_nothing_but_its_commitment(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    (entry,) = voters(world, 1)
    first = cast(contest, entry, ["0-2"])
    salt = db.session.scalars(select(Ballot.salt)).one()
    second = cast(contest, entry, ["0-3"])

    superseded = db.session.scalars(select(SupersededLeaf.commitment)).one()
    ballot = db.session.scalars(select(Ballot)).one()
    assert commitments.receipt_code(superseded) == first
    assert ballot.salt != salt
    assert [found.is_superseded for found in map(find_receipt, [first, second]) if found] == [
        True, False,
    ]  # fmt: skip


def test_a_late_form_does_not_put_an_older_ballot_back(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    (entry,) = voters(world, 1)
    key = sealing.new_form_key()
    cast(contest, entry, ["0-2"], key)
    cast(contest, entry, ["0-3"])
    before = db.session.scalars(select(Ballot.commitment)).one()

    with pytest.raises(Refused, match="changed_since") as refused:
        cast(contest, entry, ["0-2"], key)

    assert refused.value.refusal.status == 409
    assert "was not put back" in refused.value.refusal.sentence
    assert db.session.scalars(select(Ballot.commitment)).one() == before


def test_a_ballot_that_was_opened_for_a_check_is_not_cast(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    (entry,) = voters(world, 1)
    key = sealing.new_form_key()
    code = cast(contest, entry, ["0-2"], key)
    found = find_receipt(code)
    assert found is not None
    db.session.rollback()
    db.session.add(SpoiledBallot(contest_id=contest.id, commitment=found.commitment))
    (entry,) = voters(world, 1)

    with pytest.raises(Refused, match="opened_for_check"):
        cast(contest, entry, ["0-2"], key)

    assert cast(contest, entry, ["0-2"]) != code


def test_nobody_casts_under_another_log_key(
    app: Flask, db: SQLAlchemy, world: World, contest: Contest
) -> None:
    one, other = voters(world, 2)
    cast(contest, one, ["0-2"])
    db.session.commit()
    app.config["SETTINGS"].log_key.unlink()

    with pytest.raises(log_keys.LogKeyMissing):
        cast(contest, other, ["0-2"])

    db.session.rollback()
    assert count(db, Ballot) == 1


# --- batches -----------------------------------------------------------------------------------


def test_ballots_wait_until_those_of_twenty_voters_do(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    *most, last = voters(world, LEAST)
    codes = [cast(contest, entry, ["0-2"]) for entry in most]

    append_due_batches(clock.now())
    assert (count(db, Leaf), count(db, TreeHead), count(db, WaitingLeaf)) == (0, 0, LEAST - 1)

    codes.append(cast(contest, last, ["0-2"]))
    append_due_batches(clock.now())
    assert (count(db, Leaf), count(db, TreeHead), count(db, WaitingLeaf)) == (LEAST, 1, 0)
    in_order = db.session.scalars(select(Leaf.commitment).order_by(Leaf.position)).all()
    assert sorted(map(commitments.receipt_code, in_order)) == sorted(codes)
    assert list(map(commitments.receipt_code, in_order)) != codes


def test_who_changes_her_ballot_again_and_again_is_one_voter(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    """She could else flush somebody else's ballot out, and see at which place it stands."""
    restless, other = voters(world, 2)
    cast(contest, other, ["0-1"])
    for _ in range(LEAST):
        cast(contest, restless, ["0-2"])

    append_due_batches(clock.now())

    assert count(db, Leaf) == 0
    assert count(db, WaitingLeaf) == LEAST + 1


def test_each_head_is_signed_and_grew_from_the_one_before(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    *_, code = fill(world, contest, batches=3)

    heads = heads_of(contest.id)
    assert [head.size for head in heads] == [20, 40, 60]
    key = json.loads(db.session.scalars(select(Manifest)).one().document)["log_key"]
    for head in heads:
        said = json.loads(head.document)
        assert log_keys.is_signed(log_documents.HEAD, head.document, head.signature, under=key)
        assert (said["root"], said["size"], said["final"]) == (head.root.hex(), head.size, False)
        assert len(said["signed_at"]) == len("2026-05-12T08:30Z")
    tree = tree_of(contest.id, 60)
    for head in heads[:2]:
        proof = tree.consistency(head.size)
        assert is_consistent(head.size, 60, head.root, heads[2].root, proof)
    assert_proven(code)


def test_a_log_of_several_tiles_proves_every_leaf(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    cast(contest, voters(world, 1)[0], ["0-1"])
    for number in range(3):
        these = [commitments.new_salt() for _ in range(300)]
        service._append(contest, these, at=clock.now())
        assert number or count(db, TreeNode) == 1

    head = newest_head(contest.id)
    assert head is not None
    assert (head.size, count(db, TreeNode)) == (900, 3)
    tree = tree_of(contest.id, 900)
    for leaf in db.session.scalars(select(Leaf).where(Leaf.position % 97 == 0)):
        proof = tree.inclusion(leaf.position)
        assert is_included(leaf.commitment, leaf.position, 900, proof, head.root)


def test_a_log_that_was_altered_is_not_signed_again(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    fill(world, contest, batches=1)
    db.session.execute(
        update(Leaf).where(Leaf.position == 7).values(commitment=commitments.new_salt())
    )
    for entry in voters(world, LEAST, first=500):
        cast(contest, entry, ["0-1"])

    with pytest.raises(LogBroken):
        append_batch(contest, at=clock.now())

    db.session.rollback()


def test_a_log_that_cannot_grow_holds_up_no_other(
    app: Flask, db: SQLAlchemy, world: World, contest: Contest
) -> None:
    fill(world, contest, batches=1)
    db.session.execute(update(TreeHead).values(root=bytes(32)))
    for entry in voters(world, LEAST, first=500):
        cast(contest, entry, ["0-1"])
        cast(world.riverside_contest, entry, ["82-1"])
    db.session.commit()

    append_due_batches(clock.now())

    assert [len(heads_of(each.id)) for each in (contest, world.riverside_contest)] == [1, 1]


def test_a_further_manifest_takes_later_ballots_and_leaves_the_earlier_ones(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    first, second = voters(world, 2)
    cast(contest, first, ["0-1"])
    contest.budget_minor += 1
    renew_manifest(contest)
    cast(contest, second, ["0-1"])

    numbers = sorted(filter(None, db.session.scalars(select(Ballot.manifest_number))))
    assert numbers == [1, 2]
    seal_contest(contest, at=closing(contest))
    assert_opened(db, contest)


# --- closing -----------------------------------------------------------------------------------


def test_at_closing_all_that_was_cast_or_kept_is_in_the_log_and_the_record_says_what_counts(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    fill(world, contest, batches=1)
    changed, cast_late, kept = voters(world, 3, first=100)
    old = cast(contest, changed, ["0-1"])
    cast(contest, changed, ["0-4"])
    late = cast(contest, cast_late, ["0-1"])
    keep_ballot(contest, kept, ["0-3"], at=clock.now())

    seal_contest(contest, at=closing(contest))

    heads = heads_of(contest.id)
    assert [(head.size, head.is_final) for head in heads] == [(20, False), (24, True)]
    record = db.session.get(ClosingRecord, contest.id)
    assert record is not None
    said = json.loads(record.document)
    found = find_receipt(old)
    assert found is not None
    assert said["superseded"] == [found.position]
    assert (said["size"], said["counted"], said["roll_marks"]) == (24, 23, 23)
    assert said["root"] == heads[1].root.hex()
    assert (count(db, SealedBallot), count(db, WaitingLeaf), count(db, Ballot)) == (23, 0, 0)
    assert_proven(late)
    assert_opened(db, contest)


def test_a_contest_in_which_nobody_voted_has_an_empty_log_with_a_final_head(
    db: SQLAlchemy, contest: Contest
) -> None:
    seal_contest(contest, at=closing(contest))

    (head,) = heads_of(contest.id)
    assert (head.size, head.is_final, contest.ballots_cast) == (0, True, 0)


def test_a_head_may_be_final_where_nothing_was_waiting(
    db: SQLAlchemy, world: World, contest: Contest
) -> None:
    fill(world, contest, batches=1)

    seal_contest(contest, at=closing(contest))

    assert [(head.size, head.is_final) for head in heads_of(contest.id)] == [
        (20, False), (20, True),
    ]  # fmt: skip


def assert_proven(code: str) -> None:
    """The receipt proves by itself that its ballot is in the log of the newest head."""
    found = find_receipt(code)
    assert found is not None
    shown = inclusion_of(found)
    assert shown is not None
    head = shown["head"]["document"]
    proof = [bytes.fromhex(each) for each in shown["proof"]]
    root = bytes.fromhex(head["root"])
    assert is_included(found.commitment, shown["position"], head["size"], proof, root)


def assert_opened(db: SQLAlchemy, contest: Contest) -> None:
    """Every sealed ballot opens the leaf that it names."""
    refs = [option.ref for option in contest.options]
    hashes = dict(db.session.execute(select(Manifest.number, Manifest.sha256)).all())
    leaves = set(db.session.scalars(select(Leaf.commitment)))
    ballots = db.session.scalars(select(SealedBallot)).all()
    assert ballots
    for ballot in ballots:
        ranking = unpack_ranking(ballot.ranking, refs)
        assert ballot.manifest_number is not None
        assert ballot.salt is not None
        content = commitments.payload(contest.ref, hashes[ballot.manifest_number], ranking)
        assert ballot.commitment == commitments.commitment(ballot.salt, content)
        assert ballot.commitment in leaves


@pytest.mark.sqlite
def test_nothing_of_a_replaced_ballot_stays_in_the_file(
    app: Flask, db: SQLAlchemy, world: World, contest: Contest
) -> None:
    entries = voters(world, 3)
    for entry in entries:
        cast(contest, entry, ["0-2"])
    db.session.commit()
    replaced = db.session.scalars(select(Ballot.salt)).all()
    assert all(salt and salt in on_disk(db) for salt in replaced)

    for entry in entries:
        cast(contest, entry, ["0-3", "0-4", "0-1"])
    db.session.commit()

    kept = db.session.scalars(select(Ballot.salt)).all()
    disk = on_disk(db)
    assert all(salt and salt in disk for salt in kept)
    assert not any(salt and salt in disk for salt in replaced)


def on_disk(db: SQLAlchemy) -> bytes:
    """The database's files after what was written has moved into the main one."""
    db.session.rollback()
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.rollback()
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    path = Path(db.engine.url.database or "")
    files = [path, path.with_name(f"{path.name}-wal")]
    return b"".join(file.read_bytes() for file in files if file.exists())
