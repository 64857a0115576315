"""Confirming residents: a clerk's word lets a person vote, from that moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from accounts import permissions, queries, services
from accounts.models import Residency, User
from accounts.person_keys import WrongRegisterId, person_key
from core import slots
from core.audit import AuditEntry
from core.database import Base
from core.database import db as database
from tests.accounts.devices import another_device
from tests.accounts.letters import last_letter
from tests.harness import people
from tests.harness.client import BrowserLikeClient
from voting.queries.rolls import roll_entry_of

AT = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)
NUMBER = "QX 774-411"


@pytest.fixture
def desk(client: BrowserLikeClient, clara: User) -> BrowserLikeClient:
    """Clara, the clerk, at her screen; Riverside and Hillside are districts."""
    people.district("Riverside")
    people.district("Hillside")
    people.sign_in(client, clara)
    return client


def confirm(
    desk: BrowserLikeClient, person: User, number: str = NUMBER, district: str = "riverside"
) -> TestResponse:
    return desk.post(
        f"/staff/residents/{person.ref}/residency",
        data={"register_id": number, "district": district},
    )


def test_bo_may_vote_in_the_session_that_he_has_open(
    app: Flask, desk: BrowserLikeClient, bo: User
) -> None:
    his = another_device(app)
    people.sign_in(his, bo)
    assert "Not yet" in his.get("/account").text

    answer = confirm(desk, bo)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/staff/residents/{bo.ref}")
    assert "You may vote" in his.get("/account").text
    entry = roll_entry_of(bo.id)
    assert entry is not None
    assert entry.person_key == person_key(NUMBER)
    assert "resident of Riverside" in last_letter(app, "bo@example.org").body


def test_the_number_of_the_register_is_kept_nowhere_and_never_shown(
    desk: BrowserLikeClient, bo: User
) -> None:
    second = people.somebody("Bo Two")
    with capture_logs() as lines:
        pages = [confirm(desk, bo, district="").text]
        pages.append(confirm(desk, bo).text)
        pages.append(desk.get(f"/staff/residents/{bo.ref}").text)
        pages.append(confirm(desk, second).text)
        pages.append(confirm(desk, bo).text)
    assert lines

    plain = "QX774411"
    for seen in (*pages, str(lines), everything_stored()):
        squeezed = "".join(seen.split()).replace("-", "").upper()
        assert plain not in squeezed


def everything_stored() -> str:
    rows = [
        str(row)
        for table in Base.metadata.sorted_tables
        for row in database.session.execute(select(table))
    ]
    return "\n".join(rows)


def test_the_act_is_on_the_record(desk: BrowserLikeClient, bo: User, clara: User) -> None:
    confirm(desk, bo)

    entry = database.session.scalar(
        select(AuditEntry).where(
            AuditEntry.act == "confirm_residency", AuditEntry.subject == f"account:{bo.ref}"
        )
    )
    assert entry is not None
    assert (entry.actor_id, entry.details) == (clara.id, {"district": "riverside", "way": "desk"})


@pytest.mark.parametrize("number", ["", "   ", "12", "....", "<script>", "x" * 300, "0000000"])
def test_a_number_that_cannot_be_one_is_refused(
    desk: BrowserLikeClient, bo: User, number: str
) -> None:
    answer = confirm(desk, bo, number)

    assert answer.status_code == 422
    assert queries.residency_of(bo.id) is None
    assert number.strip() == "" or f'value="{number}"' not in answer.text


@pytest.mark.parametrize("district", ["", "atlantis", "1"])
def test_a_district_that_is_not_there_is_refused(
    desk: BrowserLikeClient, bo: User, district: str
) -> None:
    assert confirm(desk, bo, district=district).status_code == 422
    assert queries.residency_of(bo.id) is None


@pytest.mark.attack("B32")
def test_one_person_has_one_vote_whatever_the_number_of_her_accounts(
    desk: BrowserLikeClient, bo: User
) -> None:
    second = people.somebody("Bo Two")
    confirm(desk, bo, "QX774411")

    answer = confirm(desk, second, "qx 774 411")
    refusal = permissions.why_not_confirm_residency(
        people.cast("clara"), second, person_key(NUMBER), people.district("Hillside"), AT
    )

    assert answer.status_code == 409
    assert "cannot be tied to this account" in answer.text
    assert "townhall@example.org" in answer.text
    assert "bo@example.org" not in answer.text
    assert queries.residency_of(second.id) is None
    assert refusal is not None
    assert (refusal.code, refusal.status) == ("person_taken", 409)


def test_who_is_confirmed_is_not_confirmed_again(desk: BrowserLikeClient, bo: User) -> None:
    confirm(desk, bo)

    answer = confirm(desk, bo, "another 1234", "hillside")

    assert answer.status_code == 409
    assert "confirmed as a resident already" in answer.text
    residency = queries.residency_of(bo.id)
    assert residency is not None
    assert residency.person_key == person_key(NUMBER)


def test_an_account_without_a_confirmed_address_is_not_confirmed(
    desk: BrowserLikeClient, bo: User
) -> None:
    bo.confirmed_at = None

    answer = confirm(desk, bo)

    assert answer.status_code == 409
    assert "address is not confirmed yet" in answer.text
    assert queries.residency_of(bo.id) is None


def test_a_clerk_does_not_confirm_herself(desk: BrowserLikeClient, clara: User) -> None:
    assert confirm(desk, clara).status_code == 403
    assert queries.residency_of(clara.id) is None
    assert "Nobody can confirm herself" in desk.get(f"/staff/residents/{clara.ref}").text


@pytest.mark.parametrize("name", ["amara", "dana", "eli", "farah", "adam"])
def test_only_clerks_confirm(client: BrowserLikeClient, bo: User, name: str) -> None:
    people.district("Riverside")
    somebody = people.cast(name)
    people.sign_in(client, somebody)

    assert confirm(client, bo).status_code == 403
    assert client.get("/staff/residents").status_code == 403
    refusal = permissions.why_not_confirm_residency(
        somebody, bo, "k" * 64, people.district("Riverside"), AT
    )
    assert refusal is not None
    assert refusal.code == "not_a_clerk"


def test_nobody_who_lost_the_role_goes_on_with_it(
    desk: BrowserLikeClient, bo: User, clara: User
) -> None:
    clara.roles = []

    assert confirm(desk, bo).status_code == 403


def test_who_moved_is_entered_for_the_new_district_with_a_reason(
    desk: BrowserLikeClient, bo: User, clara: User
) -> None:
    confirm(desk, bo)
    url = f"/staff/residents/{bo.ref}/residency/district"

    without = desk.post(url, data={"district": "hillside", "reason": " "})
    assert without.status_code == 422
    answer = desk.post(url, data={"district": "hillside", "reason": "New address on the card"})

    assert answer.status_code == 303
    entry = roll_entry_of(bo.id)
    assert entry is not None
    assert entry.district_id == people.district("Hillside").id
    act = database.session.scalar(select(AuditEntry).where(AuditEntry.act == "move_residency"))
    assert act is not None
    assert (act.actor_id, act.reason) == (clara.id, "New address on the card")


def test_who_is_not_confirmed_cannot_move(desk: BrowserLikeClient, bo: User) -> None:
    answer = desk.post(
        f"/staff/residents/{bo.ref}/residency/district",
        data={"district": "hillside", "reason": "moved"},
    )

    assert answer.status_code == 409


def test_the_desk_finds_people_by_words_of_name_or_address(
    desk: BrowserLikeClient, bo: User
) -> None:
    zoe = people.somebody("Zoë Łęcka")
    hidden = people.somebody("Zoë Unconfirmed")
    hidden.confirmed_at = None

    for typed in ("zoe lecka", "lec", "ZOË", zoe.email, "zoe.lecka"):
        page = desk.get("/staff/residents", query_string={"q": typed}).text
        assert "Zoë Łęcka" in page, typed
        assert "Unconfirmed" not in page
        assert ">Bo<" not in page
    assert "No confirmed account" in desk.get("/staff/residents?q=quetzal").text
    for typed in ("'", '"', "*", "%", "a OR b", "\x00", "<b>"):
        assert desk.get("/staff/residents", query_string={"q": typed}).status_code in {200, 400}


def test_a_long_list_has_pages_and_costs_the_same(desk: BrowserLikeClient) -> None:
    for number in range(65):
        people.somebody(f"Resident {number:02d}", home=people.district("Riverside"))
    database.session.commit()

    with counted() as queries_made:
        first = desk.get("/staff/residents").text
    assert "Resident 64" in first
    assert "Resident 34" not in first
    assert len(queries_made) < 15
    found = desk.get("/staff/residents?q=resident").text
    assert "Resident 29" in found
    assert "Resident 30" not in found
    assert desk.get("/staff/residents?after=nonsense").status_code == 200
    assert desk.get("/staff/residents?q=resident&after=W10").status_code == 200


@contextmanager
def counted() -> Iterator[list[str]]:
    made: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        made.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield made
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


@pytest.mark.attack("B32")
def test_the_database_itself_holds_one_residency_a_person(app: Flask, bo: User) -> None:
    home = people.district("Riverside")
    second = people.somebody("Bo Two")
    services.confirm_residency(bo, NUMBER, home, by=None, at=AT)

    with pytest.raises(services.PersonTaken):
        services.confirm_residency(second, NUMBER, home, by=None, at=AT)
    with pytest.raises(services.PersonTaken):
        services.confirm_residency(bo, "another 1234", home, by=None, at=AT)
    with pytest.raises(WrongRegisterId):
        services.confirm_residency(second, "", home, by=None, at=AT)

    assert database.session.scalars(select(Residency.user_id)).all() == [bo.id]
    assert database.session.scalar(text("SELECT count(*) FROM residency")) == 1


def test_upper_rooms_are_told(app: Flask, bo: User) -> None:
    told: list[Residency] = []
    slots.put(app, "residency_confirmed", lambda residency, **_facts: told.append(residency))

    residency = services.confirm_residency(bo, NUMBER, people.district("Riverside"), by=None, at=AT)
    services.move_residency(residency, people.district("Hillside"), reason="x", by=None, at=AT)

    assert told == [residency, residency]
