"""The cast. The same eleven people live in every test, so that each name tells what it may do.

Amara: verified resident of Riverside. Bo: signed up, not verified. Chen: verified, of Hillside.
Dana: moderator. Eli and Ewa: election officers. Farah: reviewer. Clara: clerk. Adam and
Ada: administrators. Ida: auditor of sealed ballots.
"""

from dataclasses import dataclass
from functools import cache

from flask_security.utils import hash_password
from playwright.sync_api import Page
from sqlalchemy import select

from accounts import queries
from accounts.code_app import SECONDS, code_at, sealed_from
from accounts.models import User
from accounts.services import confirm_residency, create_account
from accounts.services.second_factors import give_app
from accounts.services.sessions import begin_session
from core import clock
from core.database import db
from districts.models import District
from tests.harness.client import BrowserLikeClient
from voting.models import RollEntry

PASSWORD = "correct horse battery staple"
APP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@dataclass(frozen=True)
class Character:
    """Who somebody of the cast is."""

    name: str
    roles: tuple[str, ...] = ()
    district: str | None = None


CAST = {
    "amara": Character("Amara", district="Riverside"),
    "bo": Character("Bo"),
    "chen": Character("Chen", district="Hillside"),
    "dana": Character("Dana", ("moderator",)),
    "eli": Character("Eli", ("officer",)),
    "ewa": Character("Ewa", ("officer",)),
    "farah": Character("Farah", ("reviewer",)),
    "clara": Character("Clara", ("clerk",)),
    "adam": Character("Adam", ("administrator",)),
    "ada": Character("Ada", ("administrator",)),
    "ida": Character("Ida", ("auditor",)),
}


def cast(name: str) -> User:
    """Somebody of the cast, made and committed where the test has not met them yet."""
    person = db.session.scalar(select(User).where(User.email == f"{name}@example.org"))
    if person is None:
        character = CAST[name]
        home = district(character.district) if character.district else None
        person = somebody(character.name, roles=character.roles, home=home)
        db.session.commit()
    return person


def somebody(
    name: str, *, roles: tuple[str, ...] = (), home: District | None = None, register_id: str = ""
) -> User:
    """A new account with a confirmed address; verified and on the roll if it has a home."""
    address = f"{name.lower().replace(' ', '.')}@example.org"
    person = create_account(address, name, None, at=clock.now(), roles=roles)
    person.password = _password_hash()
    db.session.flush()
    if home is not None:
        verify(person, home, register_id or f"REG {name}")
    return person


def verify(person: User, home: District, register_id: str) -> None:
    """What a clerk's confirmation does: a residency, and an entry of the roll."""
    at = clock.now()
    residency = confirm_residency(person, register_id, home, by=None, at=at)
    key = residency.person_key
    if db.session.scalar(select(RollEntry).where(RollEntry.person_key == key)) is None:
        db.session.add(RollEntry(person_key=key, district_id=home.id, entered_at=at))
        db.session.flush()


def district(name: str) -> District:
    """A district of the tests' town: Riverside, Hillside, or another name."""
    found = db.session.scalar(select(District).where(District.name == name))
    if found is None:
        found = District(ref=name.lower(), name=name, population=12_000, position=ord(name[0]))
        db.session.add(found)
        db.session.flush()
    return found


def sign_in(client: BrowserLikeClient, person: User, *, confirmed: bool = True) -> None:
    """Makes the client that person's: a session as signing in leaves it, without the hashing.

    As if a second factor had been shown, unless `confirmed` is False.
    """
    uniquifier = person.fs_uniquifier
    token = _token(client, person, confirmed)
    db.session.commit()
    with client.session_transaction() as session:
        session.clear()
        session["_user_id"] = uniquifier
        session["_fresh"] = True
        session["fs_cc"] = "set"
        session["fs_paa"] = clock.now().timestamp()
        session["token"] = token


def _token(client: BrowserLikeClient, person: User, confirmed: bool) -> str:
    """A living session of this person for this client: walks sign in for every single page."""
    token = client.tokens.get((person.id, confirmed), "")
    if not token or queries.signed_in_with(token, person.fs_uniquifier, clock.now()) is None:
        token = begin_session(person, "Firefox/Linux", confirmed=confirmed, at=clock.now())
        client.tokens[person.id, confirmed] = token
    return token


def sign_in_on_page(page: Page, person: User, then: str) -> None:
    """Signs in with the form, in a browser, and arrives at `then`; staff with a code, too.

    Ends the test's own transaction first, which would hold up the server's: read what you need of
    rows before you call this.
    """
    email = person.email
    code = code_for(person) if person.roles else ""
    db.session.commit()
    page.goto(f"/login?next={then}")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    if code:
        page.get_by_label("Code from your app").fill(code)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{then}")


def carry_session(client: BrowserLikeClient, page: Page, origin: str) -> None:
    """Makes the browser whom the client is, without a form. Ends the test's own transaction."""
    db.session.commit()
    session = client.get_cookie("purse")
    page.context.clear_cookies()
    if session is not None:
        page.context.add_cookies([{"name": "purse", "value": session.value, "url": origin}])


def code_for(person: User) -> str:
    """What the app of somebody shows now, in the tests' world; it is set up where it is missing."""
    factor, at = queries.second_factor_of(person.id), clock.now()
    if factor is None or factor.app_secret is None:
        give_app(person, sealed_from(APP_KEY), at=at)
    used = factor.last_counter if factor else 0
    return code_at(APP_KEY, max(int(at.timestamp()) // SECONDS, used + 1))


def sign_out(client: BrowserLikeClient) -> None:
    """Makes the client nobody's."""
    with client.session_transaction() as session:
        session.clear()


@cache
def _password_hash() -> str:
    """The hash of everybody's password, made once per process: making one is meant to be slow."""
    return str(hash_password(PASSWORD))
