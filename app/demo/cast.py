"""Who the people of the demonstration are. They are invented; so is their password."""

from dataclasses import dataclass

PASSWORD = "open purse demo"  # noqa: S105  (printed by `make demo`)

LETTER_CODE = "CRKW-2728-VTNW-PRJX"
LETTER_DISTRICT = "Podgórze"


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
    Person("ida@example.org", "Ida", "auditor: opens sealed ballots", ("auditor",)),
    Person("adam@example.org", "Adam", "administrator", ("administrator",)),
    Person("ada@example.org", "Ada", "administrator: confirms", ("administrator",)),
)


def sign_ins() -> list[dict[str, str]]:
    """Whom the sign-in page of the demonstration offers to try out."""
    return [
        {"role": f"{person.name}, {person.what}", "email": person.email, "password": PASSWORD}
        for person in CAST
    ]


def letter() -> dict[str, str]:
    """What the voters' door of the demonstration offers to try out."""
    return {"code": LETTER_CODE, "district": LETTER_DISTRICT}
