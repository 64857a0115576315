"""The acts of this room: adding a district and correcting what is known of it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core import audit
from core.actors import Actor
from core.database import db
from core.refs import new_ref, slug
from core.text import clean_line
from districts.models import District


class NameTaken(RuntimeError):
    """Another district has this name."""


def add_district(
    name: str, *, at: datetime, population: int | None = None, by: Actor | None = None
) -> District:
    """A new district at the end of the list. Raises NameTaken."""
    last = db.session.scalar(select(func.max(District.position)))
    district = District(
        ref=_free_ref(name),
        name=clean_line(name),
        population=population,
        position=0 if last is None else last + 1,
    )
    try:
        with db.session.begin_nested():
            db.session.add(district)
    except IntegrityError as error:
        raise NameTaken from error
    audit.record(
        "add_district", f"district:{district.ref}", by=by, at=at, name=name, population=population
    )
    return district


def change_district(
    district: District, name: str, population: int | None, *, by: Actor | None, at: datetime
) -> None:
    """A new name or number of inhabitants. Its address stays as it is. Raises NameTaken."""
    before = {"name": district.name, "population": district.population}
    try:
        with db.session.begin_nested():
            district.name, district.population = clean_line(name), population
    except IntegrityError as error:
        raise NameTaken from error
    audit.record(
        "change_district",
        f"district:{district.ref}",
        by=by,
        at=at,
        before=before,
        after={"name": district.name, "population": population},
    )


def _free_ref(name: str) -> str:
    wished = slug(clean_line(name))
    taken = db.session.scalar(select(District.id).where(District.ref == wished))
    return wished if taken is None else f"{wished}-{new_ref()[:4]}"
