"""What a form does not ask for changes nothing, however it is called.

Every form of the application is sent with a field for each column of each table beside its own.
"""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy import Boolean, Column, Integer, String, Table, select

from accounts.models import Role, User
from core.database import Base, db
from tests.harness.client import BrowserLikeClient
from tests.harness.crawl import become
from tests.harness.html import assert_clean_page
from tests.harness.town import Town
from tests.security.pages_with_forms import MetForm, met_forms

MARK = "mass-assigned"
NUMBER = 918_273_645
PRIVILEGES = {
    "role": "administrator", "roles": "administrator", "is_admin": "1", "admin": "1", "active": "1",
    "verified": "1", "confirmed": "1", "user": "1", "votes": "999", "district_ref": "hillside",
    "chosen": "1", "funded": "1", "user_roles": "administrator", "by": "1", "at": "2020-01-01",
}  # fmt: skip


@pytest.mark.attack("B58")
@pytest.mark.sqlite
def test_fields_that_a_form_does_not_ask_for_change_no_column(
    app: Flask, client: BrowserLikeClient, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = met_forms(app, client, town)
    monkeypatch.setattr("tests.harness.client.assert_clean_page", lambda _page: None)
    before, done = holders_of_roles(), 0
    for form in forms:
        become(client, form.person)
        sent = urlencode(with_extras(form))
        response = client.post(
            form.action, data=sent, content_type="application/x-www-form-urlencoded"
        )
        assert response.status_code < 500, form
        done += response.status_code in {200, 302, 303}

    assert done > len(forms) // 3, "Too few of the forms did anything."
    assert marked_columns() == []
    changed = {ref for ref, _ in before ^ holders_of_roles()}
    assert changed <= refs_of_role_forms(forms)


def with_extras(form: MetForm) -> list[tuple[str, str]]:
    """The form's own fields, and one named for every column, in its own type."""
    own = {name for name, _ in form.fields}
    columns = {column.name: column for table in Base.metadata.tables.values() for column in table.c}
    extras = {name: value_for(column) for name, column in columns.items()} | PRIVILEGES
    prefixes = {name.rpartition("-")[0] for name in own if "-" in name}
    extras |= {f"{prefix}-{name}": value for prefix in prefixes for name, value in extras.items()}
    return [*form.fields, *((name, value) for name, value in extras.items() if name not in own)]


def value_for(column: Column[Any]) -> str:
    kind = column.type.python_type if hasattr(column.type, "python_type") else str
    if isinstance(column.type, Boolean):
        return "1"
    if isinstance(column.type, Integer):
        return str(NUMBER)
    return "2001-02-03T04:05" if kind in {date, datetime} else f"{MARK} {column.name}"


def marked_columns() -> list[str]:
    """Columns in which a value stands that no form asked for."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            found += [
                f"{table.name}.{name}: {value!r}"
                for name, value in row.items()
                if is_mark(table, name, value)
            ]
    return found


def is_mark(table: Table, name: str, value: Any) -> bool:
    if isinstance(table.c[name].type, String) and isinstance(value, str):
        return MARK in value
    if isinstance(value, datetime):
        return (value.year, value.month, value.day) == (2001, 2, 3)
    return value == NUMBER and not isinstance(value, bool)


def holders_of_roles() -> set[tuple[str, str]]:
    db.session.expire_all()
    people = db.session.scalars(select(User)).all()
    assert db.session.scalars(select(Role)).all()
    return {(person.ref, role.name) for person in people for role in person.roles}


def refs_of_role_forms(forms: list[MetForm]) -> set[str]:
    """People whose roles an administrator's own forms change."""
    return {
        part
        for form in forms
        if form.endpoint.startswith("accounts.admin.people")
        for part in form.action.split("/")
    }


@pytest.mark.sqlite
def test_a_mark_in_a_column_would_be_noticed(town: Town) -> None:
    town.world.published.title = f"{MARK} title"
    db.session.flush()

    assert marked_columns() == [f"proposal.title: '{MARK} title'"]


def test_the_strict_parser_is_still_there_for_others() -> None:
    with pytest.raises(AssertionError):
        assert_clean_page("<p>")
