"""Verifying oneself: what every way ends in, once it knows which person of the register she is."""

from datetime import datetime

from sqlalchemy import select

from accounts import notifications, permissions
from accounts.models import User
from accounts.services.residencies import PersonTaken, confirm_person
from core import audit
from core.database import db
from core.refusals import Refusal
from districts.models import District


def verify(
    user: User, person_key: str, district_id: int, *, way: str, at: datetime, locale: str
) -> Refusal | None:
    """Ties the account to the person, or says why not. It takes effect at once.

    Of two accounts that claim one person, at the same moment too, the database lets one through;
    the other's try stands in the trail. The caller commits in either case.
    """
    refusal = permissions.why_not_be_verified(user)
    if refusal is not None:
        return refusal
    district = db.session.scalars(select(District).where(District.id == district_id)).one()
    try:
        confirm_person(user, person_key, district, way=way, by=user, at=at)
    except PersonTaken:
        audit.record("claim_taken_person", f"account:{user.ref}", by=user, at=at, way=way)
        return permissions.taken_by_another()
    notifications.ask_for(
        "residency_confirmed", user.email, at=at, locale=locale, district=district.name
    )
    return None
