"""Times: kept in UTC, typed and shown in the city's zone, whatever zone the server is in."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import MultiDict

from core import clock as town_clock
from core import i18n
from core.audit import AuditEntry
from core.database import db
from core.forms import Form, MomentField

MORNING = datetime(2026, 5, 12, 8, 30, tzinfo=UTC)  # 10:30 in Warsaw
IN_CITY = {
    "2026-05-12T10:30": MORNING,
    "2026-12-31T23:59:59": datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC),
    "2026-10-25T02:30": datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # comes twice: the first
    "2026-10-25T03:00": datetime(2026, 10, 25, 2, 0, tzinfo=UTC),
    "2026-03-29T01:59": datetime(2026, 3, 29, 0, 59, tzinfo=UTC),
    "2026-03-29T03:00": datetime(2026, 3, 29, 1, 0, tzinfo=UTC),
}


class Appointment(Form):
    """One time, as a form asks for it."""

    starts_at = MomentField("Starts")


def typed(value: str) -> Appointment:
    form = Appointment(MultiDict({"starts_at": value}), meta={"csrf": False})
    form.validate()
    return form


@pytest.fixture
def far_server() -> Iterator[None]:
    """A server whose own clock is thirteen hours from the city's."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Kiritimati"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.parametrize(("value", "moment"), IN_CITY.items())
def test_a_time_typed_in_the_city_is_kept_in_utc(
    bare_app: Flask, far_server: None, value: str, moment: datetime
) -> None:
    form = typed(value)

    assert form.starts_at.moment == moment
    assert not form.errors


@pytest.mark.parametrize("value", ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59"])
def test_an_hour_that_is_left_out_in_spring_is_refused(bare_app: Flask, value: str) -> None:
    assert "clocks go forward" in str(typed(value).errors)


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00", "1999-12-31T23:59", "9999-12-31T23:59", "2026-02-30T10:00", "tomorrow",
     "2026-05-12", "", "10000-01-01T00:00", "2026-05-12T25:00", "-2026-05-12T10:00", "NaN"],
)  # fmt: skip
def test_what_is_no_time_is_refused(bare_app: Flask, value: str) -> None:
    assert typed(value).errors


def test_a_time_is_shown_for_change_as_it_was_typed(bare_app: Flask) -> None:
    form = typed("2026-05-12T10:30")
    form.starts_at.show(MORNING)

    assert form.starts_at.data == datetime(2026, 5, 12, 10, 30)  # noqa: DTZ001


def test_now_is_now_in_utc_on_a_server_far_away(far_server: None) -> None:
    with time_machine.travel(MORNING, tick=False):
        assert town_clock.now() == MORNING
        assert town_clock.now().utcoffset() == timedelta(0)


def test_a_day_begins_at_the_citys_midnight(bare_app: Flask) -> None:
    late = datetime(2026, 5, 12, 22, 0, tzinfo=UTC)

    assert town_clock.city_day(late) == date(2026, 5, 13)
    assert town_clock.city_day(late - timedelta(seconds=1)) == date(2026, 5, 12)


def test_a_moment_is_written_with_its_place(bare_app: Flask, far_server: None) -> None:
    assert i18n.moment(MORNING) == "Tuesday 12 May 2026, 10:30 (Warsaw time)"
    assert i18n.day(datetime(2026, 5, 12, 22, 0, tzinfo=UTC)) == "13 May 2026"


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (timedelta(0), "closed"),
        (timedelta(seconds=-1), "closed"),
        (timedelta(microseconds=1), "closes today at 10:30"),
        (timedelta(hours=13, minutes=29), "closes today at 23:59"),
        (timedelta(hours=13, minutes=30), "closes tomorrow at 00:00"),
        (timedelta(hours=24) - timedelta(seconds=1), "closes tomorrow at 10:29"),
        (timedelta(hours=24), "1 day left"),
        (timedelta(hours=37, minutes=29), "1 day left"),
        (timedelta(hours=37, minutes=30), "2 days left"),
        (timedelta(days=30), "30 days left"),
    ],
)
def test_how_long_there_still_is(bare_app: Flask, until: timedelta, words: str) -> None:
    with time_machine.travel(MORNING, tick=False):
        assert i18n.days_left(MORNING + until) == words


def test_a_night_in_which_clocks_change_counts_as_one_day(bare_app: Flask) -> None:
    evening = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)  # 20:00; the night has 25 hours
    with time_machine.travel(evening, tick=False):
        assert i18n.days_left(datetime(2026, 10, 25, 19, 0, tzinfo=UTC)) == "1 day left"


def test_a_time_comes_back_from_the_database_as_it_went_in(app: Flask, far_server: None) -> None:
    moments = [MORNING, datetime(2026, 5, 12, 10, 30, 0, 123456, tzinfo=town_clock.city_zone())]
    for number, moment in enumerate(moments):
        db.session.add(AuditEntry(at=moment, act="try", subject=f"time:{number}"))
    db.session.commit()
    db.session.expire_all()

    found = [entry.at for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]

    assert found == moments
    assert {moment.utcoffset() for moment in found} == {timedelta(0)}


def test_a_time_without_a_zone_cannot_be_stored(app: Flask) -> None:
    db.session.add(AuditEntry(at=MORNING.replace(tzinfo=None), act="try", subject="time:0"))

    with pytest.raises(Exception, match="without a zone"):
        db.session.flush()
    db.session.rollback()


@pytest.mark.sqlite
def test_times_in_the_database_sort_as_they_passed(app: Flask) -> None:
    for hours in (2, 1, 3):
        at = MORNING + timedelta(hours=hours)
        db.session.add(AuditEntry(at=at, act="try", subject=f"time:{hours}"))
    db.session.commit()

    rows: Any = db.session.execute(text("SELECT subject FROM audit_entry ORDER BY at"))
    assert [row[0] for row in rows] == ["time:1", "time:2", "time:3"]


def test_the_programs_time_does_not_depend_on_the_servers_zone(tmp_path: Path) -> None:
    code = "from core import clock; print(clock.now().isoformat()[:13])"
    hours = {
        zone: subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    }
    assert hours["Pacific/Kiritimati"] == hours["Pacific/Pago_Pago"]
