"""The list of districts: added to, renamed, never shortened."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from core.database import db as database
from districts import queries, services
from districts.models import District
from tests.harness import people
from tests.harness.client import BrowserLikeClient

AT = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)


@pytest.fixture
def office(client: BrowserLikeClient) -> BrowserLikeClient:
    """Eli, the election officer, at his screen."""
    people.sign_in(client, people.cast("eli"))
    return client


def names() -> list[str]:
    database.session.expire_all()
    return [district.name for district in queries.all_districts()]


def test_districts_stand_in_the_order_in_which_they_were_added(app: Flask) -> None:
    for name in ("Prądnik Biały", "Prądnik Czerwony", "Bieńczyce"):
        services.add_district(name, at=AT)

    assert names() == ["Prądnik Biały", "Prądnik Czerwony", "Bieńczyce"]
    assert queries.district_by_ref("pradnik-bialy") is not None


def test_an_officer_adds_a_district(office: BrowserLikeClient) -> None:
    answer = office.post("/staff/districts", data={"name": " Old  Town ", "population": "31000"})

    assert answer.status_code == 303
    district = queries.district_by_ref("old-town")
    assert district is not None
    assert (district.name, district.population) == ("Old Town", 31_000)
    assert "31,000" in office.get("/staff/districts").text


def test_a_new_name_leaves_the_address_as_it_is(office: BrowserLikeClient) -> None:
    office.post("/staff/districts", data={"name": "Old Town"})

    answer = office.post("/staff/districts/old-town", data={"name": "Older Town", "population": ""})

    assert answer.status_code == 303
    district = queries.district_by_ref("old-town")
    assert district is not None
    assert (district.name, district.population) == ("Older Town", None)


def test_two_districts_never_share_a_name(office: BrowserLikeClient) -> None:
    office.post("/staff/districts", data={"name": "Old Town"})
    office.post("/staff/districts", data={"name": "New Town"})

    again = office.post("/staff/districts", data={"name": "Old Town", "population": "7"})
    renamed = office.post("/staff/districts/new-town", data={"name": "Old Town"})

    for answer in (again, renamed):
        assert answer.status_code == 409
        assert "There is a district with this name already." in answer.text
        assert 'value="Old Town"' in answer.text
    assert names() == ["Old Town", "New Town"]


def test_names_that_differ_by_accents_have_addresses_that_differ(app: Flask) -> None:
    first = services.add_district("Łąka", at=AT)
    second = services.add_district("Laka", at=AT)

    assert first.ref == "laka"
    assert second.ref.startswith("laka-")


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"name": "\u202e"}, "Please fill this in."),
        ({"name": "x" * 121}, "Use 120 characters at most."),
        ({"name": "A", "population": "-5"}, "Write a whole number"),
        ({"name": "A", "population": "0"}, "Write a whole number"),
        ({"name": "A", "population": "99999999999999999999"}, "Write a whole number"),
        ({"name": "A", "population": "many"}, "integer"),
    ],
)
def test_a_mistake_gets_a_sentence(
    office: BrowserLikeClient, form: dict[str, str], sentence: str
) -> None:
    answer = office.post("/staff/districts", data=form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert names() == []


@pytest.mark.parametrize("name", ["amara", "clara", "dana", "farah"])
def test_nobody_else_changes_the_list(client: BrowserLikeClient, name: str) -> None:
    people.sign_in(client, people.cast(name))
    before = database.session.query(District).count()

    assert client.post("/staff/districts", data={"name": "Mine"}).status_code == 403
    assert client.get("/staff/districts").status_code == 403
    assert database.session.query(District).count() == before


def test_an_unknown_district_is_not_found(office: BrowserLikeClient) -> None:
    assert office.get("/staff/districts/atlantis").status_code == 404
    assert office.post("/staff/districts/atlantis", data={"name": "x"}).status_code == 404
