"""The second factor: set up, shown at sign-in, needed by who works here, and what if it is lost."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from accounts import code_app
from accounts.code_app import SECONDS, code_at
from accounts.models import AccountSession, RecoveryCode, SecondFactor, User
from accounts.services.second_factors import new_recovery_codes
from config import Settings, WrongSettings
from core import clock as time
from core.access import ROLES
from core.audit import AuditEntry
from core.database import db as database
from tests.accounts.devices import another_device
from tests.accounts.letters import last_letter
from tests.harness import people
from tests.harness.application import new_app, settings_for
from tests.harness.client import BrowserLikeClient
from tests.harness.html import text_of
from tests.harness.second_person import confirm_as

AMARA = {"email": "amara@example.org", "password": people.PASSWORD}
CLARA = {"email": "clara@example.org", "password": people.PASSWORD}


def show_password(client: BrowserLikeClient, form: dict[str, str], then: str = "/account") -> None:
    """The first step, which leads to the second."""
    answer = client.post("/login", data=form | {"next": then})
    assert answer.headers["Location"] == f"/login/second-step?next={then}"


def set_up_app(client: BrowserLikeClient) -> str:
    """Sets up an app as a person does, and returns the key that it holds."""
    page = client.get("/account/second-factor/app").text
    found = re.search(r'<code class="digest">([A-Z2-7-]+)</code>', page)
    assert found is not None
    key = found[1].replace("-", "")
    answer = client.post("/account/second-factor/app", data={"code": code_now(key)})
    assert answer.status_code == 303, answer.text
    return key


def code_now(key: str, later: int = 0) -> str:
    return code_at(key, int(time.now().timestamp()) // SECONDS + later)


def test_clara_without_a_second_factor_is_led_to_set_one_up_and_on_to_her_work(
    clock: time_machine.Traveller, client: BrowserLikeClient, clara: User
) -> None:
    client.post("/login", data=CLARA)
    asked = client.get("/staff/residents")
    assert asked.headers["Location"] == "/account/second-factor?next=/staff/residents"
    page = client.get(asked.headers["Location"]).text
    assert "You need one to work here" in page
    assert "/account/second-factor/app?next=/staff/residents" in page

    shown = client.get("/account/second-factor/app?next=/staff/residents")
    assert 'src="data:image/svg+xml' in shown.text
    key = re.search(r'<code class="digest">([A-Z2-7-]+)</code>', shown.text)[1].replace("-", "")  # type: ignore[index]
    form = {"code": code_now(key), "next": "/staff/residents"}
    answer = client.post("/account/second-factor/app", data=form)

    assert answer.headers["Location"] == (
        "/account/second-factor/recovery-codes?next=/staff/residents"
    )
    codes = client.post(answer.headers["Location"])
    assert len(re.findall(r"<li><code", codes.text)) == 10
    assert 'href="/staff/residents"' in codes.text
    assert client.get("/staff/residents").status_code == 200


def test_amara_who_chose_it_is_asked_for_a_code_and_led_where_she_wanted(
    clock: time_machine.Traveller, client: BrowserLikeClient, amara: User
) -> None:
    client.post("/login", data=AMARA)
    key = set_up_app(client)
    client.post("/logout")
    clock.shift(timedelta(minutes=1))

    show_password(client, AMARA)
    assert client.get("/account").status_code == 302
    page = client.get("/login/second-step?next=/account")
    assert 'value="/account"' in page.text
    answer = client.post("/login/second-step", data={"code": code_now(key), "next": "/account"})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    assert client.get("/account").status_code == 200


def test_a_wrong_first_code_sets_nothing_up(client: BrowserLikeClient, amara: User) -> None:
    client.post("/login", data=AMARA)
    client.get("/account/second-factor/app")

    answer = client.post("/account/second-factor/app", data={"code": "000000"})

    assert answer.status_code == 422
    assert "This is not the code" in answer.text
    assert database.session.scalars(select(SecondFactor)).all() == []


def test_setting_one_up_signs_other_devices_out(
    app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    other = another_device(app)
    other.post("/login", data=AMARA)
    client.post("/login", data=AMARA)

    set_up_app(client)

    assert other.get("/account").status_code == 302
    assert client.get("/account").status_code == 200
    assert "second factor" in last_letter(app, amara.email).subject


def test_the_secret_is_in_no_column_and_no_cookie_as_it_is(
    client: BrowserLikeClient, amara: User
) -> None:
    client.post("/login", data=AMARA)
    client.get("/account/second-factor/app")
    with client.session_transaction() as session:
        waiting = session["new_app"]
    key = set_up_app(client)

    row = database.session.scalars(select(SecondFactor)).one()
    assert row.app_secret == waiting
    assert key not in waiting
    assert code_app.setup_of(waiting, "x").key.replace("-", "") == key


def test_a_lost_telephone_and_a_code_on_paper(
    clock: time_machine.Traveller, app: Flask, client: BrowserLikeClient, amara: User
) -> None:
    people.code_for(amara)
    code = new_recovery_codes(amara, at=time.now())[3]
    show_password(client, AMARA)

    typed = code.upper().replace("-", " ")
    answer = client.post("/login/recovery", data={"recovery_code": typed})

    assert answer.headers["Location"] == "/account/second-factor"
    assert "You have 9 left." in client.get("/account/second-factor").text
    assert "recovery code" in last_letter(app, amara.email).subject
    assert len(database.session.scalars(select(RecoveryCode)).all()) == 9


def test_who_works_here_keeps_one(client: BrowserLikeClient, clara: User) -> None:
    people.code_for(clara)
    people.sign_in(client, clara)

    answer = client.post("/account/second-factor/app/removal")

    assert answer.status_code == 409
    assert "only second factor" in answer.text


def test_amara_may_do_without_again(client: BrowserLikeClient, amara: User) -> None:
    people.code_for(amara)
    new_recovery_codes(amara, at=time.now())
    people.sign_in(client, amara)

    assert client.post("/account/second-factor/app/removal").status_code == 303

    assert database.session.scalars(select(SecondFactor)).all() == []
    assert database.session.scalars(select(RecoveryCode)).all() == []
    client.post("/logout")
    assert client.post("/login", data=AMARA).headers["Location"] == "/"


def test_changing_it_asks_for_the_password_typed_long_ago(
    clock: time_machine.Traveller, client: BrowserLikeClient, amara: User
) -> None:
    people.code_for(amara)
    people.sign_in(client, amara)
    clock.shift(timedelta(hours=2))

    for url in ("app", "app/removal", "recovery-codes", "passkeys"):
        answer = client.post(f"/account/second-factor/{url}", data={"code": "000000"})
        assert answer.headers["Location"].startswith("/account/password-check"), url
    assert client.post("/account/second-factor/passkeys/options").status_code == 409


def test_a_city_may_ask_it_of_some_roles_only(
    database_url: str, tmp_path: Path, client: BrowserLikeClient, dana: User, eli: User
) -> None:
    database.session.commit()
    app = new_app(settings_for(database_url, tmp_path, second_factor_roles="officer"))
    with app.app_context():
        for email, status in (("dana@example.org", 200), ("eli@example.org", 302)):
            device = another_device(app)
            device.post("/login", data={"email": email, "password": people.PASSWORD})
            assert device.get("/staff").status_code == status
        database.session.remove()
        database.engine.dispose()


def test_every_role_needs_it_unless_a_city_says_otherwise() -> None:
    assert set(Settings.model_fields["second_factor_roles"].default) == set(ROLES)


@pytest.mark.parametrize("named", ["officr", "officer,king", "", " , "])
def test_a_role_that_is_misspelt_stops_the_start(
    database_url: str, tmp_path: Path, named: str
) -> None:
    with pytest.raises((WrongSettings, ValueError), match=r"no role|at least one"):
        new_app(settings_for(database_url, tmp_path, second_factor_roles=named))


def test_two_administrators_take_a_lost_one_away(
    app: Flask, client: BrowserLikeClient, adam: User, ada: User, clara: User
) -> None:
    people.code_for(clara)
    hers = another_device(app)
    people.sign_in(hers, clara)
    people.sign_in(client, adam)

    asked = client.post(f"/staff/people/{clara.ref}/second-factor/removal")
    assert asked.status_code == 303
    assert hers.get("/account").status_code == 200
    assert confirm_as(app, ada) == 303

    assert hers.get("/account").status_code == 302
    hers.post("/login", data=CLARA)
    assert hers.get("/staff/residents").headers["Location"].startswith("/account/second-factor")
    assert database.session.scalar(
        select(AuditEntry).where(AuditEntry.act == "reset_second_factor")
    )
    assert "second factor" in last_letter(app, clara.email).subject


def test_one_that_was_set_up_meanwhile_is_not_the_one_that_was_lost(
    app: Flask, client: BrowserLikeClient, adam: User, ada: User, clara: User
) -> None:
    people.code_for(clara)
    people.sign_in(client, adam)
    client.post(f"/staff/people/{clara.ref}/second-factor/removal")
    factor = database.session.scalars(select(SecondFactor)).one()
    factor.app_since = (time.now() + timedelta(days=1)).date()

    assert confirm_as(app, ada) == 409
    assert database.session.scalars(select(SecondFactor)).all()


def test_nobody_takes_her_own_away_at_the_desk_nor_one_that_is_not_there(
    client: BrowserLikeClient, adam: User, ada: User, clara: User
) -> None:
    people.code_for(adam)
    people.sign_in(client, adam)

    assert client.post(f"/staff/people/{adam.ref}/second-factor/removal").status_code == 403
    assert client.post(f"/staff/people/{clara.ref}/second-factor/removal").status_code == 409


def test_who_runs_the_server_helps_the_last_administrator(
    app: Flask, client: BrowserLikeClient, adam: User
) -> None:
    people.code_for(adam)
    database.session.commit()

    said = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", adam.email])

    assert said.exit_code == 0
    assert database.session.scalars(select(SecondFactor)).all() == []
    nobody = app.test_cli_runner().invoke(args=["accounts", "reset-second-factor", "x@example.org"])
    assert nobody.exit_code != 0


def test_a_session_shows_whether_the_second_factor_was_shown(
    clock: time_machine.Traveller, client: BrowserLikeClient, clara: User
) -> None:
    code = people.code_for(clara)
    show_password(client, CLARA, "/staff/residents")
    assert database.session.scalars(select(AccountSession)).all() == []

    client.post("/login/second-step", data={"code": code})

    assert database.session.scalars(select(AccountSession)).one().confirmed


def test_the_pages_say_what_is_set_up(client: BrowserLikeClient, amara: User) -> None:
    people.code_for(amara)
    people.sign_in(client, amara)

    page = text_of(client.get("/account/second-factor").text)

    assert "Set up another app instead" in page
    assert "You have 0 codes left" in page
