"""Which districts there are."""

from sqlalchemy import select

from core.database import db
from districts.models import District


def all_districts() -> list[District]:
    """Every district, in the city's own order."""
    return list(db.session.scalars(select(District).order_by(District.position, District.name)))


def district_by_ref(ref: str) -> District | None:
    return db.session.scalar(select(District).where(District.ref == ref))


def district_by_name(name: str) -> District | None:
    return db.session.scalar(select(District).where(District.name == name))


def names_by_id() -> dict[int, str]:
    """The names of all districts by row id, for pages that show many places."""
    rows = db.session.execute(select(District.id, District.name))
    return {row.id: row.name for row in rows}
