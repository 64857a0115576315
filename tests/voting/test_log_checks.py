"""Whatever is altered in a stored log or its box by one byte is found, and named."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import delete, select, update

from core import clock
from tests.harness.world import World
from tests.voting.log_voters import cast, fill, voters
from voting import commitments, link_keys
from voting.models import (
    Ballot,
    ClosingRecord,
    Contest,
    Leaf,
    Manifest,
    SealedBallot,
    SupersededLeaf,
    TreeHead,
    TreeNode,
    WaitingLeaf,
)
from voting.queries.log_checks import faults_in_log
from voting.services import log as service
from voting.services.closing import seal_contest


@pytest.fixture
def contest(world: World) -> Contest:
    """A contest with a batch, a changed ballot, and one that waits."""
    fill(world, world.city_contest)
    changed, waiting = voters(world, 2, first=1)
    cast(world.city_contest, changed, ["0-4"])
    cast(world.city_contest, waiting, ["0-4", "0-1"])
    return world.city_contest


def close(contest: Contest) -> None:
    seal_contest(contest, at=clock.now() + timedelta(days=60))


def faults(db: SQLAlchemy, contest: Contest) -> list[str]:
    db.session.flush()
    db.session.expire_all()
    return list(faults_in_log(contest))


def flip(value: bytes) -> bytes:
    return bytes([value[0] ^ 1]) + value[1:]


def test_a_log_is_whole_before_and_after_closing(db: SQLAlchemy, contest: Contest) -> None:
    assert faults(db, contest) == []

    close(contest)

    assert faults(db, contest) == []


def test_what_binds_the_ballots_at_closing_goes_with_those_in_the_box(
    db: SQLAlchemy, contest: Contest
) -> None:
    contest.aggregate_below = 20
    close(contest)
    record = db.session.get_one(ClosingRecord, contest.id)
    assert record.ballots_salt is not None
    assert faults(db, contest) == []

    record.ballots_salt = flip(record.ballots_salt)

    told = "closing record: the ballots in the box are not those that it binds."
    assert faults(db, contest) == [told]


def test_a_log_of_several_tiles_is_whole_until_one_of_its_nodes_is_altered(
    db: SQLAlchemy, contest: Contest
) -> None:
    these = [commitments.new_salt() for _ in range(600)]
    service._append(contest, list(these), at=clock.now())
    rows = [SupersededLeaf(contest_id=contest.id, commitment=each) for each in these]
    db.session.add_all(rows)
    assert faults(db, contest) == []

    node = db.session.scalars(select(TreeNode).where(TreeNode.position == 1)).one()
    node.hash = flip(node.hash)

    assert faults(db, contest) == ["node 1 of level 8: it is missing or not that of its leaves."]


def leaf(db: SQLAlchemy) -> None:
    third = db.session.scalars(select(Leaf).where(Leaf.position == 3)).one()
    third.commitment = flip(third.commitment)


def missing_leaf(db: SQLAlchemy) -> None:
    db.session.execute(delete(Leaf).where(Leaf.position == 3))


def ranking(db: SQLAlchemy) -> None:
    ballot = db.session.scalars(select(SealedBallot)).first()
    assert ballot is not None
    ballot.ranking = bytes([0, ballot.ranking[1] ^ 1]) + ballot.ranking[2:]


def salt(db: SQLAlchemy) -> None:
    ballot = db.session.scalars(select(SealedBallot)).first()
    assert ballot is not None
    assert ballot.salt is not None
    ballot.salt = flip(ballot.salt)


def missing_ballot(db: SQLAlchemy) -> None:
    ballot = db.session.scalars(select(SealedBallot)).first()
    db.session.delete(ballot)


def stuffed_ballot(db: SQLAlchemy) -> None:
    ballot = db.session.scalars(select(SealedBallot)).first()
    assert ballot is not None
    db.session.add(
        SealedBallot(
            contest_id=ballot.contest_id, id="f" * 32, ranking=ballot.ranking, salt=ballot.salt,
            commitment=ballot.commitment, manifest_number=1,
        )
    )  # fmt: skip


def root(db: SQLAlchemy) -> None:
    head = db.session.scalars(select(TreeHead).where(TreeHead.size == 20)).one()
    head.root = flip(head.root)


def head_signature(db: SQLAlchemy) -> None:
    head = db.session.scalars(select(TreeHead).where(TreeHead.size == 20)).one()
    head.signature = flip(head.signature)


def head_document(db: SQLAlchemy) -> None:
    head = db.session.scalars(select(TreeHead).where(TreeHead.size == 20)).one()
    head.document = head.document.replace('"size":20', '"size":21')


def manifest(db: SQLAlchemy) -> None:
    one = db.session.scalars(select(Manifest)).one()
    one.document = one.document.replace('"max_length":3', '"max_length":4')


def record(db: SQLAlchemy) -> None:
    one = db.session.scalars(select(ClosingRecord)).one()
    one.document = one.document.replace('"paper":0', '"paper":1')


def unmarked_change(db: SQLAlchemy) -> None:
    db.session.execute(delete(SupersededLeaf))


def superseded_by_nobody(db: SQLAlchemy) -> None:
    ballot = db.session.scalars(select(SealedBallot)).first()
    assert ballot is not None
    row = SupersededLeaf(contest_id=ballot.contest_id, commitment=ballot.commitment)
    db.session.add(row)


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (leaf, "head of size 20: its root is not that of the leaves."),
        (leaf, "leaf 3: no ballot in the box has this seal."),
        (missing_leaf, "leaf 3: it is missing."),
        (ranking, "its ranking and salt are not those that were sealed."),
        (salt, "its ranking and salt are not those that were sealed."),
        (missing_ballot, "no ballot in the box has this seal."),
        (stuffed_ballot, "another ballot has the same seal."),
        (root, "head of size 20: its root is not that of the leaves."),
        (head_signature, "head of size 20: the signature is not right."),
        (head_document, "head of size 20: its document says something else than its row."),
        (manifest, "manifest 1: the signature is not right."),
        (record, "closing record: the signature is not right."),
        (unmarked_change, "closing record: other ballots were superseded than it says."),
        (superseded_by_nobody, "its seal was superseded, withdrawn or spoiled."),
    ],
)
def test_what_was_altered_is_named(
    db: SQLAlchemy, contest: Contest, alter: Callable[[SQLAlchemy], None], said: str
) -> None:
    close(contest)
    db.session.flush()

    alter(db)

    assert [fault for fault in faults(db, contest) if said in fault], faults(db, contest)


def test_a_ballot_that_is_altered_before_closing_is_named(db: SQLAlchemy, contest: Contest) -> None:
    ballot = db.session.scalars(select(Ballot).limit(1)).one()
    db.session.execute(
        update(Ballot).where(Ballot.id == ballot.id).values(ranking=b"\x00\x00\x00\x03")
    )

    assert faults(db, contest) == [
        f"ballot {ballot.id}: its ranking and salt are not those that were sealed."
    ]


def test_a_ballot_that_is_taken_out_while_its_seal_waits_is_missed(
    db: SQLAlchemy, contest: Contest
) -> None:
    waiting = db.session.scalars(select(WaitingLeaf.commitment)).all()[0]
    db.session.execute(delete(Ballot).where(Ballot.commitment == waiting))

    told = f"seal {waiting.hex()[:16]}…, which waits: no ballot in the box has it."
    assert faults(db, contest) == [told]


def test_a_ballot_whose_tag_is_altered_is_named(db: SQLAlchemy, contest: Contest) -> None:
    """It would count for nobody, and its voter could cast a second one."""
    ballot = db.session.scalars(select(Ballot)).all()[0]
    last = "0" if ballot.tag[-1] != "0" else "1"
    ballot.tag = ballot.tag[:-1] + last

    assert faults(db, contest) == [f"ballot {ballot.id}: its tag is that of nobody on the roll."]


def test_a_link_key_that_is_gone_while_people_vote_is_told(
    db: SQLAlchemy, contest: Contest
) -> None:
    link_keys.destroy(contest.ref)

    assert faults(db, contest) == [
        "link key: it is missing, so that nobody's ballot could be sealed."
    ]


def test_the_command_says_what_is_wrong_and_ends_with_1(
    app: Flask, db: SQLAlchemy, world: World, contest: Contest
) -> None:
    close(contest)
    db.session.commit()
    runner = app.test_cli_runner()
    right = runner.invoke(args=["voting", "verify-log", world.voting_round.ref])
    leaf(db)
    db.session.commit()

    wrong = runner.invoke(args=["voting", "verify-log", world.voting_round.ref])

    assert right.exit_code == 0, right.output
    assert f"{contest.title}: the log is whole, and every ballot opens its seal." in right.output
    assert "no ballot was cast here, so there is no log." in right.output
    assert wrong.exit_code == 1
    assert "WRONG: leaf 3: no ballot in the box has this seal." in wrong.output
