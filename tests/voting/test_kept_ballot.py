"""What a voter marks is kept from the first valid ranking, and counts at closing as it stands."""

from datetime import datetime, timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock
from core.audit import AuditEntry
from core.refusals import Refused
from tests.harness.people import somebody
from tests.harness.world import World
from tests.voting.ballot_forms import refs_of
from voting import sealing
from voting.counting.ranking import unpack_ranking
from voting.models import Ballot, ClearedBallot, Contest, RollEntry, RollMark, SealedBallot
from voting.queries.ballots import has_cast, own_ranking
from voting.queries.kept import Standing, standing_of
from voting.queries.rolls import roll_entry_of
from voting.services.ballots import CastReceipt, cast_ballot
from voting.services.closing import seal_contest
from voting.services.kept import keep_ballot


def entry_of(person: User) -> RollEntry:
    entry = roll_entry_of(person.id)
    assert entry is not None
    return entry


def keep(contest: Contest, person: User, refs: list[str], change: int | None = None) -> Standing:
    return keep_ballot(contest, entry_of(person), refs, at=clock.now(), change=change)


def cast(contest: Contest, person: User, refs: list[str]) -> CastReceipt:
    return cast_ballot(contest, entry_of(person), refs, sealing.new_form_key(), at=clock.now())


def boxed(db: SQLAlchemy) -> list[Ballot]:
    return list(db.session.scalars(select(Ballot).order_by(Ballot.id)))


def closing_of(world: World) -> datetime:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    return span.ends_at


