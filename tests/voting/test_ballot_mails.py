"""Who voted with an account gets one mail: that her ballot was received, and nothing of it."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest
from flask import Flask
from flask_mailman import EmailMessage
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from time_machine import Traveller

from accounts.models import User
from budgets.phases import PhaseKind
from core import clock as clocks
from core import jobs
from tests.harness import people
from tests.harness.world import World
from voting import sealing
from voting.jobs import tell_in_the_morning
from voting.models import Ballot, BallotNotice, Contest, RollEntry
from voting.queries.rolls import roll_entry_of
from voting.services.ballots import cast_ballot
from voting.services.closing import destroy_link_key, seal_contest
from voting.services.kept import keep_ballot

LEAST = 20
Tell = Callable[[], dict[str, EmailMessage]]


@pytest.fixture
def morning(app: Flask, clock: Traveller) -> Tell:
    """Goes on to the next morning; the mails of that morning by address."""

    def next_morning() -> dict[str, EmailMessage]:
        clock.shift(timedelta(days=1))
        in_city = clocks.in_city(clocks.now()).replace(hour=8, minute=7)
        clock.move_to(in_city.astimezone(UTC))
        return told(app, lambda: tell_in_the_morning(clocks.now()))

    return next_morning


def told(app: Flask, act: Callable[[], None]) -> dict[str, EmailMessage]:
    mailman = app.extensions["mailman"]
    mailman.outbox = []
    act()
    jobs.run_due(clocks.now(), most=1000)
    mails = mailman.outbox
    by_address = {mail.to[0]: mail for mail in mails}
    assert len(by_address) == len(mails), "Somebody got two mails."
    return by_address


def residents(db: SQLAlchemy, world: World, number: int) -> list[User]:
    found = [people.somebody(f"Resident {i}", home=world.riverside) for i in range(number)]
    db.session.commit()
    return found


def entry_of(person: User) -> RollEntry:
    entry = roll_entry_of(person.id)
    assert entry is not None
    return entry


def cast(contest: Contest, person: User) -> str:
    """Casts; the receipt's code."""
    refs = [option.ref for option in contest.options[:2]]
    return cast_ballot(
        contest, entry_of(person), refs, sealing.new_form_key(), at=clocks.now()
    ).code


def close(db: SQLAlchemy, clock: Traveller, *contests: Contest) -> None:
    voting = contests[0].round.span_of(PhaseKind.VOTING)
    assert voting is not None
    clock.move_to(voting.ends_at + timedelta(hours=1))
    for contest in contests:
        seal_contest(contest, at=clocks.now())
    db.session.commit()


def test_in_the_morning_everybody_who_voted_is_told_once_in_one_mail_without_code_or_choice(
    morning: Tell, db: SQLAlchemy, world: World
) -> None:
    voters = residents(db, world, LEAST + 3)
    silent = voters.pop()
    codes = [cast(world.city_contest, each) for each in voters]
    for each in voters:
        cast(world.riverside_contest, each)
    db.session.commit()

    mails = morning()

    assert set(mails) == {each.email for each in voters}
    assert silent.email not in mails
    mail = mails[voters[0].email]
    assert mail.subject == f"Your ballot was received: {world.voting_round.name}"
    for contest in (world.city_contest, world.riverside_contest):
        assert contest.title in mail.body
    assert "you can change it; the last one counts." in mail.body
    whole = mail.message().as_string()
    said = [*codes, *(option.title for option in world.city_contest.options)]
    assert [each for each in said if each in whole] == []
    assert morning() == {}


@pytest.mark.sqlite
def test_at_any_other_hour_nobody_is_told(
    app: Flask, morning: Tell, db: SQLAlchemy, world: World
) -> None:
    for each in residents(db, world, LEAST):
        cast(world.city_contest, each)
    db.session.commit()
    noon = clocks.now().replace(hour=10, minute=7)

    assert told(app, lambda: tell_in_the_morning(noon)) == {}
    assert len(morning()) == LEAST


@pytest.mark.sqlite
def test_a_few_voters_wait_for_more_or_for_the_closing(
    app: Flask, clock: Traveller, morning: Tell, db: SQLAlchemy, world: World
) -> None:
    voters = residents(db, world, LEAST - 1)
    for each in voters:
        cast(world.city_contest, each)
    db.session.commit()

    assert morning() == {}
    mails = told(app, lambda: close(db, clock, world.city_contest))

    assert set(mails) == {each.email for each in voters}
    assert "Voting is over." in mails[voters[0].email].body


@pytest.mark.sqlite
def test_where_objections_are_heard_a_few_voters_are_told_in_time_for_theirs(
    clock: Traveller, morning: Tell, db: SQLAlchemy, world: World
) -> None:
    world.voting_round.objection_days = 7
    [amara] = residents(db, world, 1)
    cast(world.city_contest, amara)
    db.session.commit()
    voting = world.voting_round.span_of(PhaseKind.VOTING)
    assert voting is not None
    assert morning() == {}
    clock.move_to(voting.ends_at)

    mails = morning()

    assert set(mails) == {amara.email}
    assert "once objections have been heard" in mails[amara.email].body


@pytest.mark.sqlite
def test_a_ballot_that_was_only_kept_is_told_of_at_closing_and_the_rest_is_not_told_again(
    app: Flask, clock: Traveller, morning: Tell, db: SQLAlchemy, world: World
) -> None:
    *voters, keeper = residents(db, world, LEAST + 1)
    for each in voters:
        cast(world.city_contest, each)
    ref = world.city_contest.options[0].ref
    keep_ballot(world.city_contest, entry_of(keeper), [ref], at=clocks.now())
    db.session.commit()

    assert set(morning()) == {each.email for each in voters}
    closed = told(app, lambda: close(db, clock, world.city_contest, world.riverside_contest))
    assert set(closed) == {keeper.email}


@pytest.mark.sqlite
def test_who_has_no_confirmed_address_is_not_written_to(
    morning: Tell, db: SQLAlchemy, world: World
) -> None:
    voters = residents(db, world, LEAST + 2)
    for each in voters:
        cast(world.city_contest, each)
    voters[0].confirmed_at = None
    voters[1].active = False
    db.session.commit()

    assert set(morning()) == {each.email for each in voters[2:]}


def test_the_note_that_somebody_was_told_leads_to_no_ballot_and_goes_with_the_key(
    clock: Traveller, morning: Tell, db: SQLAlchemy, world: World
) -> None:
    for each in residents(db, world, LEAST):
        cast(world.city_contest, each)
    db.session.commit()
    morning()

    notes = set(db.session.scalars(select(BallotNotice.tag)))
    assert len(notes) == LEAST
    assert not notes & set(db.session.scalars(select(Ballot.tag)))
    assert not notes & set(db.session.scalars(select(RollEntry.person_key)))

    close(db, clock, world.city_contest)
    destroy_link_key(world.city_contest.ref)
    assert db.session.scalars(select(BallotNotice.tag)).all() == []
