"""An officer lays out a round, announces it to everybody, and the first ballot freezes it."""

from datetime import timedelta

import pytest
import time_machine
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from accounts.models import User
from budgets import permissions, queries, services
from budgets.models import Round
from budgets.phases import PhaseKind
from core import clock as now
from core.audit import AuditEntry
from tests.harness import people

DAY = timedelta(days=1)


def a_round(by: User | None = None, name: str = "Łódź decides 2027") -> Round:
    return services.create_round(
        name=name, currency="PLN", total_minor=5_000_00, summary="", by=by, at=now.now()
    )


def test_a_round_gets_an_address_from_its_name_and_leaves_a_trace(
    db: SQLAlchemy, eli: User
) -> None:
    round_ = a_round(eli)
    db.session.commit()

    assert round_.ref == "lodz-decides-2027"
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "create_round")).one()
    assert (entry.act, entry.subject, entry.actor_id) == (
        "create_round",
        f"round:{round_.ref}",
        eli.id,
    )
    assert entry.details["total_minor"] == 5_000_00


def test_two_rounds_of_one_name_have_two_addresses(db: SQLAlchemy, eli: User) -> None:
    first, second, third = a_round(eli), a_round(eli), a_round(eli)
    db.session.commit()

    assert len({first.ref, second.ref, third.ref}) == 3
    assert second.ref.startswith("lodz-decides-2027-")


def test_a_draft_is_seen_by_officers_only_and_an_announced_round_by_everybody(
    db: SQLAlchemy, eli: User, dana: User
) -> None:
    round_ = a_round(eli)
    at = now.now()

    for reader, sees in ((eli, [round_]), (dana, []), (None, [])):
        assert queries.rounds_seen_by(reader, at) == sees
        assert queries.round_seen_by(reader, round_.ref) == (sees[0] if sees else None)

    services.announce_round(round_, by=eli, at=at)
    for reader in (eli, dana, None):
        assert queries.rounds_seen_by(reader, at) == [round_]
        assert queries.round_seen_by(reader, round_.ref) is round_


def test_announcing_twice_keeps_the_first_time(db: SQLAlchemy, eli: User) -> None:
    round_ = a_round(eli)
    first = now.now()
    services.announce_round(round_, by=eli, at=first)
    services.announce_round(round_, by=eli, at=first + DAY)

    assert round_.announced_at == first


def test_rounds_in_a_phase_are_found_by_the_clock_alone(
    db: SQLAlchemy, clock: time_machine.Traveller, eli: User
) -> None:
    at = now.now()
    round_ = a_round(eli)
    starts = [(PhaseKind.SUBMISSION, at), (PhaseKind.VOTING, at + DAY)]
    services.set_calendar(round_, starts, at + 2 * DAY, by=eli, at=at)
    db.session.commit()

    assert queries.rounds_in(PhaseKind.SUBMISSION, at) == [], "a draft is in no phase for anybody"
    services.announce_round(round_, by=eli, at=at)
    second = timedelta(seconds=1)
    for moment, kind in (
        (at - second, None),
        (at, PhaseKind.SUBMISSION),
        (at + DAY - second, PhaseKind.SUBMISSION),
        (at + DAY, PhaseKind.VOTING),
        (at + 2 * DAY - second, PhaseKind.VOTING),
        (at + 2 * DAY, None),
    ):
        found = [each for each in PhaseKind if queries.rounds_in(each, moment)]
        assert found == ([kind] if kind else [])
        assert [each for each in PhaseKind if round_.is_in(each, moment)] == found


def test_rounds_that_close_first_come_first(db: SQLAlchemy, eli: User) -> None:
    at = now.now()
    for name, days in (("Later", 9), ("Sooner", 3)):
        round_ = a_round(eli, name)
        services.set_calendar(round_, [(PhaseKind.VOTING, at)], at + days * DAY, by=eli, at=at)
        services.announce_round(round_, by=eli, at=at)

    assert [each.name for each in queries.rounds_in(PhaseKind.VOTING, at)] == ["Sooner", "Later"]


