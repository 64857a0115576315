"""Roles are given and taken by two administrators: one asks, another confirms."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from accounts import permissions, queries
from accounts.models import User
from accounts.roles import role_word
from accounts.services.roles import LastAdministrator, give_role, take_role
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.refusals import Refusal, refuse

GIVE_ROLE, TAKE_ROLE = "give_role", "take_role"


def role_acts() -> tuple[TwoPersonAct, TwoPersonAct]:
    """The two acts, for the room's front door."""
    give = TwoPersonAct(
        GIVE_ROLE, "administrator", _words_to_give, _roles_now, _why_not_give, _give, _page
    )
    take = TwoPersonAct(
        TAKE_ROLE, "administrator", _words_to_take, _roles_now, _why_not_take, _take, _page
    )
    return give, take


def _words_to_give(approval: Approval) -> str:
    return gettext(
        "Give a role: %(name)s becomes %(role)s.", name=_name(approval), role=_role(approval)
    )


def _words_to_take(approval: Approval) -> str:
    return gettext(
        "Take a role away: %(name)s is no longer %(role)s.",
        name=_name(approval),
        role=_role(approval),
    )


def _roles_now(approval: Approval) -> list[str]:
    person = _person(approval)
    return sorted(role.name for role in person.roles) if person else []


def _why_not_give(actor: Actor | None, approval: Approval, _at: datetime) -> Refusal | None:
    person = _person(approval)
    if person is None:
        return permissions.no_such_account()
    return permissions.why_not_give_role(actor, person, approval.details["role"])


def _why_not_take(actor: Actor | None, approval: Approval, _at: datetime) -> Refusal | None:
    person = _person(approval)
    if person is None:
        return permissions.no_such_account()
    return permissions.why_not_take_role(actor, person, approval.details["role"])


def _give(approval: Approval, by: Actor, at: datetime) -> None:
    person = _person(approval)
    if person is not None:
        give_role(person, approval.details["role"], by=by, at=at)


def _take(approval: Approval, by: Actor, at: datetime) -> None:
    person = _person(approval)
    try:
        if person is not None:
            take_role(person, approval.details["role"], by=by, at=at)
    except LastAdministrator:
        refuse(permissions.last_administrator())


def _page(approval: Approval) -> str:
    return url_for("accounts.admin.people.show", ref=approval.ref_of_subject)


def _person(approval: Approval) -> User | None:
    return queries.account_by_ref(approval.ref_of_subject)


def _name(approval: Approval) -> str:
    person = _person(approval)
    return person.display_name if person else gettext("somebody who has left")


def _role(approval: Approval) -> str:
    return role_word(approval.details["role"])