def test_a_kept_ballot_is_one_row_without_a_receipt_and_is_not_cast(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    contest = world.city_contest

    first = keep(contest, amara, ["0-2"])
    second = keep(contest, amara, ["0-2", "0-1"])

    (ballot,) = boxed(db)
    assert (first.is_kept, second.is_kept, second.is_cast) == (True, True, False)
    assert ballot.commitment is None
    assert own_ranking(contest, entry_of(amara)) == ["0-2", "0-1"]
    assert not has_cast(contest, entry_of(amara))
    assert world.voting_round.frozen_at is not None


def test_clearing_the_paper_or_marking_too_little_removes_what_was_kept(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    contest = world.city_contest
    contest.min_length = 2
    for refs in ([], ["0-1"], ["", " "]):
        keep(contest, amara, ["0-1", "0-2"])

        standing = keep(contest, amara, refs)

        assert not standing.is_kept
        assert boxed(db) == []


def test_an_empty_paper_freezes_nothing(db: SQLAlchemy, world: World, amara: User) -> None:
    keep(world.city_contest, amara, [])

    assert world.voting_round.frozen_at is None


def test_a_ballot_that_was_cast_stays_as_it_is_whatever_is_marked_later(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    contest = world.city_contest
    cast(contest, amara, ["0-1"])

    for refs in (["0-2"], []):
        assert keep(contest, amara, refs) == Standing(is_cast=True)

    assert own_ranking(contest, entry_of(amara)) == ["0-1"]
    assert has_cast(contest, entry_of(amara))


def test_casting_turns_what_was_kept_into_the_cast_ballot_and_replaces_none(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    contest = world.city_contest
    keep(contest, amara, ["0-1"])

    receipt = cast(contest, amara, ["0-1", "0-3"])

    (ballot,) = boxed(db)
    assert not receipt.replaced
    assert (ballot.is_cast, ballot.kept_change) == (True, None)
    assert own_ranking(contest, entry_of(amara)) == ["0-1", "0-3"]
    assert cast(contest, amara, ["0-2"]).replaced


@pytest.mark.parametrize(
    ("late", "change", "kept"),
    [
        (["0-1"], 1, ["0-1", "0-2"]),  # older
        ([], 1, ["0-1", "0-2"]),  # an older clearing
        (["0-3"], 2, ["0-1", "0-2"]),  # of another page, which counted alike
        (["0-1", "0-2"], 2, ["0-1", "0-2"]),  # the same, sent twice
        (["0-3"], 3, ["0-3"]),  # newer
        (["0-3"], None, ["0-3"]),  # without scripts, which count nothing
    ],
)
def test_what_arrives_late_never_takes_the_place_of_what_is_newer(
    world: World, amara: User, late: list[str], change: int | None, kept: list[str]
) -> None:
    contest = world.city_contest
    keep(contest, amara, ["0-1", "0-2"], 2)

    standing = keep(contest, amara, late, change)

    assert own_ranking(contest, entry_of(amara)) == kept
    assert standing.is_older == (kept == ["0-1", "0-2"] and late != kept)
    assert standing.change == (2 if kept == ["0-1", "0-2"] else 3)


@pytest.mark.parametrize(
    ("late", "kept"), [(1, []), (2, []), (3, []), (4, ["0-2"]), (None, ["0-2"])]
)
def test_a_request_that_got_lost_never_undoes_a_clearing_that_came_after_it(
    db: SQLAlchemy, world: World, amara: User, late: int | None, kept: list[str]
) -> None:
    """The second change got lost on its way; the third cleared the paper."""
    contest = world.city_contest
    keep(contest, amara, ["0-1"], 1)
    keep(contest, amara, [], 3)

    standing = keep(contest, amara, ["0-2"], late)

    assert (own_ranking(contest, entry_of(amara)), standing.is_kept) == (kept, bool(kept))
    assert standing.is_older != standing.is_kept
    assert len(boxed(db)) == bool(kept)


def test_a_paper_that_was_cleared_before_anything_was_kept_stays_clear(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    """Her first mark got lost on its way, and arrives when she has taken it back."""
    contest = world.city_contest
    keep(contest, amara, [], 2)
    assert standing_of(contest, entry_of(amara)).change == 2, "Her next page counts on from there."

    assert keep(contest, amara, ["0-1"], 1).is_older
    assert not keep(contest, amara, [], 2).is_older, "The same clearing, sent twice."

    assert boxed(db) == []
    assert keep(contest, amara, ["0-1"], 3).is_kept


@pytest.mark.parametrize("refs", [["0-1", "0-1"], ["82-1"], ["0-1", "0-2", "0-3", "0-4"]])
def test_what_is_no_ranking_of_this_paper_is_refused_and_what_was_kept_stays(
    world: World, amara: User, refs: list[str]
) -> None:
    contest = world.city_contest
    keep(contest, amara, ["0-3"])

    with pytest.raises(Refused):
        keep(contest, amara, refs)

    assert own_ranking(contest, entry_of(amara)) == ["0-3"]


@pytest.mark.parametrize(("milliseconds", "is_kept"), [(-1, True), (0, False), (1, False)])
def test_marks_are_kept_up_to_the_moment_of_closing(
    world: World, amara: User, milliseconds: int, is_kept: bool
) -> None:
    contest, at = world.city_contest, closing_of(world) + timedelta(milliseconds=milliseconds)
    if is_kept:
        assert keep_ballot(contest, entry_of(amara), ["0-1"], at=at).is_kept
    else:
        with pytest.raises(Refused, match="closed"):
            keep_ballot(contest, entry_of(amara), ["0-1"], at=at)


def test_a_ballot_that_was_only_kept_counts_at_closing_and_its_voter_is_marked(
    db: SQLAlchemy, world: World, amara: User, chen: User
) -> None:
    """Amara only marked, Chen cast, and Gita cleared her paper again."""
    contest, gita = world.city_contest, somebody("Gita", home=world.hillside)
    keep(contest, amara, ["0-3", "0-1"])
    cast(contest, chen, ["0-2"])
    keep(contest, gita, ["0-4"])
    keep(contest, gita, [])
    db.session.commit()

    seal_contest(contest, at=closing_of(world))
    db.session.commit()

    sealed = db.session.scalars(select(SealedBallot)).all()
    options = refs_of(contest)
    assert {unpack_ranking(each.ranking, options) for each in sealed} == {("0-3", "0-1"), ("0-2",)}
    assert contest.ballots_cast == 2
    assert db.session.scalar(select(ClearedBallot)) is None
    marked = set(db.session.scalars(select(RollMark.roll_entry_id)))
    assert marked == {entry_of(amara).id, entry_of(chen).id}
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "seal_contest")).one()
    assert (entry.details["ballots_cast"], entry.details["ballots_kept"]) == (2, 1)


def test_who_moves_gives_up_what_she_only_kept_for_her_old_district(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    keep(world.riverside_contest, amara, refs_of(world.riverside_contest)[:1])
    entry_of(amara).district_id = world.hillside.id
    db.session.commit()

    for vote in (keep, cast):
        vote(world.hillside_contest, amara, refs_of(world.hillside_contest)[:1])
        (ballot,) = boxed(db)
        assert ballot.contest_id == world.hillside_contest.id


@pytest.mark.parametrize("late", [2, 3, 5])
def test_a_request_that_got_lost_never_undoes_the_choice_of_another_district(
    world: World, amara: User, late: int
) -> None:
    """She may choose one district: marked two times for Riverside, then turned to Hillside."""
    world.voting_round.district_rule, world.voting_round.districts_most = "some", 1
    riverside, hillside = world.riverside_contest, world.hillside_contest
    keep(riverside, amara, refs_of(riverside)[:1], 2)
    keep(hillside, amara, refs_of(hillside)[:1], 1)

    assert keep(riverside, amara, refs_of(riverside)[1:2], late).is_older

    assert own_ranking(riverside, entry_of(amara)) == []
    assert own_ranking(hillside, entry_of(amara)) == refs_of(hillside)[:1]
    opened_anew = standing_of(riverside, entry_of(amara)).change
    assert keep(riverside, amara, refs_of(riverside)[:1], opened_anew + 1).is_kept
    assert own_ranking(hillside, entry_of(amara)) == []


def test_how_it_stands_is_told_beside_what_her_page_shows(world: World, amara: User) -> None:
    contest, entry = world.city_contest, entry_of(amara)
    assert standing_of(contest, entry) == Standing()
    keep(contest, amara, ["0-1", "0-2"], 4)

    assert standing_of(contest, entry) == Standing(is_kept=True, change=4)
    assert standing_of(contest, entry, ["0-1", "0-2"]).is_shown
    assert not standing_of(contest, entry, ["0-2", "0-1"]).is_shown
