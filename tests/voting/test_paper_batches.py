"""Papers are keyed twice, settled, approved, reconciled with the roll, and then counted."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import func, select

from accounts.models import User
from budgets.phases import PhaseKind
from core import audit, clock
from core.refusals import Refused
from tests.harness import people
from tests.harness.world import World
from voting import sealing
from voting.counting.ranking import unpack_ranking
from voting.models import (
    ClosingRecord,
    Contest,
    KeyedPaper,
    Leaf,
    PaperBatch,
    PaperSettlement,
    SealedBallot,
)
from voting.paper_keys import Reading, Sums
from voting.permissions.counts import why_not_count
from voting.permissions.paper_sums import what_contest_lacks
from voting.queries.log_checks import faults_in_log
from voting.queries.paper_batches import PaperAccount, paper_accounts, state_of
from voting.services.ballots import cast_ballot
from voting.services.closing import seal_contest
from voting.services.paper_batches import (
    BatchNumbers,
    agree_to_settlement,
    approve_batch,
    change_numbers,
    drop_paper,
    finish_keying,
    go_on_keying,
    key_paper,
    open_batch,
    settle_paper,
    take_approval_back,
)
from voting.services.paper_box import put_paper_in_box
from voting.services.paper_marks import give_papers, take_papers_back
from voting.services.rolls import enter_on_roll

BLANK = Reading(None, "blank")


class Hall(NamedTuple):
    """The town hall after voting: five papers given out, one of them brought back."""

    contest: Contest
    after: datetime
    clara: User
    cora: User
    eli: User


@pytest.fixture
def hall(db: SQLAlchemy, world: World, clara: User, eli: User) -> Hall:
    contest, at = world.city_contest, clock.now()
    people_there = [enter_on_roll(f"{n:064}", world.riverside.id, at=at) for n in range(7)]
    for entry in people_there[:5]:
        give_papers(world.voting_round, entry, [contest], by=clara, at=at)
    take_papers_back(world.voting_round, people_there[4], reason="At home.", by=clara, at=at)
    for entry in people_there[5:]:
        cast_ballot(contest, entry, ["0-1"], sealing.new_form_key(), at=at)
    voting = world.voting_round.span_of(PhaseKind.VOTING)
    assert voting is not None
    cora = people.somebody("Cora", roles=("clerk",))
    db.session.commit()
    return Hall(contest, voting.ends_at, clara, cora, eli)


def ranks(*numbers: int) -> Reading:
    """A reading with these option numbers."""
    return Reading(b"".join(number.to_bytes(2) for number in numbers))


def opened(hall: Hall, *, issued: int = 5, unused: int = 1, returned: int = 1) -> PaperBatch:
    numbers = BatchNumbers("Town hall", issued, unused, returned)
    return open_batch(hall.contest, numbers, by=hall.clara, at=hall.after)


def key(hall: Hall, batch: PaperBatch, by: User, papers: Sequence[Reading]) -> None:
    for number, reading in enumerate(papers, 1):
        key_paper(batch, number, reading, by=by, at=hall.after)
    finish_keying(batch, by=by, at=hall.after)


def keyed_alike(hall: Hall) -> PaperBatch:
    """A batch in which both read two valid papers and a blank one."""
    batch, papers = opened(hall), [ranks(0, 1), ranks(3), BLANK]
    key(hall, batch, hall.clara, papers)
    key(hall, batch, hall.cora, papers)
    return batch


def refusal_of(act: object, *args: object, **kwargs: object) -> tuple[str, str]:
    """The code and the sentence with which an act is refused."""
    assert callable(act)
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)
    return refused.value.refusal.code, refused.value.refusal.sentence


def test_papers_of_two_people_who_agree_are_counted_with_the_webs(
    db: SQLAlchemy, hall: Hall
) -> None:
    batch = keyed_alike(hall)
    approve_batch(batch, by=hall.eli, at=hall.after)
    seal_contest(hall.contest, at=hall.after)

    added = put_paper_in_box(hall.contest, by=hall.eli, at=hall.after)

    options = [option.ref for option in hall.contest.options]
    box = sorted(
        unpack_ranking(each.ranking, options) for each in db.session.scalars(select(SealedBallot))
    )
    assert box == [("0-1",), ("0-1",), ("0-1", "0-2"), ("0-4",)]
    assert (added, hall.contest.paper_ballots, hall.contest.ballots_cast) == (2, 2, 4)
    assert (batch.counted, batch.spoiled) == (2, 1)
    assert why_not_count(hall.eli, hall.contest, hall.after) is None


def test_the_log_is_complete_once_the_paper_is_in_and_says_how_many_were_on_paper(
    db: SQLAlchemy, hall: Hall
) -> None:
    approve_batch(keyed_alike(hall), by=hall.eli, at=hall.after)
    seal_contest(hall.contest, at=hall.after)
    assert db.session.get(ClosingRecord, hall.contest.id) is None

    put_paper_in_box(hall.contest, by=hall.eli, at=hall.after)

    said = json.loads(db.session.get_one(ClosingRecord, hall.contest.id).document)
    assert (said["counted"], said["paper"], said["roll_marks"], said["size"]) == (4, 2, 4, 4)
    ballots = db.session.scalars(select(SealedBallot)).all()
    leaves = set(db.session.scalars(select(Leaf.commitment)))
    assert leaves == {each.commitment for each in ballots}
    assert len({each.salt for each in ballots}) == 4


def test_whoever_checks_the_log_while_papers_are_keyed_finds_nothing_wrong(
    db: SQLAlchemy, hall: Hall
) -> None:
    seal_contest(hall.contest, at=hall.after)

    assert list(faults_in_log(hall.contest)) == []

    one = db.session.scalars(select(SealedBallot).limit(1)).one()
    one.ranking = one.ranking[:-1]
    assert [fault.split(":")[0] for fault in faults_in_log(hall.contest)] == [f"ballot {one.id}"]


def test_nothing_of_the_keys_is_left_once_the_ballots_are_in_the_box(
    db: SQLAlchemy, hall: Hall
) -> None:
    approve_batch(keyed_alike(hall), by=hall.eli, at=hall.after)
    seal_contest(hall.contest, at=hall.after)
    put_paper_in_box(hall.contest, by=hall.eli, at=hall.after)

    for table in (KeyedPaper, PaperSettlement):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    acts = db.session.scalars(select(audit.AuditEntry)).all()
    assert not any("ranking" in str(each.details) for each in acts)


def test_nothing_is_counted_while_papers_are_out(hall: Hall) -> None:
    seal_contest(hall.contest, at=hall.after)

    refusal = why_not_count(hall.eli, hall.contest, hall.after)

    assert refusal is not None
    assert refusal.code == "paper_missing"
    assert "are 5 by the roll, and 0 by the batches" in refusal.sentence


def test_a_box_is_opened_only_when_voting_is_over(hall: Hall) -> None:
    numbers = BatchNumbers("Town hall", 5, 1, 1)

    code, _ = refusal_of(open_batch, hall.contest, numbers, by=hall.clara, at=clock.now())

    assert code == "voting_not_over"


def test_a_third_person_keys_nothing(hall: Hall) -> None:
    batch = opened(hall)
    key_paper(batch, 1, BLANK, by=hall.clara, at=hall.after)
    key_paper(batch, 1, BLANK, by=hall.cora, at=hall.after)

    assert refusal_of(key_paper, batch, 1, BLANK, by=hall.eli, at=hall.after)[0] == (
        "two_key_already"
    )


def test_nobody_keys_both_sides(hall: Hall) -> None:
    batch = opened(hall)
    key(hall, batch, hall.clara, [BLANK])

    assert refusal_of(key_paper, batch, 1, BLANK, by=hall.clara, at=hall.after)[0] == "finished"
    assert len(batch.keyers) == 1


def test_who_keyed_does_not_approve(hall: Hall) -> None:
    batch, papers = opened(hall), [ranks(0), ranks(1), BLANK]
    key(hall, batch, hall.clara, papers)
    key(hall, batch, hall.eli, papers)

    assert refusal_of(approve_batch, batch, by=hall.eli, at=hall.after)[0] == "keyed_it"
    assert refusal_of(approve_batch, batch, by=hall.cora, at=hall.after)[0] == "not_an_officer"


def test_a_difference_holds_the_batch_up_until_both_agree(db: SQLAlchemy, hall: Hall) -> None:
    batch = opened(hall)
    key(hall, batch, hall.clara, [ranks(0, 1), ranks(3), BLANK])
    key(hall, batch, hall.cora, [ranks(0, 1), ranks(2), BLANK])
    assert [each.number for each in state_of(batch).differences] == [2]
    assert "1 difference" in refusal_of(approve_batch, batch, by=hall.eli, at=hall.after)[1]

    settle_paper(batch, 2, ranks(2), why="A four, not a three.", by=hall.clara, at=hall.after)
    assert not agree_to_settlement(batch, 2, by=hall.clara, at=hall.after)
    assert "1 difference" in refusal_of(approve_batch, batch, by=hall.eli, at=hall.after)[1]
    assert agree_to_settlement(batch, 2, by=hall.cora, at=hall.after)
    approve_batch(batch, by=hall.eli, at=hall.after)

    assert state_of(batch).outcome == [ranks(0, 1), ranks(2), BLANK]
    entry = db.session.scalars(
        select(audit.AuditEntry).where(audit.AuditEntry.act == "settle_paper")
    ).one()
    assert (entry.reason, entry.actor_id) == ("A four, not a three.", hall.clara.id)


def test_an_officer_who_keyed_nothing_settles_nothing(hall: Hall) -> None:
    batch = opened(hall)
    key(hall, batch, hall.clara, [ranks(0)])
    key(hall, batch, hall.cora, [ranks(1)])

    code, _ = refusal_of(settle_paper, batch, 1, ranks(0), why="x", by=hall.eli, at=hall.after)

    assert code == "not_a_keyer"


def test_a_paper_keyed_once_too_often_is_taken_out_and_one_forgotten_is_put_in(
    hall: Hall,
) -> None:
    batch, at = opened(hall), hall.after
    key(hall, batch, hall.clara, [ranks(0), ranks(1), ranks(2)])
    key(hall, batch, hall.cora, [ranks(0), ranks(0), ranks(2), BLANK])
    assert "one keyed 3 papers, the other 4" in refusal_of(
        approve_batch, batch, by=hall.eli, at=at
    )[1]  # fmt: skip

    go_on_keying(batch, by=hall.cora, at=at)
    drop_paper(batch, 4, by=hall.cora, at=at)
    drop_paper(batch, 2, by=hall.cora, at=at)
    key_paper(batch, 2, ranks(1), by=hall.cora, at=at, insert=True)
    finish_keying(batch, by=hall.cora, at=at)

    assert state_of(batch).differences == []
    assert state_of(batch).outcome == [ranks(0), ranks(1), ranks(2)]


def test_papers_that_do_not_add_up_are_named_with_all_their_numbers(hall: Hall) -> None:
    batch, papers = opened(hall, unused=0), [ranks(0), ranks(1), BLANK]
    key(hall, batch, hall.clara, papers)
    key(hall, batch, hall.cora, papers)

    _, sentence = refusal_of(approve_batch, batch, by=hall.eli, at=hall.after)

    assert sentence == (
        "Town hall: 5 papers were given out, but 2 valid + 1 spoiled + 0 not put into the box"
        " + 1 brought back make 4."
    )
    change_numbers(batch, BatchNumbers("Town hall", 5, 1, 1), by=hall.clara, at=hall.after)
    approve_batch(batch, by=hall.eli, at=hall.after)


def test_batches_that_say_something_else_than_the_roll_stay_out_of_the_box(hall: Hall) -> None:
    batch, papers = opened(hall, issued=4, unused=1, returned=0), [ranks(0), ranks(1), BLANK]
    key(hall, batch, hall.clara, papers)
    key(hall, batch, hall.cora, papers)
    approve_batch(batch, by=hall.eli, at=hall.after)
    seal_contest(hall.contest, at=hall.after)

    code, _ = refusal_of(put_paper_in_box, hall.contest, by=hall.eli, at=hall.after)

    assert code == "paper_missing"
    title = "“Proposals for the whole city”"
    assert what_contest_lacks(hall.contest) == [
        f"{title}: papers given to people are 5 by the roll, and 4 by the batches.",
        f"{title}: papers brought back are 1 by the roll, and 0 by the batches.",
    ]


def test_an_approved_batch_stays_as_it_is(hall: Hall) -> None:
    batch = keyed_alike(hall)
    approve_batch(batch, by=hall.eli, at=hall.after)

    for act in (go_on_keying, finish_keying):
        assert refusal_of(act, batch, by=hall.clara, at=hall.after)[0] == "approved"


def test_an_officer_who_finds_a_mistake_takes_the_approval_back(hall: Hall) -> None:
    batch = keyed_alike(hall)
    approve_batch(batch, by=hall.eli, at=hall.after)

    code, _ = refusal_of(take_approval_back, batch, reason="x", by=hall.clara, at=hall.after)
    take_approval_back(batch, reason="A paper fell out.", by=hall.eli, at=hall.after)

    assert code == "not_approved"
    assert (batch.approved_on, batch.counted) == (None, None)
    go_on_keying(batch, by=hall.clara, at=hall.after)


def test_paper_is_put_into_the_box_once(hall: Hall) -> None:
    approve_batch(keyed_alike(hall), by=hall.eli, at=hall.after)
    assert refusal_of(put_paper_in_box, hall.contest, by=hall.eli, at=hall.after)[0] == (
        "not_sealed"
    )
    seal_contest(hall.contest, at=hall.after)
    put_paper_in_box(hall.contest, by=hall.eli, at=hall.after)

    assert refusal_of(put_paper_in_box, hall.contest, by=hall.eli, at=hall.after)[0] == (
        "in_the_box"
    )
    assert refusal_of(
        open_batch, hall.contest, BatchNumbers("Late", 0, 0, 0), by=hall.clara, at=hall.after
    )[0] == "in_the_box"  # fmt: skip


def test_a_contest_without_paper_is_counted_as_always(hall: Hall, world: World) -> None:
    other = world.hillside_contest
    seal_contest(other, at=hall.after)

    assert why_not_count(hall.eli, other, hall.after) is None


def test_everybody_reads_what_became_of_every_paper_and_no_place_of_a_few(
    db: SQLAlchemy, hall: Hall
) -> None:
    assert paper_accounts([hall.contest])[hall.contest.id] == PaperAccount(4, None, {})
    approve_batch(keyed_alike(hall), by=hall.eli, at=hall.after)
    seal_contest(hall.contest, at=hall.after)
    put_paper_in_box(hall.contest, by=hall.eli, at=hall.after)

    account = paper_accounts([hall.contest])[hall.contest.id]

    assert account.sums == Sums(issued=5, counted=2, spoiled=1, unused=1, returned=1)
    assert account.places == {}