def test_a_new_calendar_replaces_the_old_one_even_where_times_change_places(
    db: SQLAlchemy, eli: User
) -> None:
    at = now.now()
    round_ = a_round(eli)
    first = [(PhaseKind.REVIEW, at), (PhaseKind.VOTING, at + DAY)]
    services.set_calendar(round_, first, at + 3 * DAY, by=eli, at=at)
    second = [
        (PhaseKind.SUBMISSION, at),
        (PhaseKind.REVIEW, at + DAY),
        (PhaseKind.VOTING, at + 2 * DAY),
    ]
    services.set_calendar(round_, second, at + 4 * DAY, by=eli, at=at)
    db.session.commit()
    db.session.expire_all()

    assert [(span.kind, span.starts_at) for span in round_.spans] == second
    assert round_.spans[-1].ends_at == at + 4 * DAY


def test_a_calendar_without_voting_is_refused(db: SQLAlchemy, eli: User) -> None:
    at = now.now()
    round_ = a_round(eli)

    with pytest.raises(services.WrongCalendar, match="no_voting"):
        services.set_calendar(round_, [(PhaseKind.REVIEW, at)], at + DAY, by=eli, at=at)
    assert round_.spans == []


def test_pots_stand_in_the_order_in_which_they_were_added(db: SQLAlchemy, eli: User) -> None:
    at = now.now()
    round_ = a_round(eli)
    riverside = people.district("Riverside")
    services.add_pot(round_, "Whole city", 100_00, None, by=eli, at=at)
    pot = services.add_pot(round_, "Riverside", 200_00, riverside, by=eli, at=at)
    services.change_pot(pot, 300_00, by=eli, at=at)
    db.session.commit()
    db.session.expire_all()

    kept = [(each.name, each.amount_minor, each.district_id) for each in round_.pots]
    assert kept == [("Whole city", 100_00, None), ("Riverside", 300_00, riverside.id)]
    services.remove_pot(round_.pots[0], by=eli, at=at)
    db.session.commit()
    db.session.expire_all()
    assert [each.name for each in round_.pots] == ["Riverside"]


def test_categories_come_and_go(db: SQLAlchemy, eli: User) -> None:
    round_ = a_round(eli)
    parks = services.add_category(round_, "Parks")
    services.add_category(round_, "Culture")
    services.remove_category(parks)
    db.session.commit()
    db.session.expire_all()

    assert [each.name for each in round_.categories] == ["Culture"]


def test_only_an_officer_changes_a_round(db: SQLAlchemy, eli: User, dana: User, adam: User) -> None:
    round_ = a_round(eli)
    at = now.now()

    assert permissions.why_not_change_round(eli, round_, at) is None
    for person in (dana, adam, None):
        refusal = permissions.why_not_change_round(person, round_, at)
        assert refusal is not None
        assert (refusal.code, refusal.status) == ("not_an_officer", 403)


def test_the_first_ballot_freezes_the_round_and_keeps_only_the_hour(
    db: SQLAlchemy, eli: User
) -> None:
    round_ = a_round(eli)
    at = now.now().replace(minute=17, second=5)
    services.freeze_round(round_, at=at)
    services.freeze_round(round_, at=at + DAY)
    db.session.commit()

    assert round_.frozen_at == at.replace(minute=0, second=0, microsecond=0)
    refusal = permissions.why_not_change_round(eli, round_, at)
    assert refusal is not None
    assert (refusal.code, refusal.status) == ("frozen", 409)
    acts = db.session.scalars(select(AuditEntry.act)).all()
    assert "freeze_round" not in acts, "no row tells when the first ballot was cast"


def test_a_round_that_was_read_together_with_its_calendar_freezes_too(
    db: SQLAlchemy, eli: User
) -> None:
    at = now.now()
    a_round(by=eli)
    db.session.commit()
    db.session.expunge_all()
    with_calendar = select(Round).options(joinedload(Round.phases))

    services.freeze_round(db.session.scalars(with_calendar).unique().one(), at=at)

    assert db.session.scalars(select(Round.frozen_at)).one() is not None


def test_a_round_that_froze_meanwhile_is_seen_frozen_by_who_would_change_it(
    db: SQLAlchemy, eli: User
) -> None:
    round_ = a_round(eli)
    db.session.commit()
    assert round_.frozen_at is None
    db.session.commit()
    with db.engine.begin() as elsewhere:
        elsewhere.execute(update(Round).values(frozen_at=now.now()))

    again = queries.round_seen_by(eli, "lodz-decides-2027", for_change=True)
    assert again is not None
    assert permissions.why_not_change_round(eli, again, now.now()) is not None
