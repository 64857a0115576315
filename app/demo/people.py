"""Gives the people of the demonstration their accounts."""

from datetime import datetime

from accounts.models import User
from accounts.services import confirm_residency, create_account
from app.demo.cast import CAST, PASSWORD
from core.database import db
from districts.queries import district_by_name


def make_everybody(at: datetime) -> dict[str, User]:
    """The cast by name. Amara and Chen were confirmed by Clara."""
    made = {
        person.name: create_account(person.email, person.name, PASSWORD, at=at, roles=person.roles)
        for person in CAST
    }
    db.session.flush()
    for person in CAST:
        district = district_by_name(person.lives_in) if person.lives_in else None
        if district is not None:
            register_id = f"DEMO {person.name}"
            confirm_residency(made[person.name], register_id, district, by=made["Clara"], at=at)
    return made
