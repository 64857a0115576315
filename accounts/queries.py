"""Who is who: look-ups of accounts, roles and residencies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, false, func, select
from sqlalchemy.orm import joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from accounts.models import (
    AccountSession,
    Passkey,
    RecoveryCode,
    Residency,
    Role,
    SecondFactor,
    User,
    user_role,
)
from accounts.sessions import hash_of, last_day_unused
from core import approvals, search
from core.actors import Actor
from core.approvals import Approval
from core.database import Base, db
from core.paging import Page, keyset_page
from core.refusals import Refusal

# Every page of somebody who is signed in asks this, and every cast: it is put together once.
_SIGNED_IN = (
    select(
        User,
        AccountSession.confirmed,
        AccountSession.seen_on,
        exists().where(user_role.c.user_id == User.id),
    )
    .join(AccountSession, AccountSession.user_id == User.id)
    .where(
        AccountSession.token_sha256 == bindparam("token"),
        AccountSession.ends_at > bindparam("at"),
        AccountSession.seen_on >= bindparam("unused"),
        User.fs_uniquifier == bindparam("mark"),
        User.active,
    )
    .options(lazyload(User.roles))
)


class SignedIn(NamedTuple):
    """Somebody in her living session: was a second factor shown, and when was it last noted."""

    person: User
    confirmed: bool
    seen_on: date


def account(user_id: int) -> User:
    """The account of somebody who is signed in."""
    return db.session.get_one(User, user_id)


def account_or_none(user_id: int | None) -> User | None:
    """An account that may have been erased since."""
    return db.session.get(User, user_id) if user_id is not None else None


def account_by_ref(ref: str) -> User | None:
    return db.session.scalar(select(User).where(User.ref == ref))


def account_marked(mark: str) -> User | None:
    """The account of a session's mark, unless it was closed."""
    return db.session.scalar(select(User).where(User.fs_uniquifier == mark, User.active))


def account_by_address(address: str, *, for_update: bool = False) -> User | None:
    """The account of a normalised e-mail address; locked where what follows depends on it."""
    query = select(User).where(User.email == address)
    return db.session.scalar(query.with_for_update(of=User) if for_update else query)


def signed_in_with(token: str, mark: str, at: datetime) -> SignedIn | None:
    """Whose living session this token is, in one query: every page of theirs asks it.

    Most people have no roles. Of those who have, they are read once a page asks for them.
    """
    asked = {"token": hash_of(token), "mark": mark, "at": at, "unused": last_day_unused(at)}
    row = db.session.execute(_SIGNED_IN, asked).first()
    if row is None:
        return None
    person, confirmed, seen_on, has_roles = row
    if not has_roles:
        set_committed_value(person, "roles", [])
    return SignedIn(person, confirmed, seen_on)


def sessions_of(user_id: int, at: datetime) -> Sequence[AccountSession]:
    """Where somebody is signed in, the newest first."""
    found = select(AccountSession).where(
        AccountSession.user_id == user_id,
        AccountSession.ends_at > at,
        AccountSession.seen_on >= last_day_unused(at),
    )
    order = AccountSession.started_on.desc(), AccountSession.ref
    return db.session.scalars(found.order_by(*order)).all()


def second_factor_of(user_id: int, *, for_update: bool = False) -> SecondFactor | None:
    """What this account shows beside its password; locked where a try is counted."""
    query = select(SecondFactor).where(SecondFactor.user_id == user_id)
    if for_update:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def passkeys_of(user_id: int) -> Sequence[Passkey]:
    """The passkeys of an account, the oldest first."""
    query = select(Passkey).where(Passkey.user_id == user_id).order_by(Passkey.id)
    return db.session.scalars(query).all()


def passkey_with(user_id: int, credential_id: str) -> Passkey | None:
    """A passkey, if it is this account's."""
    return db.session.scalar(
        select(Passkey).where(Passkey.user_id == user_id, Passkey.credential_id == credential_id)
    )


def passkey_by_ref(user_id: int, ref: str) -> Passkey | None:
    return db.session.scalar(select(Passkey).where(Passkey.user_id == user_id, Passkey.ref == ref))


def recovery_codes_left(user_id: int) -> int:
    count = select(func.count()).select_from(RecoveryCode)
    return db.session.scalar(count.where(RecoveryCode.user_id == user_id)) or 0


