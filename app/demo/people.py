"""Gives the people of the demonstration their accounts."""

from datetime import datetime

from accounts.code_app import sealed_from
from accounts.models import User
from accounts.services import confirm_residency, create_account
from accounts.services.second_factors import give_app
from app.demo.cast import CAST, PASSWORD
from app.demo.codes import secret_of
from core.database import db
from districts.queries import district_by_name


def make_everybody(at: datetime) -> dict[str, User]:
    """The cast by name, the staff with their second factors. Clara confirmed Amara and Chen."""
    made = {
        person.name: create_account(person.email, person.name, PASSWORD, at=at, roles=person.roles)
        for person in CAST
    }
    db.session.flush()
    for person in CAST:
        if person.roles:
            give_app(made[person.name], sealed_from(secret_of(person.email)), at=at)
        district = district_by_name(person.lives_in) if person.lives_in else None
        if district is not None:
            register_id = f"DEMO {person.name}"
            confirm_residency(made[person.name], register_id, district, by=made["Clara"], at=at)
    return made
