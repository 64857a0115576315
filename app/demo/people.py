"""The people of the demonstration. They are invented; so is their password."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from accounts.services import confirm_residency, create_account
from core.database import db
from districts.queries import district_by_name

PASSWORD = "open purse demo"  # noqa: S105  (printed by `make demo`)


@dataclass(frozen=True)
class Person:
    """Who somebody is; `lives_in` is her district where a clerk has confirmed it."""

    email: str
    name: str
    what: str
    roles: tuple[str, ...] = ()
    lives_in: str = ""


CAST = (
    Person("amara@example.org", "Amara", "verified resident of Podgórze", lives_in="Podgórze"),
    Person("bo@example.org", "Bo", "resident whom no clerk has verified yet"),
    Person("chen@example.org", "Chen", "verified resident of Czyżyny", lives_in="Czyżyny"),
    Person("clara@example.org", "Clara", "clerk: confirms residents", ("clerk",)),
    Person("dana@example.org", "Dana", "moderator", ("moderator",)),
    Person("daniel@example.org", "Daniel", "moderator", ("moderator",)),
    Person("farah@example.org", "Farah", "reviewer of proposals", ("reviewer",)),
    Person("eli@example.org", "Eli", "election officer: sets up, counts, certifies", ("officer",)),
    Person("ewa@example.org", "Ewa", "election officer: publishes", ("officer",)),
    Person("adam@example.org", "Adam", "administrator", ("administrator",)),
)


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
