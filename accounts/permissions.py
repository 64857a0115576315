"""Who may do what with accounts, residencies and roles; and the sentences when not."""

from datetime import datetime

from flask import current_app
from flask_babel import gettext

from accounts import queries
from accounts.models import Residency, User
from core.actors import Actor, acts_as
from core.refusals import Refusal
from districts.models import District


def why_not_confirm_residency(
    actor: Actor | None,
    user: User,
    person_key: str,
    district: District,  # noqa: ARG001  (where she lives bars nobody; it is part of the act)
    at: datetime,  # noqa: ARG001  (every permission is asked for a moment)
) -> Refusal | None:
    """Whether this actor may say that this account is this person, who lives there."""
    refusal = why_not_look_after_residents(actor) or why_not_self(actor, user)
    if refusal is not None:
        return refusal
    if user.confirmed_at is None:
        return address_of_resident_not_confirmed()
    if queries.residency_of(user.id) is not None:
        return confirmed_already()
    if queries.residency_with(person_key) is not None:
        return person_taken()
    return None


def why_not_move_residency(
    actor: Actor | None,
    user: User,
    residency: Residency | None,
    at: datetime,  # noqa: ARG001  (every permission is asked for a moment)
) -> Refusal | None:
    """Whether this actor may enter another district for this person."""
    refusal = why_not_look_after_residents(actor) or why_not_self(actor, user)
    if refusal is not None:
        return refusal
    if residency is None:
        return Refusal(
            "not_confirmed",
            409,
            gettext("This person is not confirmed as a resident yet."),
            gettext("Confirm that first."),
        )
    return None


def why_not_look_after_residents(actor: Actor | None) -> Refusal | None:
    if acts_as(actor, "clerk"):
        return None
    return Refusal("not_a_clerk", 403, gettext("Only clerks confirm residents."))


def why_not_self(actor: Actor | None, user: User) -> Refusal | None:
    """Nobody confirms herself."""
    if actor is None or actor.id != user.id:
        return None
    return Refusal(
        "own_residency",
        403,
        gettext("Nobody can confirm herself."),
        gettext("Ask another clerk to do it."),
    )


def why_not_change_roles(actor: Actor | None) -> Refusal | None:
    if acts_as(actor, "administrator"):
        return None
    return Refusal("not_an_administrator", 403, gettext("Only administrators give and take roles."))


def why_not_give_role(actor: Actor | None, user: User, role: str) -> Refusal | None:
    refusal = why_not_change_roles(actor)
    if refusal is not None:
        return refusal
    if user.confirmed_at is None:
        return address_of_resident_not_confirmed()
    if user.has_role(role):
        return Refusal("has_role", 409, gettext("This person has the role already."))
    return None


def why_not_take_role(actor: Actor | None, user: User, role: str) -> Refusal | None:
    """The last administrator stays one: nobody could make another."""
    refusal = why_not_change_roles(actor)
    if refusal is not None:
        return refusal
    if not user.has_role(role):
        return Refusal("has_no_such_role", 409, gettext("This person does not have the role."))
    if role == "administrator" and queries.holders_of("administrator") <= 1:
        return last_administrator()
    return None


def last_administrator() -> Refusal:
    return Refusal(
        "last_administrator",
        409,
        gettext("This is the last administrator. Without one, nobody could give roles any more."),
        gettext("Make somebody else an administrator first."),
    )


def confirmed_already() -> Refusal:
    return Refusal(
        "confirmed_already",
        409,
        gettext("This person is confirmed as a resident already. Nothing was changed."),
        gettext("To enter another district, use “Change the district”."),
    )


def person_taken() -> Refusal:
    """Says that it cannot be done, and not whose the other account is."""
    contact = current_app.config["SETTINGS"].contact_email
    return Refusal(
        "person_taken",
        409,
        gettext("This entry of the register cannot be tied to this account."),
        gettext("Note the name of the person and write to %(contact)s.", contact=contact),
    )


def address_of_resident_not_confirmed() -> Refusal:
    return Refusal(
        "address_not_confirmed",
        409,
        gettext("This account's e-mail address is not confirmed yet. Nothing was changed."),
        gettext("Ask the person to open the link in the mail that we sent."),
    )
