"""A lost second factor is taken away by two administrators: one asks, another confirms.

Whoever could do it alone could become anybody whose password she has found out.
"""

from datetime import datetime

from flask import url_for
from flask_babel import get_locale, gettext

from accounts import notifications, permissions, queries
from accounts.models import User
from accounts.services.second_factors import reset
from core.actors import Actor
from core.approvals import Approval, TwoPersonAct
from core.refusals import Refusal

RESET_FACTOR = "reset_second_factor"


def factor_act() -> TwoPersonAct:
    """The act, for the room's front door."""
    return TwoPersonAct(
        RESET_FACTOR, "administrator", _words, _factors_now, _why_not, _carry_out, _page
    )


def _words(approval: Approval) -> str:
    person = _person(approval)
    name = person.display_name if person else gettext("somebody who has left")
    return gettext("Take the lost second factor of %(name)s away.", name=name)


def _factors_now(approval: Approval) -> list[str]:
    """What would be taken away; what is set up meanwhile is not what was lost."""
    person = _person(approval)
    if person is None:
        return []
    factor = queries.second_factor_of(person.id)
    app = [str(factor.app_since)] if factor is not None and factor.app_secret else []
    return app + [row.ref for row in queries.passkeys_of(person.id)]


def _why_not(actor: Actor | None, approval: Approval, _at: datetime) -> Refusal | None:
    person = _person(approval)
    if person is None:
        return permissions.no_such_account()
    return permissions.why_not_reset_factor(actor, person)


def _carry_out(approval: Approval, by: Actor, at: datetime) -> None:
    person = _person(approval)
    if person is not None:
        reset(person, by=by, at=at)
        locale = str(get_locale())
        notifications.ask_for("second_factor_changed", person.email, at=at, locale=locale)


def _page(approval: Approval) -> str:
    return url_for("accounts.admin.people.show", ref=approval.ref_of_subject)


def _person(approval: Approval) -> User | None:
    return queries.account_by_ref(approval.ref_of_subject)
