"""Casting a ballot: one per person and contest, replaced until closing, never with a name."""

from datetime import timedelta

import pytest
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, text

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock
from core.refusals import Refused
from tests.harness.world import World
from voting import commitments, link_keys, sealing
from voting.models import Ballot, Contest, RollEntry
from voting.permissions import why_not_cast_ballot
from voting.queries.ballots import has_cast, own_ranking
from voting.queries.rolls import roll_entry_of
from voting.services.ballots import CastReceipt, cast_ballot
from voting.services.box import NotDurable


def entry_of(person: User) -> RollEntry:
    entry = roll_entry_of(person.id)
    assert entry is not None
    return entry


def cast(
    contest: Contest, person: User, refs: list[str], form_key: str | None = None
) -> CastReceipt:
    key = form_key or sealing.new_form_key()
    return cast_ballot(contest, entry_of(person), refs, key, at=clock.now())


def refs_of(contest: Contest) -> list[str]:
    return [option.ref for option in contest.options]


def ballots(db: SQLAlchemy) -> list[Ballot]:
    return list(db.session.scalars(select(Ballot).order_by(Ballot.id)))


def test_amara_ranks_three_and_her_ballot_is_in_the_box(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    first, second, third, _ = refs_of(world.riverside_contest)

    receipt = cast(world.riverside_contest, amara, [second, third, first])

    (ballot,) = ballots(db)
    assert not receipt.replaced
    assert ballot.commitment is not None
    assert commitments.receipt_code(ballot.commitment) == receipt.code
    assert own_ranking(world.riverside_contest, entry_of(amara)) == [second, third, first]
    assert has_cast(world.riverside_contest, entry_of(amara))
    assert not has_cast(world.city_contest, entry_of(amara))


def test_a_ballot_sent_twice_is_stored_once_with_the_same_receipt(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    key = sealing.new_form_key()
    refs = refs_of(world.city_contest)[:2]

    once, again = (cast(world.city_contest, amara, refs, key) for _ in range(2))

    assert once == again
    assert len(ballots(db)) == 1


def test_a_second_ballot_replaces_the_first_and_the_last_one_counts(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    first, second, *_ = refs_of(world.city_contest)

    earlier = cast(world.city_contest, amara, [first])
    later = cast(world.city_contest, amara, [second])

    (ballot,) = ballots(db)
    assert later.replaced
    assert later.code != earlier.code
    assert ballot.commitment is not None
    assert commitments.receipt_code(ballot.commitment) == later.code
    assert own_ranking(world.city_contest, entry_of(amara)) == [second]


def test_amara_and_chen_each_have_a_ballot(
    db: SQLAlchemy, world: World, amara: User, chen: User
) -> None:
    refs = refs_of(world.city_contest)[:1]

    cast(world.city_contest, amara, refs)
    cast(world.city_contest, chen, refs)
    cast(world.hillside_contest, chen, refs_of(world.hillside_contest)[:1])

    assert len(ballots(db)) == 3


@pytest.mark.parametrize(
    ("code", "marked"),
    [
        ("ranked_twice", ["0-1", "0-2", "0-1"]),
        ("unknown_option", ["0-1", "82-1"]),
        ("too_many", ["0-1", "0-2", "0-3", "0-4"]),
        ("too_few", []),
        ("too_few", ["", "  "]),
        ("unknown_option", ["x"] * 10_000),
        ("unknown_option", ["1e309", "NaN", "-1", str(2**63)]),
        ("not_a_ranking", "0-1"),
        ("not_a_ranking", None),
        ("not_a_ranking", [True]),
    ],
)
def test_what_is_no_ranking_is_refused_in_words_and_changes_nothing(
    db: SQLAlchemy, world: World, amara: User, code: str, marked: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        cast(world.city_contest, amara, marked)

    db.session.rollback()
    assert refused.value.refusal.code == code
    assert refused.value.refusal.status == 422
    assert "Nothing was cast" in refused.value.refusal.next_step
    assert ballots(db) == []
    assert world.voting_round.frozen_at is None


def test_the_project_ranked_twice_is_named(world: World, amara: User) -> None:
    with pytest.raises(Refused, match="ranked_twice") as refused:
        cast(world.city_contest, amara, ["0-1", "0-1"])

    assert "Trees for the city, lot 1" in refused.value.refusal.sentence


def test_chen_of_hillside_gets_no_ballot_of_riverside(world: World, chen: User) -> None:
    refusal = why_not_cast_ballot(entry_of(chen), world.riverside_contest, clock.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("other_district", 403)


def test_bo_is_told_how_to_be_confirmed(world: World, bo: User) -> None:
    assert roll_entry_of(bo.id) is None
    refusal = why_not_cast_ballot(None, world.city_contest, clock.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("not_verified", 403)
    assert "The town hall has not confirmed yet" in refusal.sentence
    assert "See the ways to be confirmed." in refusal.next_step
    assert refusal.next_url == "/account/residency"


@pytest.mark.parametrize(
    ("after_opening", "after_closing", "code"),
    [
        (timedelta(milliseconds=-1), None, "not_open_yet"),
        (timedelta(0), None, None),
        (None, timedelta(milliseconds=-1), None),
        (None, timedelta(0), "closed"),
        (None, timedelta(milliseconds=1), "closed"),
    ],
)
def test_voting_holds_from_its_opening_up_to_not_including_its_closing(
    world: World,
    amara: User,
    after_opening: timedelta | None,
    after_closing: timedelta | None,
    code: str | None,
) -> None:
    span = world.voting_round.span_of(PhaseKind.VOTING)
    assert span is not None
    at = span.starts_at + after_opening if after_opening is not None else None
    if after_closing is not None:
        at = span.ends_at + after_closing
    assert at is not None

    refusal = why_not_cast_ballot(entry_of(amara), world.city_contest, at)

    assert (refusal.code if refusal else None) == code
    assert refusal is None or refusal.status == 409


def test_who_moved_after_voting_gets_no_second_district(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    cast(world.riverside_contest, amara, refs_of(world.riverside_contest)[:1])
    entry = entry_of(amara)
    entry.district_id = world.hillside.id
    db.session.commit()

    refusal = why_not_cast_ballot(entry, world.hillside_contest, clock.now())

    assert refusal is not None
    assert (refusal.code, refusal.status) == ("voted_in_other_district", 409)
    assert why_not_cast_ballot(entry, world.city_contest, clock.now()) is None


def test_the_first_ballot_freezes_the_round(db: SQLAlchemy, world: World, amara: User) -> None:
    assert world.voting_round.frozen_at is None

    cast(world.city_contest, amara, refs_of(world.city_contest)[:1])

    assert world.voting_round.frozen_at is not None


def test_without_the_link_key_no_ballot_is_taken(db: SQLAlchemy, world: World, amara: User) -> None:
    link_keys.destroy(world.city_contest.ref)

    with pytest.raises(link_keys.LinkKeyMissing):
        cast(world.city_contest, amara, refs_of(world.city_contest)[:1])

    db.session.rollback()
    assert ballots(db) == []


def test_under_another_link_key_nobody_votes_a_second_time(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    """As after a restore that brought the wrong key back."""
    contest = world.city_contest
    cast(contest, amara, refs_of(contest)[:1])
    db.session.commit()
    link_keys.destroy(contest.ref)
    link_keys.make(contest.ref)

    with pytest.raises(link_keys.LinkKeyMissing):
        cast(contest, amara, refs_of(contest)[1:2])

    db.session.rollback()
    assert len(ballots(db)) == 1


@pytest.mark.sqlite
def test_sqlite_that_would_answer_before_the_disk_takes_no_ballot(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    db.session.commit()
    with db.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.commit()
        raw.execute("PRAGMA synchronous=NORMAL")

    with pytest.raises(NotDurable):
        cast(world.city_contest, amara, refs_of(world.city_contest)[:1])


@pytest.mark.postgres
def test_postgres_waits_for_the_disk_even_where_its_default_does_not(
    db: SQLAlchemy, world: World, amara: User
) -> None:
    db.session.commit()
    assert db.session.scalar(text("SHOW synchronous_commit")) == "off"

    cast(world.city_contest, amara, refs_of(world.city_contest)[:1])

    assert db.session.scalar(text("SHOW synchronous_commit")) == "on"
    db.session.commit()
    assert db.session.scalar(text("SHOW synchronous_commit")) == "off"
