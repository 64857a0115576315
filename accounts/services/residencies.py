"""Residency: who an account belongs to and where she lives, by a clerk's word or another way."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from accounts import queries
from accounts.models import Residency, User
from accounts.person_keys import person_key
from accounts.ways import DESK
from core import audit, slots
from core.actors import Actor
from core.database import db
from districts.models import District


class PersonTaken(RuntimeError):
    """The person of the register has another account, or the account is another person's."""


def confirm_residency(
    user: User, register_id: str, district: District, *, by: Actor | None, at: datetime
) -> Residency:
    """This account is the person with this register id, and she lives in the district.

    Raises WrongRegisterId, or PersonTaken. Said again of the same person, it only enters the
    district. The register id goes no further than this function.
    """
    return confirm_person(user, person_key(register_id), district, way=DESK, by=by, at=at)


def confirm_person(
    user: User, key: str, district: District, *, way: str, by: Actor | None, at: datetime
) -> Residency:
    """The same of the person who has this key, whichever way showed it. Raises PersonTaken."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    residency = queries.residency_of(user.id)
    if residency is None:
        residency = _new_residency(user, key, district, way, by, at)
    elif residency.person_key != key:
        raise PersonTaken
    residency.district_id = district.id
    audit.record(
        "confirm_residency",
        f"account:{user.ref}",
        by=by,
        at=at,
        district=district.ref,
        way=residency.way,
    )
    db.session.flush()
    slots.call("residency_confirmed", residency=residency, by=by, at=at)
    return residency


def move_residency(
    residency: Residency, district: District, *, reason: str, by: Actor | None, at: datetime
) -> Residency:
    """She lives in another district now, and stays the same person of the register."""
    db.session.execute(select(Residency.id).where(Residency.id == residency.id).with_for_update())
    before = residency.district_id
    residency.district_id = district.id
    audit.record(
        "move_residency",
        f"account:{residency.user.ref}",
        by=by,
        at=at,
        reason=reason,
        district=district.ref,
        district_id_before=before,
    )
    db.session.flush()
    slots.call("residency_confirmed", residency=residency, by=by, at=at)
    return residency


def take_back_residency(
    residency: Residency, *, reason: str, by: Actor | None, at: datetime
) -> None:
    """This account is not that person after all: it cannot vote from now on, and she can be
    confirmed elsewhere.

    Raises Refused where an upper room knows that it is too late, as once a ballot was cast.
    """
    db.session.execute(select(Residency.id).where(Residency.id == residency.id).with_for_update())
    slots.call("residency_taken_back", residency=residency, by=by, at=at)
    audit.record(
        "take_back_residency",
        f"account:{residency.user.ref}",
        by=by,
        at=at,
        reason=reason,
        way=residency.way,
    )
    db.session.delete(residency)
    db.session.flush()


def _new_residency(
    user: User, key: str, district: District, way: str, by: Actor | None, at: datetime
) -> Residency:
    residency = Residency(
        user_id=user.id,
        person_key=key,
        district_id=district.id,
        way=way,
        confirmed_at=at,
        confirmed_by_id=by.id if by is not None else None,
    )
    try:
        with db.session.begin_nested():
            db.session.add(residency)
    except IntegrityError as error:
        raise PersonTaken from error
    return residency
