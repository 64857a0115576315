"""The clock. Routes, jobs and commands ask it; everything below them is told the time (`at=`)."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from flask import current_app


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def city_zone() -> ZoneInfo:
    """The zone in which the city reads its times."""
    return ZoneInfo(current_app.config["SETTINGS"].city_time_zone)


def in_city(moment: datetime) -> datetime:
    """The same moment as the town-hall clock shows it."""
    return moment.astimezone(city_zone())


def city_day(moment: datetime) -> date:
    return in_city(moment).date()


def from_city(local: datetime) -> datetime:
    """A time typed in the city's zone, as UTC."""
    return local.replace(tzinfo=city_zone()).astimezone(UTC)
