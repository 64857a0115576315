"""The menus: what the public sees on every page, and what staff see in theirs."""

from dataclasses import dataclass

from flask import current_app, request, url_for
from flask_babel import gettext
from flask_login import current_user

from core import access


@dataclass(frozen=True)
class Item:
    """One entry of a menu."""

    label: str
    url: str
    current: bool


def menu() -> list[Item]:
    """The public menu, the same on every page."""
    entries = (
        (gettext("Budget rounds"), "transparency.rounds.index", "transparency."),
        (gettext("Proposals"), "proposals.index", "proposals."),
        (gettext("Roundtables"), "forums.roundtables.index", "forums."),
        (gettext("Meetings"), "engagement.index", "engagement."),
        (gettext("How it works"), "app.how_it_works", "app.how_it_works"),
    )
    return [_item(label, endpoint, room) for label, endpoint, room in entries if _exists(endpoint)]


def account_menu() -> list[Item]:
    """The way in, or to what is one's own."""
    if not current_user.is_authenticated:
        entries = [(gettext("Sign in"), "security.login")]
    else:
        entries = [(gettext("My account"), "accounts.account.show")]
        if current_user.roles:
            entries.insert(0, (gettext("Staff"), "app.staff_home"))
    return [_item(label, endpoint, endpoint) for label, endpoint in entries if _exists(endpoint)]


def foot() -> list[Item]:
    """What stands at the foot of every page."""
    entries = (
        (gettext("About"), "app.about"),
        (gettext("How it works"), "app.how_it_works"),
        (gettext("Check a receipt"), "voting.receipts.check"),
        (gettext("Moderation log"), "forums.moderation.log"),
        (gettext("Accessibility"), "app.accessibility"),
    )
    return [_item(label, endpoint, endpoint) for label, endpoint in entries if _exists(endpoint)]


def staff_menu() -> list[Item]:
    """What this member of staff may open, in the order of the work."""
    entries = (
        (gettext("Staff home"), "app.staff_home"),
        (gettext("Confirm residents"), "accounts.admin.residents.index"),
        (gettext("Budget rounds"), "voting.rounds.index"),
        (gettext("Reviews"), "proposals.admin.reviews"),
        (gettext("Reports"), "forums.moderation.reports"),
        (gettext("Open a roundtable"), "forums.roundtables.new"),
        (gettext("Plan a meeting"), "engagement.admin.new"),
        (gettext("People and roles"), "accounts.admin.people.index"),
        (gettext("Districts"), "districts.admin.index"),
    )
    return [
        _item(label, endpoint, endpoint.rpartition(".")[0] + ".")
        for label, endpoint in entries
        if _may_open(endpoint)
    ]


def _item(label: str, endpoint: str, prefix: str) -> Item:
    return Item(label, url_for(endpoint), (request.endpoint or "").startswith(prefix))


def _exists(endpoint: str) -> bool:
    return endpoint in current_app.view_functions


def _may_open(endpoint: str) -> bool:
    needed = access.declared(current_app, endpoint)
    if needed is None:
        return False
    return any(current_user.has_role(role) for role in needed.roles)
