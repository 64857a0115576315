"""Who may do what with accounts, residencies and roles; and the sentences when not."""

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import gettext

from accounts import queries, second_factors
from accounts.models import Residency, User
from core.actors import Actor, acts_as
from core.refusals import Refusal
from districts.models import District

NEEDED = 2  # administrators, so that one can confirm what the other asks for


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


def why_not_be_verified(user: User) -> Refusal | None:
    """Whether this person may still show who she is, by a way that she walks herself."""
    if queries.residency_of(user.id) is None:
        return None
    return Refusal(
        "verified_already",
        409,
        gettext("You are confirmed as a resident already. Nothing was changed."),
        gettext("You may vote. If you moved, bring a document to the town hall."),
        next_url="/account",
        next_label=gettext("To my ballot papers"),
    )


def why_not_move_residency(
    actor: Actor | None,
    user: User,
    residency: Residency | None,
    at: datetime,  # noqa: ARG001  (every permission is asked for a moment)
) -> Refusal | None:
    """Whether this actor may enter another district for this person."""
    refusal = why_not_look_after_residents(actor) or why_not_self(actor, user)
    if refusal is not None or residency is not None:
        return refusal
    return Refusal(
        "not_confirmed",
        409,
        gettext("This person is not confirmed as a resident yet."),
        gettext("Confirm that first."),
    )


def why_not_take_residency_back(actor: Actor | None, residency: Residency | None) -> Refusal | None:
    """Whether this actor may say that an account is not the person it was confirmed as."""
    refusal = why_not_look_after_residents(actor)
    if refusal is not None:
        return refusal
    if residency is not None:
        return why_not_self(actor, residency.user)
    return Refusal(
        "nobody_confirmed",
        409,
        gettext("No account is confirmed as this person. Nothing was changed."),
        gettext("Look at the number again."),
    )


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
    """Two administrators do it together, so that there must be two."""
    if not acts_as(actor, "administrator"):
        sentence = gettext("Only administrators give and take roles.")
        return Refusal("not_an_administrator", 403, sentence)
    if queries.holders_of("administrator") >= NEEDED:
        return None
    return Refusal(
        "only_administrator",
        409,
        gettext("You are the only administrator, and roles need two. Nothing was changed."),
        gettext("Ask those who run this server to make a second administrator."),
    )


def why_not_give_role(actor: Actor | None, user: User, role: str) -> Refusal | None:
    refusal = why_not_change_roles(actor)
    if refusal is not None:
        return refusal
    if user.confirmed_at is None:
        return address_of_resident_not_confirmed()
    if user.holds_role(role):
        return Refusal("has_role", 409, gettext("This person has the role already."))
    return None


def why_not_take_role(actor: Actor | None, user: User, role: str) -> Refusal | None:
    """The last two administrators stay: it takes two to make another."""
    if acts_as(actor, "administrator") and role == "administrator" and user.has_role(role):
        left = queries.holders_of("administrator") - 1
        if left < NEEDED:
            return last_administrator() if left == 0 else last_two_administrators()
    refusal = why_not_change_roles(actor)
    if refusal is not None:
        return refusal
    if not user.holds_role(role):
        return Refusal("has_no_such_role", 409, gettext("This person does not have the role."))
    return None


def why_not_remove_factor(person: User, *, needed: Sequence[str]) -> Refusal | None:
    """Who works here keeps one second factor at least."""
    if not any(map(person.holds_role, needed)) or queries.factors_of(person.id) > 1:
        return None
    return second_factors.last_second_factor()


def why_not_make_recovery_codes(person: User) -> Refusal | None:
    if queries.has_second_factor(person.id):
        return None
    return second_factors.nothing_to_recover()


def why_not_reset_factor(actor: Actor | None, person: User) -> Refusal | None:
    """An administrator takes another person's lost factor away."""
    refusal = why_not_change_roles(actor)
    if refusal is not None:
        return refusal
    if actor is not None and actor.id == person.id:
        return second_factors.own_second_factor()
    if not queries.has_second_factor(person.id):
        return second_factors.nothing_to_reset()
    return None


def last_administrator() -> Refusal:
    return Refusal(
        "last_administrator",
        409,
        gettext("This is the last administrator. Without one, nobody could give roles any more."),
        gettext("Make somebody else an administrator first."),
    )


def last_two_administrators() -> Refusal:
    return Refusal(
        "last_two_administrators",
        409,
        gettext("There are only two administrators, and it takes two to give roles."),
        gettext("Make somebody else an administrator first."),
    )


def no_such_account() -> Refusal:
    sentence = gettext("There is no such account any more. Nothing was changed.")
    return Refusal("no_such_account", 409, sentence)


def why_not_erase_account(actor: Actor | None, user: User) -> Refusal | None:
    """Herself, or an administrator whom she asked; nobody who still holds a role."""
    own = actor is not None and actor.is_authenticated and actor.id == user.id
    if not own and not acts_as(actor, "administrator"):
        sentence = gettext("Only the person herself or an administrator erases an account.")
        return Refusal("not_yours", 403, sentence)
    if not user.roles:
        return None
    return Refusal(
        "holds_roles",
        409,
        gettext("This account holds a role of the town, so it cannot be erased. Nothing changed."),
        gettext("Two administrators take the roles away first."),
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
        gettext(
            "If another account stands in this person's name, take its confirmation back under"
            " “Confirm residents”; or note the name and write to %(contact)s.",
            contact=contact,
        ),
    )


def taken_by_another() -> Refusal:
    """The same to a person herself: neutral, with the office that can look into it."""
    contact = current_app.config["SETTINGS"].contact_email
    return Refusal(
        "person_taken",
        409,
        gettext("This entry of the register cannot be tied to your account. Nothing was changed."),
        gettext(
            "Come to the town hall with a document, or write to %(contact)s. A letter's code"
            " still opens your ballot papers without an account.",
            contact=contact,
        ),
    )


def address_of_resident_not_confirmed() -> Refusal:
    return Refusal(
        "address_not_confirmed",
        409,
        gettext("This account's e-mail address is not confirmed yet. Nothing was changed."),
        gettext("Ask the person to open the link in the mail that we sent."),
    )