def has_second_factor(user_id: int) -> bool:
    """Whether anything is asked of this account beside its password."""
    return factors_of(user_id) > 0


def factors_of(user_id: int) -> int:
    """How many there are: the app, and each passkey."""
    apps = select(func.count()).select_from(SecondFactor)
    apps = apps.where(SecondFactor.user_id == user_id, SecondFactor.app_secret.is_not(None))
    keys = select(func.count()).select_from(Passkey).where(Passkey.user_id == user_id)
    both = apps.scalar_subquery() + keys.scalar_subquery()
    return db.session.scalar(select(both)) or 0


def has_left_traces(person: User) -> bool:
    """Whether anything points to this account: a role, a residency, whatever she wrote or did.

    Asked of every table, so that a room that comes later is asked too.
    """
    pointing = [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "user.id" for key in column.foreign_keys)
    ]
    return any(
        db.session.scalar(select(exists().where(column == person.id))) for column in pointing
    )


def residency_of(user_id: int) -> Residency | None:
    """What a clerk confirmed about this account, read afresh each time."""
    return db.session.scalar(select(Residency).where(Residency.user_id == user_id))


def residency_with(person_key: str) -> Residency | None:
    """The residency of this person of the register, whichever account holds it."""
    return db.session.scalar(select(Residency).where(Residency.person_key == person_key))


def holders_of(role: str) -> int:
    """How many people hold a role."""
    held = select(func.count()).select_from(user_role).join(Role, Role.id == user_role.c.role_id)
    return db.session.scalar(held.where(Role.name == role)) or 0


def role_named(name: str) -> Role | None:
    return db.session.scalar(select(Role).where(Role.name == name))


def accounts_found(typed: str, cursor: tuple[str, int] | None) -> Page[User]:
    """Confirmed accounts whose name or address has all the words, by name."""
    ids = search.matching("account", typed)
    found = select(User).where(User.confirmed_at.is_not(None))
    found = found.where(User.id.in_(ids) if ids is not None else false())
    return keyset_page(found, (User.display_name, User.id), cursor, _by_name)


def people_with_roles(cursor: tuple[str, int] | None) -> Page[User]:
    """Everybody who works here, by name."""
    found = select(User).where(User.id.in_(select(user_role.c.user_id)))
    return keyset_page(found, (User.display_name, User.id), cursor, _by_name)


def confirmed_lately(cursor: tuple[int] | None) -> Page[Residency]:
    """Residencies with their accounts, the last one first."""
    found = select(Residency).options(joinedload(Residency.user))
    return keyset_page(
        found, (Residency.id,), cursor, lambda residency: (residency.id,), descending=True
    )


def homes_of(people: Iterable[User]) -> dict[int, int]:
    """District ids by account id, of those among these people who are confirmed residents."""
    ids = [person.id for person in people]
    query = select(Residency.user_id, Residency.district_id).where(Residency.user_id.in_(ids))
    return {row.user_id: row.district_id for row in db.session.execute(query)}


def _by_name(person: User) -> tuple[str, int]:
    return person.display_name, person.id


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    """The names of these accounts, by id; who has left has none."""
    query = select(User.id, User.display_name).where(User.id.in_({each for each in ids if each}))
    return {row.id: row.display_name for row in db.session.execute(query)}


@dataclass(frozen=True)
class Request:
    """What waits for a second person.

    What would be done, and what that changes in particular; who asked, whether this reader can
    confirm it, and where to look at it.
    """

    approval: Approval
    words: str
    particulars: list[str]
    asker: str
    refusal: Refusal | None
    url: str


def requests_about(subject: str, actor: Actor | None, at: datetime) -> list[Request]:
    """What waits for a second person about this, for the page that shows it."""
    waiting = approvals.waiting_for_office(actor, at)
    return requests([each for each in waiting if each.subject == subject], actor, at)


def requests(waiting: Iterable[Approval], actor: Actor | None, at: datetime) -> list[Request]:
    """These requests as this reader sees them."""
    found = list(waiting)
    names = names_of([each.asked_by_id for each in found])
    words = [approvals.act_of(each).words(each).splitlines() for each in found]
    return [
        Request(
            approval=each,
            words=said[0],
            particulars=said[1:],
            asker=names.get(each.asked_by_id or 0, ""),
            refusal=approvals.why_not_confirm(actor, each, at),
            url=approvals.act_of(each).page(each),
        )
        for each, said in zip(found, words, strict=True)
    ]
