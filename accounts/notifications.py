"""Mails about an account.

Most are written by a job, which looks the account up itself: so asking for a mail costs the same
whether there is an account or not, no link waits in the outbox, and a mail server that is down
breaks nobody's registration.
"""

from datetime import datetime
from typing import Any

from flask import current_app, render_template
from flask_babel import gettext

from accounts import links
from accounts.models import User
from core import jobs, mail
from core.i18n import moment

JOB = "accounts.mail"


def ask_for(kind: str, address: str, *, at: datetime, locale: str, **facts: str) -> None:
    """Has a mail written to the owner of the address, once the current transaction is done."""
    jobs.enqueue(JOB, at, kind=kind, address=address, locale=locale, **facts)


def send(kind: str, person: User, *, at: datetime, **facts: str) -> None:
    """Writes and sends one mail now; for the worker."""
    kind = _kind_for(kind, person)
    context: dict[str, Any] = {
        "person": person,
        "at": moment(at),
        "sign_in_url": whole_url("security.login"),
        "forgot_url": whole_url("accounts.passwords.forgot"),
        "residency_url": whole_url("accounts.residency.show"),
        **facts,
    }
    if kind in {"confirm_address", "reset_password"}:
        purpose = links.CONFIRM if kind == "confirm_address" else links.RESET
        context |= {"link": link_for(person, purpose), "hours": links.GOOD_FOR[purpose] // 3600}
    body = render_template(f"accounts/mail/{kind}.txt", **context)
    mail.send_now(person.email, _subject(kind), body)


def link_for(person: User, purpose: str) -> str:
    """The whole address of the page behind a mail's link."""
    mark = links.mark_of(person.fs_uniquifier, person.email)
    token = links.write_token(current_app.config["SECRET_KEY"], purpose, person.ref, mark)
    endpoints = {
        links.CONFIRM: "accounts.registration.confirmation",
        links.RESET: "accounts.passwords.reset",
    }
    return whole_url(endpoints[purpose], token=token)


def whole_url(endpoint: str, **values: str) -> str:
    """An address for a mail: under PUBLIC_URL, never under what a request named as host."""
    path = current_app.url_map.bind("localhost").build(endpoint, values)
    return f"{current_app.config['SETTINGS'].public_url}{path}"


def _kind_for(kind: str, person: User) -> str:
    """What the owner needs to read, given what her account is like."""
    if kind not in {"registered", "confirm"}:
        return kind
    return "confirm_address" if person.confirmed_at is None else "has_account"


def _subject(kind: str) -> str:
    site = current_app.config["SETTINGS"].site_name
    subjects = {
        "confirm_address": gettext("Confirm your e-mail address for %(site)s", site=site),
        "has_account": gettext("You have an account at %(site)s", site=site),
        "reset_password": gettext("Choose a new password for %(site)s", site=site),
        "password_changed": gettext("Your password at %(site)s was changed", site=site),
        "second_factor_changed": gettext("Your second factor at %(site)s was changed", site=site),
        "second_factor_locked": gettext(
            "Somebody tried codes for your account at %(site)s", site=site
        ),
        "recovery_code_used": gettext("A recovery code was used at %(site)s", site=site),
        "residency_confirmed": gettext("You may vote at %(site)s", site=site),
        "residency_taken_back": gettext("You cannot vote at %(site)s any more", site=site),
    }
    return subjects[kind]
